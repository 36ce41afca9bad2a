/**
 * Control characters other than tab and newline, C1 and DEL included: names in a
 * profile come from outside, and must not steer the terminal that shows them.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** `text` with control characters written out, such as `\x1b`. */
export function withoutControls(text: string): string {
  return text.replace(
    CONTROLS,
    (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
