/** Names that programs stumble over: of fields of objects, empty, not ASCII, with syntax in them. */
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

/** Random choices that follow from a seed alone (mulberry32). */
export class Random {
  #state;
  /** Whether numbers may be odd: one in a thousand rows is enough to make an input malformed. */
  #hasOddNumbers;

  constructor(seed) {
    this.#state = seed >>> 0;
    this.#hasOddNumbers = this.chance(0.2);
  }

  /** From 0 up to but not 1. */
  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below `end`. */
  below(end) {
    return Math.floor(this.fraction() * end);
  }

  chance(probability) {
    return this.fraction() < probability;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** From 1 to `most`: each order of magnitude as often as any other. */
  count(most) {
    return Math.max(1, Math.floor(Math.max(1, most) ** this.fraction()));
  }

  /** The text of a number; in some inputs, often an odd one. */
  number() {
    return !this.#hasOddNumbers || this.chance(0.8)
      ? String(this.count(100_000))
      : this.pick(ODD_NUMBERS);
  }

  /** A name, sometimes odd or long; `most`: how many characters a long one has at most. */
  name(most = 100) {
    if (this.chance(0.2)) return this.pick(ODD_NAMES);
    if (this.chance(0.2))
      return this.pick(["x", "ab::", "é", "_Z", "(", " "]).repeat(this.count(most));
    return `f${this.count(1000)}`;
  }

  /**
   * A function for the names of `count` rows: few that repeat, or all different; short, or as long
   * as fits into `size` for all of them.
   */
  names(count, size) {
    const kinds = this.pick([1, 10, Number.POSITIVE_INFINITY]);
    const stem = this.name(this.chance(0.3) ? size / count : 30);
    return (i) => (kinds === 1 ? stem : `${stem}${i % kinds}`);
  }
}
