import type { Profile } from "../../profile/profile.js";
import type { ExportContext, ProfileInfo, Target } from "./target.js";
import { type UploadOptions, UploadQueue, uploadUrl } from "./upload-queue.js";

/** Options of {@link httpTarget}. */
export interface HttpTargetOptions extends UploadOptions {
  /** The address, or a function that returns it for each profile. */
  readonly url: string | URL | ((info: ProfileInfo) => string | URL);
}

/**
 * Returns a target that uploads each profile by HTTP POST, as a gzipped file in pprof's format.
 * Throws if an option is invalid.
 */
export function httpTarget(options: HttpTargetOptions): Target {
  const { url } = options;
  if (typeof url !== "function") uploadUrl(url);
  const queue = new UploadQueue(options);
  const headers = { "Content-Type": "application/octet-stream", ...queue.headers };
  return {
    async export(_profile: Profile, info: ProfileInfo, { bytes, report, signal }: ExportContext) {
      const target = uploadUrl(typeof url === "function" ? url(info) : url);
      await queue.push({ url: target, headers, body: await bytes(), signal }, report);
    },
    flush: () => queue.flush(),
  };
}
