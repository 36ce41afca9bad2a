/** What terminals take for orders, or turn text around with, and JSON leaves as it is. */
const UNSAFE = /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** `text` as JSON has it, with all control characters written out. */
export function jsonText(text: string): string {
  return JSON.stringify(text).replace(
    UNSAFE,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
