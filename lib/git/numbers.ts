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
  return new List();
}

class List implements Numbers {
  #items = new Int32Array(1024).fill(-1);
  length = 0;

  push(value: number): void {
    this.#reserve(this.length + 1);
    this.#items[this.length++] = value;
  }

  at(index: number): number {
    return index < this.length ? this.#items[index]! : -1;
  }

  set(index: number, value: number): void {
    this.#reserve(index + 1);
    this.#items[index] = value;
    if (index >= this.length) this.length = index + 1;
  }

  #reserve(size: number): void {
    if (size <= this.#items.length) return;
    const larger = new Int32Array(Math.max(size, this.#items.length * 2)).fill(-1);
    larger.set(this.#items);
    this.#items = larger;
  }
}
