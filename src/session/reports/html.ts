import starter from "client:single-file";
import weblist from "client:weblist";
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import graphviz from "packed:graphviz.lzma";
import scripts from "packed:scripts.lzma";
import type { SessionInfo } from "../../page/protocol.js";
import { sharedOptions } from "../../page/shared-options.js";
import { renderSingleFile } from "../../page/single-file.js";
import { gzip } from "../../platform/files/gzip.js";
import { encodePieces } from "../../profile/wire/encode.js";
import { escapeControls } from "../../render/controls.js";
import { WEBLIST_STYLE } from "../../render/weblist-style.js";
import { sourceFilesByCum } from "../../report/source-names.js";
import type { Warn } from "../show/messages.js";
import { sharedSourceNames } from "../title.js";
import { contentHash } from "./content-hash.js";
import type { MadeReport, ReportContext } from "./made-report.js";

/** Set at build time. */
declare const TSPROF_VERSION: string;

/** The largest embedded source code, in characters. Compression more than halves it. */
const MAX_SOURCE_LENGTH = 300_000;

/** Makes the web interface as one file that contains the whole profile. */
export function makeHtml(context: ReportContext): MadeReport {
  return { text: () => pieces(context) };
}

async function* pieces(context: ReportContext): AsyncGenerator<string | Uint8Array> {
  const { profile, options, title, sourceNames } = context;
  const sources = options.embed_sources ? embeddedSources(context) : {};
  const info: SessionInfo = {
    title,
    sources: sharedSourceNames(sourceNames),
    version: TSPROF_VERSION,
    options: sharedOptions(options),
    isPrepared: true,
    isPprofs: context.isPprofs,
    hasMachineCode: false,
    ownPackages: [...(context.input.nodes.ownPackages ?? [])],
    warnings: [],
    configs: [],
  };
  yield* renderSingleFile({
    title: escapeControls(title),
    script: starter,
    scriptHash: contentHash(starter),
    otherScriptHashes: [contentHash(weblist)],
    styleHashes: [contentHash(WEBLIST_STYLE)],
    parts: {
      session: gzipped(JSON.stringify(info)),
      sources: gzipped(JSON.stringify(sources)),
      profile: await joined(gzip(encodePieces(profile, true))),
      scripts: await readFile(scripts),
      graphviz: await readFile(graphviz),
    },
  });
}

/** Returns the texts of the source files that exist here, the heaviest first, within the limit. */
function embeddedSources({ sources, input, warn }: ReportContext): Record<string, string> {
  const files = sources();
  const found: Record<string, string> = {};
  let left = MAX_SOURCE_LENGTH;
  for (const name of sourceFilesByCum(input.view.profile, input.value)) {
    const source = files.read(name);
    if ("problem" in source) continue;
    const lines = Array.from({ length: source.lineCount }, (_, i) => source.line(i + 1));
    const text = `${lines.join("\n")}\n`;
    if (text.length > left) continue;
    left -= text.length;
    found[name] = text;
  }
  reportEmbedded(Object.keys(found), warn);
  return found;
}

/** Lists the embedded files, so that the user notices private ones before sharing the page. */
function reportEmbedded(names: readonly string[], warn: Warn): void {
  if (names.length === 0) return;
  const files = names.length === 1 ? "1 source file" : `${names.length} source files`;
  warn(`the page contains ${files}; -embed_sources=false leaves them out:`);
  for (const name of names) warn(`  ${name}`);
}

function gzipped(text: string): Uint8Array {
  return gzipSync(text, { level: 9 });
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
