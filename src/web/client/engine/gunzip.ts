import { tooLarge } from "../../../profile/errors.js";
import type { Profile } from "../../../profile/profile.js";
import { type Gunzip, readProfile } from "../../../profile/read.js";

/** The browser could not inflate the data: it may be damaged, or just of more than one member. */
class InflateFailure extends Error {}

/** Inflates with what the browser has for that, which is the fastest, but tells no reasons. */
const gunzipByBrowser: Gunzip = async (compressed, limit, sink) => {
  // A copy would be needed only of memory that is shared, which this is not.
  const body = new Blob([compressed as Uint8Array<ArrayBuffer>]);
  const reader = body.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
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

/**
 * Reads a profile of any known format, compressed or not, as {@link readProfile} does. What
 * the browser cannot inflate is tried again with pako, which takes all that the command
 * line takes, and says what is wrong in the same words.
 */
export async function readAnyProfile(bytes: Uint8Array, limit: number): Promise<Profile> {
  if (typeof DecompressionStream === "function") {
    try {
      return await readProfile(bytes, gunzipByBrowser, limit);
    } catch (error) {
      if (!(error instanceof InflateFailure)) throw error;
    }
  }
  const { gunzipWithPako } = await import("../../../profile/gunzip-pako.js");
  return readProfile(bytes, gunzipWithPako, limit);
}
