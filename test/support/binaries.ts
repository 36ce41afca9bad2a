import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { ProfileBuilder } from "../../src/profile/profile-builder.js";
import { encodeProfile } from "../../src/profile/wire/encode.js";

/** A mapping of a profile that {@link addressProfile} makes. */
export interface AddressMapping {
  readonly file: string;
  readonly buildId?: string;
}

/** Returns a profile with one address in each of `mappings`, and without names. */
export function addressProfile(mappings: readonly AddressMapping[]): Uint8Array {
  const builder = new ProfileBuilder([{ type: "samples", unit: "count" }]);
  for (const [i, { file, buildId = "" }] of mappings.entries()) {
    const start = 0x400000 + i * 0x100000;
    const mapping = builder.addMapping({ start, limit: start + 0x1000, file, buildId });
    const location = builder.addLocation({ mapping, address: start + 0x10 });
    builder.addSample([location], [1]);
  }
  return encodeProfile(builder.finish());
}

/** Creates a folder that contains only these programs, for use as PATH. */
export function folderOfPrograms(folder: string, programs: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  for (const program of programs) {
    const found = execFileSync("which", [program], { encoding: "utf8" }).trim();
    symlinkSync(found, path.join(folder, program));
  }
  return folder;
}
