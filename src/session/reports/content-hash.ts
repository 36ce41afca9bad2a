import { createHash } from "node:crypto";

/** Returns the SHA-256 hash of a text in base64, as a Content-Security-Policy lists it. */
export function contentHash(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
