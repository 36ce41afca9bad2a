/** Names that often cause bugs: properties of objects, empty names, non-ASCII names, syntax. */
const ODD_NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "",
  " ",
  "(root)",
  "(program)",
  "main",
  "a;b",
  'quote"d',
  "line\\nbreak",
  "größe€😀",
  "\u202eright",
  "$build",
  "%s%d",
  "std::vector<int, std::allocator<int> >::push_back",
  "_ZNSt6vectorIiSaIiEE9push_backERKi",
  "node:internal/process",
  "file:///x/%zz.js",
  "/usr/lib/libx.so.1 (deleted)",
  "[vdso]",
];

const ODD_NUMBERS = [
  ...["0", "-0", "1", "-1", "0.5", "2147483647", "4294967296", "9007199254740991"],
  ...["9007199254740993", "9223372036854775807", "-9223372036854775808", "18446744073709551615"],
  ...["1e308", "1e-308", "1e15", "99999999999999999999999999"],
];

/** Makes random choices that depend only on a seed (mulberry32). */
export class Random {
  #state;
  /** Whether numbers may be odd. One odd number in a thousand rows makes an input malformed. */
  #hasOddNumbers;

  constructor(seed) {
    this.#state = seed >>> 0;
    this.#hasOddNumbers = this.chance(0.2);
  }

  /** Returns a number from 0 up to, but not including, 1. */
  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Returns a whole number below `end`. */
  below(end) {
    return Math.floor(this.fraction() * end);
  }

  chance(probability) {
    return this.fraction() < probability;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** Returns a number from 1 to `most`; all orders of magnitude are equally likely. */
  count(most) {
    return Math.max(1, Math.floor(Math.max(1, most) ** this.fraction()));
  }

  /** Returns the text of a number, which is often odd in some inputs. */
  number() {
    return !this.#hasOddNumbers || this.chance(0.8)
      ? String(this.count(100_000))
      : this.pick(ODD_NUMBERS);
  }

  /** Returns a name, sometimes an odd one, or a long one of up to `most` characters. */
  name(most = 100) {
    if (this.chance(0.2)) return this.pick(ODD_NAMES);
    if (this.chance(0.2))
      return this.pick(["x", "ab::", "é", "_Z", "(", " "]).repeat(this.count(most));
    return `f${this.count(1000)}`;
  }

  /**
   * Returns a function that makes names for `count` rows: a few that repeat, or all different;
   * short, or so long that all together have about `size` bytes.
   */
  names(count, size) {
    const kinds = this.pick([1, 10, Number.POSITIVE_INFINITY]);
    const stem = this.name(this.chance(0.3) ? size / count : 30);
    return (i) => (kinds === 1 ? stem : `${stem}${i % kinds}`);
  }
}
