/** Returns the number of characters as Go counts: code points, and bytes that are not UTF-8. */
export function runeCount(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    if (isSurrogate(text.charCodeAt(i), 0xd800) && isSurrogate(text.charCodeAt(i + 1), 0xdc00)) {
      count--;
      i++;
    }
  }
  return count;
}

function isSurrogate(unit: number, first: 0xd800 | 0xdc00): boolean {
  return unit >= first && unit < first + 0x400;
}

/** Pads `text` with spaces on the left to `width` characters, as `%10s` in Go's fmt does. */
export function padLeft(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - runeCount(text))) + text;
}
