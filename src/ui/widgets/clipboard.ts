import { h } from "./elements.js";

/** Copies text to the clipboard; returns whether the browser allows it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyThroughField(text);
  }
}

/** Copies without the Clipboard API, which pages from another machine over plain HTTP lack. */
function copyThroughField(text: string): boolean {
  const before = document.activeElement;
  const field = h("textarea", { readonly: true, "aria-hidden": true, tabindex: -1 });
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
}

/** Copies a file of a type; returns whether the browser allows it. Rejects if `blob` does. */
export async function copyBlob(type: string, blob: Promise<Blob>): Promise<boolean> {
  // The Clipboard API reports neither the reason nor the error of `blob`.
  const made = blob.then(
    () => undefined,
    (error: unknown) => error,
  );
  try {
    await navigator.clipboard.write([new ClipboardItem({ [type]: blob })]);
    return true;
  } catch {
    const error = await made;
    if (error !== undefined) throw error;
    return false;
  }
}

export function downloadBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  // The browser reads the URL later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
