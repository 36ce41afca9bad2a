import { constants } from "node:buffer";
import { promisify } from "node:util";
import { createGunzip, gunzip as gunzipAsync, gunzipSync } from "node:zlib";
import type { Gunzip } from "../../formats/read.js";
import { ProfileError, tooLarge } from "../../profile/errors.js";

/** Up to this number of compressed bytes, one call is faster than a stream. */
const MAX_ONE_CALL_BYTES = 1 << 20;

/** The number of bytes that zlib inflates while `sink` processes the piece before it. */
const PIECE_BYTES = 1 << 20;

/** Inflates with zlib. Another thread inflates the next piece of a large input while `sink` runs. */
export const gunzip: Gunzip = async (compressed, limit, sink) => {
  try {
    if (compressed.length <= MAX_ONE_CALL_BYTES) {
      sink(gunzipSync(compressed, { maxOutputLength: outputLimit(limit) }));
    } else {
      await gunzipStream(compressed, limit, sink);
    }
  } catch (error) {
    throw explain(error, limit);
  }
};

/** Like {@link gunzip}, but inflates small inputs in another thread too, to keep this one free. */
export const gunzipAhead: Gunzip = async (compressed, limit, sink) => {
  try {
    if (compressed.length <= MAX_ONE_CALL_BYTES) {
      sink(await promisify(gunzipAsync)(compressed, { maxOutputLength: outputLimit(limit) }));
    } else {
      await gunzipStream(compressed, limit, sink);
    }
  } catch (error) {
    throw explain(error, limit);
  }
};

function outputLimit(limit: number): number {
  return Math.min(limit, constants.MAX_LENGTH);
}

function gunzipStream(
  compressed: Uint8Array,
  limit: number,
  sink: (piece: Uint8Array) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = createGunzip({ chunkSize: PIECE_BYTES });
    let total = 0;
    let waiting = 0;
    let ended = false;
    const fail = (error: unknown) => {
      stream.destroy();
      reject(error);
    };
    stream.on("data", (piece: Uint8Array) => {
      total += piece.length;
      if (total > limit) {
        fail(tooLarge(limit));
        return;
      }
      waiting++;
      // zlib starts on the next piece when this handler returns, so `sink` must run after it.
      setImmediate(() => {
        if (stream.destroyed && !ended) return;
        try {
          sink(piece);
        } catch (error) {
          fail(error);
          return;
        }
        if (--waiting === 0 && ended) resolve();
      });
    });
    stream.on("end", () => {
      ended = true;
      if (waiting === 0) resolve();
    });
    stream.on("error", fail);
    stream.end(compressed);
  });
}

function explain(error: unknown, limit: number): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_BUFFER_TOO_LARGE") return tooLarge(limit);
  if (code === "Z_BUF_ERROR") return new ProfileError("damaged gzip data: it ends too early");
  if (code?.startsWith("Z_")) return new ProfileError(`damaged gzip data: ${message}`);
  return error;
}
