import { Inflate } from "pako";
import { ProfileError, tooLarge } from "../profile/errors.js";
import type { Gunzip } from "./read.js";

/** Zlib's `Z_BUF_ERROR`: the input ended too early. */
const BUFFER_ERROR = -5;

/** Inflates with pako, which runs anywhere. Node has a faster version in `platform/gunzip.ts`. */
export const gunzipWithPako: Gunzip = async (compressed, limit, sink) => {
  let total = 0;
  const inflate = new Inflate({ chunkSize: 1 << 18 });
  inflate.onData = (piece) => {
    total += piece.length;
    if (total > limit) throw tooLarge(limit);
    sink(piece as Uint8Array);
  };
  inflate.push(compressed, true);
  if (inflate.err !== 0) {
    const reason = inflate.err === BUFFER_ERROR ? "it ends too early" : inflate.msg;
    throw new ProfileError(`damaged gzip data: ${reason}`);
  }
};
