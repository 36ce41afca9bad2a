// Records the profiles in examples/ again, from examples/shop.mjs, with the tsprof in dist/:
//
//   node scripts/examples.mjs
//
// The names of sources in them are relative to the project, so that tsprof finds them in a clone,
// and in an installed package with -source_path.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { decode, encode } from "../fixtures/tools/profile.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const shop = path.join(root, "examples/shop.mjs");
/** Longer than the default, because V8's own format stores every sample. */
const CPU_PROFILE_INTERVAL_US = 10_000;

const profiles = {
  "cpu.pb.gz": { options: [], args: [] },
  "before.pb.gz": { options: [], args: [] },
  "after.pb.gz": { options: [], args: ["--index"] },
  "heap.pb.gz": { options: ["-heap", "-interval=16kb"], args: [] },
};

const scratch = mkdtempSync(path.join(os.tmpdir(), "tsprof-examples-"));
try {
  for (const [name, { options, args }] of Object.entries(profiles)) record(name, options, args);
  recordCpuProfile("cpu.cpuprofile");
} finally {
  rmSync(scratch, { recursive: true });
}

function record(name, options, args) {
  const file = path.join(scratch, name);
  const command = path.join(root, "bin/tsprof.js");
  run([command, "record", ...options, `-output=${file}`, "--", process.execPath, shop, ...args]);
  const profile = decode(readFileSync(file));
  profile.stringTable = profile.stringTable.map((text) => text.replace(`${root}/`, ""));
  writeFileSync(path.join(root, "examples", name), encode(profile));
}

function recordCpuProfile(name) {
  const interval = `--cpu-prof-interval=${CPU_PROFILE_INTERVAL_US}`;
  run(["--cpu-prof", interval, `--cpu-prof-dir=${path.join(scratch, "v8")}`, shop]);
  const [file] = readdirSync(path.join(scratch, "v8"));
  const text = readFileSync(path.join(scratch, "v8", file), "utf8");
  const relative = text.replaceAll(`${pathToFileURL(root)}/`, "");
  writeFileSync(path.join(root, "examples", name), `${relative}\n`);
}

function run(args) {
  execFileSync(process.execPath, args, { cwd: scratch, stdio: ["ignore", "inherit", "inherit"] });
}
