import { type Gunzip, readProfile } from "../../formats/read.js";
import { tooLarge } from "../../profile/errors.js";
import type { Profile } from "../../profile/profile.js";
import { EngineError } from "./engine.js";
import { fetched } from "./fetched.js";

/** The browser could not inflate the data: it may be damaged, or just of more than one member. */
class InflateFailure extends Error {}

/** Inflates with what the browser has for that, which is the fastest, but tells no reasons. */
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
 * Reads a profile of any known format, compressed or not, as {@link readProfile} does. What
 * the browser cannot inflate is tried again with pako, which takes all that the command
 * line takes, and says what is wrong in the same words.
 */
export async function readAnyProfile(bytes: Uint8Array, limit: number): Promise<Profile> {
  if (typeof DecompressionStream === "function") {
    try {
      // A copy would be needed only of memory that is shared, which this is not.
      const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
      return await readProfile(bytes, gunzipByBrowser(stream), limit);
    } catch (error) {
      if (!(error instanceof InflateFailure)) throw error;
    }
  }
  const { gunzipWithPako } = await import("../../formats/gunzip-pako.js");
  return readProfile(bytes, gunzipWithPako, limit);
}

/** For what comes piece by piece, from a server that has read it: it has no limit of its own. */
const UNKNOWN_SIZE = Number.POSITIVE_INFINITY;

/**
 * The same of what is at an address: it is inflated and decoded while it comes. Rejects with
 * an {@link EngineError} where there is nothing to be had.
 */
export async function fetchProfile(url: string, limit: number): Promise<Profile> {
  const stream = (await fetched(url)).body;
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
  return readAnyProfile(new Uint8Array(await (await fetched(url)).arrayBuffer()), limit);
}

/** The first bytes of a stream, and a stream of all of it. */
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
