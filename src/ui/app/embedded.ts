import { type PartName, partId } from "../../page/single-file-parts.js";

/** Returns whether this page is a file with an embedded profile. */
export function isSingleFile(): boolean {
  return document.getElementById(partId("session")) !== null;
}

/** Returns the bytes of an embedded part. Throws a one-line Error if the file is damaged. */
export function partBytes(name: PartName): Uint8Array<ArrayBuffer> {
  const text = document.getElementById(partId(name))?.textContent;
  if (!text) throw new Error(`this file is damaged: its part “${name}” is missing`);
  try {
    return Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  } catch {
    throw new Error(`this file is damaged: its part “${name}” is not readable`);
  }
}

/** Returns an embedded compressed text. Rejects with a one-line Error if the file is damaged. */
export async function partText(name: PartName): Promise<string> {
  const compressed = new Blob([partBytes(name)]).stream();
  try {
    return await new Response(compressed.pipeThrough(new DecompressionStream("gzip"))).text();
  } catch {
    throw new Error(`this file is damaged: its part “${name}” is not readable`);
  }
}
