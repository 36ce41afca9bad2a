import { decodeLzma } from "../../page/lzma.js";
import { type PartName, partId } from "../../page/single-file-parts.js";
import { decodeFromText } from "../../page/text-bytes.js";

/** Larger decompressed parts are damaged. */
const MAX_PART_LENGTH = 2 ** 26;

/** Returns whether this page is a file with an embedded profile. */
export function isSingleFile(): boolean {
  return document.getElementById(partId("session")) !== null;
}

/** Returns the bytes of an embedded part. Throws a one-line Error if the file is damaged. */
export function partBytes(name: PartName): Uint8Array<ArrayBuffer> {
  const text = document.getElementById(partId(name))?.textContent;
  if (!text) throw new Error(`this file is damaged: its part “${name}” is missing`);
  return decodeFromText(text);
}

/** Returns a text compressed with gzip. Rejects with a one-line Error if the file is damaged. */
export async function partText(name: PartName): Promise<string> {
  const compressed = new Blob([partBytes(name)]).stream();
  try {
    return await new Response(compressed.pipeThrough(new DecompressionStream("gzip"))).text();
  } catch {
    throw notReadable(name);
  }
}

/** Returns a part compressed with LZMA. Throws a one-line Error if the file is damaged. */
export function largePart(name: PartName): Uint8Array<ArrayBuffer> {
  const bytes = partBytes(name);
  try {
    return decodeLzma(bytes, MAX_PART_LENGTH);
  } catch {
    throw notReadable(name);
  }
}

function notReadable(name: PartName): Error {
  return new Error(`this file is damaged: its part “${name}” is not readable`);
}

/** The name of a script in a page that is a file. */
export type EmbeddedScript = "app" | "engine" | "graph";

type Scripts = Readonly<Record<EmbeddedScript, string>>;

/** Decompresses the scripts for {@link embeddedScriptUrl}. */
export function readScripts(): void {
  const json = new TextDecoder().decode(largePart("scripts"));
  Object.assign(globalThis, { tsprofScripts: JSON.parse(json) as Scripts });
}

/** Returns the address of a script after {@link readScripts}, which another script may have called. */
export function embeddedScriptUrl(name: EmbeddedScript): string {
  const { tsprofScripts } = globalThis as { tsprofScripts?: Scripts };
  if (!tsprofScripts) throw notReadable("scripts");
  return URL.createObjectURL(new Blob([tsprofScripts[name]], { type: "text/javascript" }));
}
