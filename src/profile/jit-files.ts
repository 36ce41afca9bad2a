/** The map that a runtime writes for perf, an object that `perf inject --jit` writes, or memory. */
const JIT_FILE = new RegExp(
  [
    /(?:^|\/)perf-\d+\.map$/,
    /(?:^|\/)jitted-\d+-\d+\.so$/,
    /^\[JIT\]/,
    /^\/\/anon$/,
    /^\[(?:anon|heap|stack)\b/,
    /^(?:anon_inode:|\/anon_hugepage\b|\/memfd:|\/dev\/zero\b)/,
  ]
    .map(({ source }) => source)
    .join("|"),
);

/**
 * Tests whether the file of a mapping is code that a runtime generated, as perf names it: no linker
 * made it, so its symbols are in the words of the runtime (`py::<module>:/app/app.py`).
 */
export function isJitFile(file: string): boolean {
  return JIT_FILE.test(file);
}
