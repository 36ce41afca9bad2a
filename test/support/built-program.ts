import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./proto.js";

const CACHE = path.join(ROOT, "node_modules/.cache/tsprof-tests");

/**
 * Returns the path of a Go program, which `build` makes in the folder that it gets. The program is
 * built once for each version of Go and content of `sources`, and kept for later runs.
 */
export function builtOnce(
  name: string,
  sources: readonly string[],
  build: (folder: string) => string,
): string {
  const hash = createHash("sha256").update(execFileSync("go", ["version"]));
  for (const source of sources) hash.update(readFileSync(source));
  const folder = path.join(CACHE, hash.digest("hex").slice(0, 16));
  const program = path.join(folder, name);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  // Test files run at the same time, so the finished program appears in one step.
  const scratch = mkdtempSync(path.join(folder, "build-"));
  renameSync(build(scratch), program);
  rmSync(scratch, { recursive: true });
  return program;
}
