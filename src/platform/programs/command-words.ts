/** Splits a command line into words. Single or double quotes enclose a word with spaces. */
export function commandWords(line: string): string[] {
  return Array.from(
    line.matchAll(/"([^"]*)"|'([^']*)'|[^\s"']+/g),
    ([word, double, single]) => double ?? single ?? word,
  );
}
