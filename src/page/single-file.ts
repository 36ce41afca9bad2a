import { escapeXml } from "../render/xml.js";
import { PARTS, type PartName, partId } from "./single-file-parts.js";

/** What a page that is a file is made of. Hashes are SHA-256 in Base64. */
export interface SingleFile {
  readonly title: string;
  /** The program that starts the page's own; it stands in the page as it is. */
  readonly script: string;
  readonly scriptHash: string;
  /** What else may run or be applied in it: scripts and styles of pages of source. */
  readonly otherScriptHashes: readonly string[];
  readonly styleHashes: readonly string[];
  /** Each as {@link PARTS} says. */
  readonly parts: Readonly<Record<PartName, Uint8Array>>;
  /** Bytes as Base64. */
  encode(bytes: Uint8Array): string;
}

/**
 * The page as HTML, in pieces. It asks for nothing; what it runs is its own program, and
 * whatever is in the profile stays data: nothing of it but the title is markup, and that is
 * escaped.
 */
export function* renderSingleFile(file: SingleFile): Generator<string> {
  yield "<!DOCTYPE html>\n" +
    '<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
    `<meta http-equiv="Content-Security-Policy" content="${policy(file)}">\n` +
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
    '<meta name="color-scheme" content="light dark">\n' +
    '<meta name="referrer" content="no-referrer">\n' +
    `<title>${escapeXml(file.title)} – tsprof</title>\n</head>\n<body>\n` +
    "<noscript>This report is drawn by its own script, and scripts are turned off.</noscript>\n";
  for (const name of PARTS) {
    yield `<script type="text/plain" id="${partId(name)}">`;
    yield file.encode(file.parts[name]);
    yield "</script>\n";
  }
  yield `<script>${inScript(file.script)}</script>\n</body>\n</html>\n`;
}

/** Nothing is fetched from anywhere; all other programs come out of the page (`blob:`). */
function policy({ scriptHash, otherScriptHashes, styleHashes }: SingleFile): string {
  const hashes = (list: readonly string[]) => list.map((hash) => `'sha256-${hash}'`).join(" ");
  return (
    `default-src 'none'; script-src ${hashes([scriptHash, ...otherScriptHashes])} blob: 'wasm-unsafe-eval'; ` +
    `style-src ${hashes(styleHashes)}; worker-src blob:; img-src data: blob:; ` +
    "base-uri 'none'; form-action 'none'"
  );
}

/** A program must not have what ends it, or begins a comment of HTML; ours never do. */
function inScript(script: string): string {
  if (/<\/script|<!--|<script/i.test(script))
    throw new Error("the page's script cannot be embedded");
  return script;
}
