/** A growing list of integers without an object per item. */

export interface Numbers {
  readonly length: number;
  push(value: number): void;
  at(index: number): number;
  /** Sets an item, however far behind the end; those between become −1. */
  set(index: number, value: number): void;
}

/** An empty list; reading behind its end gives −1. */
export function createNumbers(): Numbers {
  let items = new Int32Array(1024).fill(-1);
  let length = 0;

  function reserve(size: number): void {
    if (size <= items.length) return;
    const larger = new Int32Array(Math.max(size, items.length * 2)).fill(-1);
    larger.set(items);
    items = larger;
  }

  return {
    get length() {
      return length;
    },
    push(value) {
      reserve(length + 1);
      items[length++] = value;
    },
    at: (index) => index < length ? items[index]! : -1,
    set(index, value) {
      reserve(index + 1);
      items[index] = value;
      if (index >= length) length = index + 1;
    },
  };
}
