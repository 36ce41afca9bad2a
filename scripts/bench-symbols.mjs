// Times the symbolization of 20,000 addresses of a C++ program, compared with a pprof that uses the
// same tools (built from Go's sources, or the program of --peer PATH).
//
//   node scripts/bench-symbols.mjs [--runs 5] [--tools FOLDER]
//
// Runs both in turn, and prints medians and their ratio. Both use the tools that they find,
// preferably LLVM's, unless --tools names a folder.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import protobuf from "protobufjs";
import { buildPprof } from "./build-pprof.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    tools: { type: "string", default: "" },
    peer: { type: "string" },
  },
});

const ADDRESSES = 20_000;
const FUNCTIONS = 3_000;

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-bench-symbols-"));
try {
  const program = buildProgram();
  const profile = writeProfile(program, addressesOf(program));
  const peer = options.peer ?? buildPprof(path.join(folder, "pprof"));
  const ours = [];
  const theirs = [];
  for (let run = 0; run < Number(options.runs); run++) {
    ours.push(timed(process.execPath, path.join(root, "bin/tsprof.js"), "-raw", profile));
    theirs.push(timed(peer, "-raw", profile));
  }
  const row = { addresses: ADDRESSES, tsprof_ms: median(ours), pprof_ms: median(theirs) };
  console.log(JSON.stringify({ ...row, ratio: (row.tsprof_ms / row.pprof_ms).toFixed(2) }));
} finally {
  rmSync(folder, { recursive: true });
}

/** Builds a program with many small functions that inline others. */
function buildProgram() {
  const lines = ["static volatile int sink;"];
  lines.push("template <int N> static inline int step(int x) { return x * N + sink; }");
  for (let i = 0; i < FUNCTIONS; i++) {
    lines.push(`__attribute__((noinline)) int work_${i}(int x) {`);
    for (let line = 0; line < 8; line++) lines.push(`  x += step<${i % 50}>(x + ${line});`);
    lines.push("  return x;", "}");
  }
  const calls = Array.from({ length: FUNCTIONS }, (_, i) => `  sink += work_${i}(${i});`);
  lines.push("int main() {", ...calls, "  return 0;", "}");
  const source = path.join(folder, "work.cc");
  const program = path.join(folder, "work");
  writeFileSync(source, lines.join("\n"));
  execFileSync("g++", ["-g", "-O1", "-no-pie", source, "-o", program]);
  return program;
}

/** Returns addresses spread over all functions of the program. */
function addressesOf(program) {
  const symbols = execFileSync("nm", ["-n", program], { encoding: "utf8", maxBuffer: 2 ** 26 });
  const starts = [...symbols.matchAll(/^([0-9a-f]+) [tT] _Z\d+work_/gm)].map(([, hex]) =>
    Number.parseInt(hex, 16),
  );
  const first = starts[0];
  const size = starts.at(-1) - first;
  return Array.from({ length: ADDRESSES }, (_, i) => first + Math.floor((size * i) / ADDRESSES));
}

function writeProfile(program, addresses) {
  const schema = protobuf.loadSync(path.join(root, "proto/profile.proto"));
  const Profile = schema.lookupType("perftools.profiles.Profile");
  const message = Profile.fromObject({
    stringTable: ["", "samples", "count", program],
    sampleType: [{ type: 1, unit: 2 }],
    mapping: [{ id: 1, memoryStart: 0x400000, memoryLimit: 0x8000000, filename: 3 }],
    location: addresses.map((address, i) => ({ id: i + 1, mappingId: 1, address })),
    sample: addresses.map((_, i) => ({ locationId: [i + 1], value: [1] })),
  });
  const file = path.join(folder, "work.pb");
  writeFileSync(file, Profile.encode(message).finish());
  return file;
}

/** Returns how long a command takes, in milliseconds. */
function timed(command, ...args) {
  const env = { ...process.env, HOME: folder, PPROF_TMPDIR: folder, PPROF_TOOLS: options.tools };
  const start = process.hrtime.bigint();
  execFileSync(command, args, { env, stdio: ["ignore", "ignore", "ignore"] });
  return Math.round(Number(process.hrtime.bigint() - start) / 1e6);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
