/** The library's entry for Node. It inflates with zlib. */
import { gunzip } from "../platform/files/gunzip.js";
import { gzip } from "../platform/files/gzip.js";
import { formatExactTime, formatLocalTime } from "../platform/time-zone.js";
import { libraryFor } from "./library.js";

export { applySourceMaps, type SourceMapOptions } from "../source-code/source-maps.js";
export * from "./exports.js";
export const { readProfile, writeProfile, text } = libraryFor({
  gunzip,
  async gzip(pieces) {
    const all: Uint8Array[] = [];
    for await (const piece of gzip(pieces)) all.push(piece);
    return Buffer.concat(all);
  },
  formatTime: formatLocalTime,
  formatExactTime,
});
