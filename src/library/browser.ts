/** The library's entry for browsers and other platforms that are not Node. It inflates with pako. */
import { gzip } from "pako";
import { gunzipWithPako } from "../formats/gunzip-pako.js";
import { concat } from "../profile/wire/decode.js";
import { formatExactTime, formatLocalTime } from "../render/local-time.js";
import { libraryFor } from "./library.js";

export * from "./exports.js";
export const { readProfile, writeProfile, text } = libraryFor({
  gunzip: gunzipWithPako,
  async gzip(pieces) {
    const all = [...pieces];
    const length = all.reduce((sum, piece) => sum + piece.length, 0);
    return gzip(concat(all, length));
  },
  formatTime: formatLocalTime,
  formatExactTime,
});
