import { type Gunzip, readProfile } from "../../formats/read.js";
import { tooLarge } from "../../profile/errors.js";
import type { Profile } from "../../profile/profile.js";
import { fetchFromServer } from "./fetch-from-server.js";

/** The browser could not inflate the data: it is damaged, or has several gzip members. */
class InflateFailure extends Error {}

/** Inflates with the browser's DecompressionStream: fast, but without reasons for failures. */
function gunzipByBrowser(compressed: ReadableStream<Uint8Array<ArrayBuffer>>): Gunzip {
  return async (_, limit, sink) => {
    const reader = compressed.pipeThrough(new DecompressionStream("gzip")).getReader();
    let total = 0;
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new InflateFailure();
      });
      if (done) return;
      total += value.length;
      if (total > limit) {
        await reader.cancel();
        throw tooLarge(limit);
      }
      sink(value);
    }
  };
}

/**
 * Reads a profile in any known format, compressed or not. Data that the browser cannot inflate is
 * read again with pako, which accepts and reports the same as the command line.
 */
export async function readAnyProfile(bytes: Uint8Array, limit: number): Promise<Profile> {
  if (typeof DecompressionStream === "function") {
    try {
      // The cast is safe: the memory is not shared between threads.
      const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
      return await readProfile(bytes, gunzipByBrowser(stream), limit);
    } catch (error) {
      if (!(error instanceof InflateFailure)) throw error;
    }
  }
  const { gunzipWithPako } = await import("../../formats/gunzip-pako.js");
  return readProfile(bytes, gunzipWithPako, limit);
}

/** A stream from the server has no known size. */
const UNKNOWN_SIZE = Number.POSITIVE_INFINITY;

/** Reads a profile from a URL while it arrives. Rejects with a one-line Error if there is none. */
export async function fetchProfile(url: string, limit: number): Promise<Profile> {
  const stream = (await fetchFromServer(url)).body;
  if (stream && typeof DecompressionStream === "function") {
    const [head, all] = await withHead(stream);
    if (head[0] === 0x1f && head[1] === 0x8b) {
      try {
        return await readProfile(head, gunzipByBrowser(all), limit, UNKNOWN_SIZE);
      } catch (error) {
        if (!(error instanceof InflateFailure)) throw error;
      }
    } else {
      await all.cancel();
    }
  }
  return readAnyProfile(new Uint8Array(await (await fetchFromServer(url)).arrayBuffer()), limit);
}

/** Returns the first bytes of a stream, and a stream of all its bytes. */
async function withHead(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<[Uint8Array, ReadableStream<Uint8Array<ArrayBuffer>>]> {
  const reader = stream.getReader();
  const first = await reader.read();
  const all = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      if (first.value) controller.enqueue(first.value);
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return [first.value ?? new Uint8Array(), all];
}
