import app from "client:app";
import engine from "client:engine";
import graph from "client:graph";
import starter from "client:single-file";
import weblist from "client:weblist";
import { gzipSync } from "node:zlib";
import type { SessionInfo } from "../../page/protocol.js";
import { sharedOptions } from "../../page/shared-options.js";
import { renderSingleFile } from "../../page/single-file.js";
import { gzip } from "../../platform/gzip.js";
import { encodePieces } from "../../profile/wire/encode.js";
import { withoutControls } from "../../render/controls.js";
import { WEBLIST_STYLE } from "../../render/weblist-style.js";
import { heaviestSources } from "../../report/source-names.js";
import type { Warn } from "../show/notices.js";
import { sharedSourceNames } from "../title.js";
import { contentHash } from "./content-hash.js";
import type { MadeReport, ReportContext } from "./made-report.js";

/** Set at build time. */
declare const TSPROF_VERSION: string;

/** So many letters of sources are embedded; in the file they take less than half of that. */
const MAX_SOURCES = 300_000;

/** Makes the web interface as one file, with the whole profile in it. */
export function makeHtml(context: ReportContext): MadeReport {
  return { text: () => pieces(context) };
}

async function* pieces(context: ReportContext): AsyncGenerator<string> {
  const { profile } = context.input.view;
  const { options, title, sourceNames } = context;
  const sources = options.embed_sources ? foundSources(context) : {};
  const info: SessionInfo = {
    title,
    sources: sharedSourceNames(sourceNames),
    version: TSPROF_VERSION,
    options: sharedOptions(options),
    isPrepared: true,
    warnings: [],
    configs: [],
  };
  yield* renderSingleFile({
    // The report itself goes out without control characters; here they would be cut from it.
    title: withoutControls(title),
    script: starter,
    scriptHash: contentHash(starter),
    otherScriptHashes: [contentHash(weblist)],
    styleHashes: [contentHash(WEBLIST_STYLE)],
    parts: {
      session: packed(JSON.stringify(info)),
      sources: packed(JSON.stringify(sources)),
      profile: await collected(gzip(encodePieces(profile))),
      app: packed(app),
      engine: packed(engine),
      graph: packed(graph),
    },
    encode: (bytes) => Buffer.from(bytes).toString("base64"),
  });
}

/** The sources that are here, the heaviest first, as long as there is room. */
function foundSources({ sources, input, warn }: ReportContext): Record<string, string> {
  const files = sources();
  const found: Record<string, string> = {};
  let left = MAX_SOURCES;
  for (const name of heaviestSources(input.view.profile, input.value)) {
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

/** Lists the embedded files, so that a page with something private in it is not passed on. */
function reportEmbedded(names: readonly string[], warn: Warn): void {
  if (names.length === 0) return;
  const files = names.length === 1 ? "1 source file" : `${names.length} source files`;
  warn(`the page contains ${files}; -embed_sources=false leaves them out:`);
  for (const name of names) warn(`  ${name}`);
}

function packed(text: string): Uint8Array {
  return gzipSync(text, { level: 9 });
}

async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
