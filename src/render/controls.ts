/**
 * Control characters other than tab, newline and form feed, C1 and DEL included, also as bytes that
 * are not UTF-8 (U+DC80 to U+DC9F stand for those, unless they are half of a pair); and
 * the marks that change the direction of text. Names in a profile come from outside, and
 * must neither steer the terminal that shows them nor look like something else.
 */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\x00-\x08\x0b\x0d-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|(?<![\ud800-\udbff])[\udc80-\udc9f]/g;

/** `text` with such characters written out, as `\x1b` or `\u202e`. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, (control) => {
    const code = control.charCodeAt(0);
    if (code >= 0xdc80 && code <= 0xdc9f) return `\\x${(code & 0xff).toString(16)}`;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
