/** The lines that each shortcut expands to. */
export type Shortcuts = ReadonlyMap<string, readonly string[]>;

/** Returns pprof's shortcuts: `:` clears filters; `X`, `total_X`, `mean_X` select a sample type. */
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
