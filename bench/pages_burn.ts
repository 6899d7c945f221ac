/** A thread of the bench of pages that keeps one core as busy as a scan does. */

const text = new TextEncoder().encode("const key = 'value'; ".repeat(50_000));
const pattern = /(?:key|token)\s*=\s*'([a-z]{5,})'/g;
let found = 0;
setInterval(() => {
  for (const until = performance.now() + 200; performance.now() < until;) {
    found += [...new TextDecoder().decode(text).matchAll(pattern)].length;
  }
}, 0);
