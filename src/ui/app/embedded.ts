import { type PartName, partId } from "../../page/single-file-parts.js";

/** Whether the page holds a profile itself. */
export function isSingleFile(): boolean {
  return document.getElementById(partId("session")) !== null;
}

/** The bytes of a part, as they were embedded. Rejects where the file has lost it. */
export function partBytes(name: PartName): Uint8Array<ArrayBuffer> {
  const text = document.getElementById(partId(name))?.textContent;
  if (!text) throw new Error(`this file is damaged: its part “${name}” is missing`);
  try {
    return Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  } catch {
    throw new Error(`this file is damaged: its part “${name}” is not readable`);
  }
}

/** A part that is text. */
export async function partText(name: PartName): Promise<string> {
  const compressed = new Blob([partBytes(name)]).stream();
  try {
    return await new Response(compressed.pipeThrough(new DecompressionStream("gzip"))).text();
  } catch {
    throw new Error(`this file is damaged: its part “${name}” is not readable`);
  }
}
