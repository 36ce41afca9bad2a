import { escapeXml } from "../render/xml.js";
import { PARTS, type PartName, partId } from "./single-file-parts.js";
import { encodeAsText } from "./text-bytes.js";

/** The content of a page that is a file. Hashes are SHA-256 in Base64. */
export interface SingleFile {
  readonly title: string;
  /** The script that starts the page; it is embedded as it is. */
  readonly script: string;
  readonly scriptHash: string;
  /** Hashes of the scripts and styles of source code pages, which are shown inside this page. */
  readonly otherScriptHashes: readonly string[];
  readonly styleHashes: readonly string[];
  /** The parts, encoded as {@link PARTS} describes. */
  readonly parts: Readonly<Record<PartName, Uint8Array>>;
}

/** Writes the page as HTML, in pieces. It requests nothing; only its escaped title is markup. */
export function* renderSingleFile(file: SingleFile): Generator<string | Uint8Array> {
  yield "<!DOCTYPE html>\n" +
    '<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
    `<meta http-equiv="Content-Security-Policy" content="${policy(file)}">\n` +
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
    '<meta name="color-scheme" content="light dark">\n' +
    '<meta name="referrer" content="no-referrer">\n' +
    `<title>${escapeXml(file.title)} – tsprof</title>\n</head>\n<body>\n` +
    "<noscript>This report needs JavaScript, which is turned off.</noscript>\n";
  for (const name of PARTS) {
    yield `<script type="text/plain" id="${partId(name)}">`;
    yield encodeAsText(file.parts[name]);
    yield "</script>\n";
  }
  yield `<script>${inScript(file.script)}</script>\n</body>\n</html>\n`;
}

/** The policy allows no requests; other scripts come from the page itself (`blob:`). */
function policy({ scriptHash, otherScriptHashes, styleHashes }: SingleFile): string {
  const hashes = (list: readonly string[]) => list.map((hash) => `'sha256-${hash}'`).join(" ");
  return (
    `default-src 'none'; script-src ${hashes([scriptHash, ...otherScriptHashes])} blob: 'wasm-unsafe-eval'; ` +
    `style-src ${hashes(styleHashes)}; worker-src blob:; img-src data: blob:; ` +
    "base-uri 'none'; form-action 'none'"
  );
}

/** Throws if a script contains text that ends the element or opens an HTML comment. */
function inScript(script: string): string {
  if (/<\/script|<!--|<script/i.test(script))
    throw new Error("the page's script cannot be embedded");
  return script;
}
