/** Lines that a word stands for. */
export type Shortcuts = ReadonlyMap<string, readonly string[]>;

/**
 * pprof's shortcuts: `:` clears the filters, and the type of a sample value selects it,
 * itself or (with `total_` and `mean_`) its sum or its mean.
 */
export function shortcutsFor(sampleTypes: readonly string[]): Shortcuts {
  const shortcuts = new Map<string, readonly string[]>([
    [":", ["focus=", "ignore=", "hide=", "tagfocus=", "tagignore="]],
  ]);
  for (const type of sampleTypes) {
    const select = `sample_index=${type}`;
    shortcuts.set(type, [select]);
    shortcuts.set(`total_${type}`, ["mean=0", select]);
    shortcuts.set(`mean_${type}`, ["mean=1", select]);
  }
  return shortcuts;
}
