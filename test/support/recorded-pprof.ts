import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll } from "vitest";
import { pprof } from "./pprof.js";
import { ROOT } from "./proto.js";
import type { RunOptions } from "./run.js";

const FOLDER = path.join(ROOT, "test/goldens");

/** Only the digest of a longer report is stored. */
const MAX_STORED_CHARACTERS = 100_000;

const RECORDS = process.env.TSPROF_RECORD === "1";

/** Whether to run the real pprof: for other random profiles, another pprof, or recording. */
export const IS_PPROF_LIVE =
  RECORDS || process.env.TSPROF_SEED !== undefined || process.env.TSPROF_PPROF !== undefined;

/**
 * Options of fast-check for comparisons with recorded answers. A failing profile is shrunk only if
 * pprof runs, because there are no recorded answers for smaller profiles.
 */
export const SEEDED = {
  seed: Number(process.env.TSPROF_SEED ?? 1),
  endOnFailure: !IS_PPROF_LIVE,
};

/** The result of a run of pprof. */
export interface PprofAnswer {
  readonly code: number | null;
  /** Undefined if the recorded report is too long to be stored. */
  readonly stdout: string | undefined;
  /** The SHA-256 of `stdout`. */
  readonly digest: string;
}

export const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * Returns a function that answers like the real pprof, from test/goldens/NAME.json.gz. Throws if
 * the run was not recorded. `TSPROF_RECORD=1 npx vitest run FILE` records all runs of a test file
 * again, with the installed pprof.
 */
export function useRecordedPprof(
  name: string,
): (args: readonly string[], options?: RunOptions) => Promise<PprofAnswer> {
  const file = path.join(FOLDER, `${name}.json.gz`);
  const recorded: Record<string, PprofAnswer> =
    !IS_PPROF_LIVE && existsSync(file) ? JSON.parse(gunzipSync(readFileSync(file)).toString()) : {};
  afterAll(() => {
    if (!RECORDS) return;
    mkdirSync(FOLDER, { recursive: true });
    const sorted = Object.fromEntries(Object.entries(recorded).sort());
    writeFileSync(file, gzipSync(JSON.stringify(sorted), { level: 9 }));
  });
  return async (args, options) => {
    const key = keyOf(args);
    if (!IS_PPROF_LIVE) {
      const answer = recorded[key];
      if (answer) return answer;
      throw new Error(
        `${path.relative(ROOT, file)} has no answer for pprof ${args.join(" ")}; ` +
          "record it with TSPROF_RECORD=1",
      );
    }
    const { code, stdout } = await pprof(args, options);
    const digest = digestOf(stdout);
    const isLong = stdout.length > MAX_STORED_CHARACTERS;
    recorded[key] = { code, stdout: isLong ? undefined : stdout, digest };
    return { code, stdout, digest };
  };
}

/** Returns a digest of the arguments, with the contents of files instead of their names. */
function keyOf(args: readonly string[]): string {
  const hash = createHash("sha256");
  for (const arg of args) {
    const [, option, file] = /^(-\w+=)?(\/.*)$/.exec(arg) ?? [];
    if (file !== undefined) hash.update(option ?? "").update(readFileSync(file));
    else hash.update(arg);
    hash.update("\0");
  }
  return hash.digest("hex").slice(0, 24);
}
