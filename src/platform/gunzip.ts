import { constants } from "node:buffer";
import { promisify } from "node:util";
import { createGunzip, gunzip as gunzipAsync, gunzipSync } from "node:zlib";
import type { Gunzip } from "../formats/read.js";
import { ProfileError, tooLarge } from "../profile/errors.js";

/** Up to here a stream costs more than it wins. */
const SMALL = 1 << 20;

/** How much is inflated while the piece before it is being decoded. */
const PIECE = 1 << 20;

/** Inflates with zlib; of large input the next piece in another thread while `sink` works. */
export const gunzip: Gunzip = async (compressed, limit, sink) => {
  try {
    if (compressed.length <= SMALL) sink(gunzipSync(compressed, { maxOutputLength: most(limit) }));
    else await gunzipStream(compressed, limit, sink);
  } catch (error) {
    throw explain(error, limit);
  }
};

/** The same, but always in another thread: for input that is read while other work is done. */
export const gunzipAhead: Gunzip = async (compressed, limit, sink) => {
  try {
    if (compressed.length <= SMALL) {
      sink(await promisify(gunzipAsync)(compressed, { maxOutputLength: most(limit) }));
    } else {
      await gunzipStream(compressed, limit, sink);
    }
  } catch (error) {
    throw explain(error, limit);
  }
};

function most(limit: number): number {
  return Math.min(limit, constants.MAX_LENGTH);
}

function gunzipStream(
  compressed: Uint8Array,
  limit: number,
  sink: (piece: Uint8Array) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = createGunzip({ chunkSize: PIECE });
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
      // Not at once: zlib asks for the next piece when this handler returns.
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
