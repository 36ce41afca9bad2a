// Times tsprof, compared with `go tool pprof` and with the minimum (starting Node and inflating the
// file), using the script and the generator in ../shared/bench (or $TSPROF_SHARED/bench). Prints
// medians and ratios of one run. `layout` is the time that a picture needs in addition to its DOT
// text (starting Graphviz, layout, drawing), compared with `dot -Tsvg` of an installed Graphviz.
//
//   npm run bench                                      top, tree and proto, tiny to mid; merge
//   npm run bench -- --sizes tiny,large --runs 5       options of that script
//   npm run bench -- --only merge                      merging 50 small profiles
//   npm run bench -- --only layout                     the graphs of the fixtures
//   npm run bench -- --only shell --sizes mid          commands in one shell, one after another
//   npm run bench -- --only web                        the engine of the web interface, in a browser
//   npm run bench -- --peer none                       without Go
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const shared = process.env.TSPROF_SHARED ?? path.join(root, "../shared");
const script = path.join(shared, "bench/compare.mjs");
if (!existsSync(script)) {
  console.error(`no ${script}; set TSPROF_SHARED to the folder that holds bench/`);
  process.exit(2);
}

const given = process.argv.slice(2);
const option = (name, fallback) => {
  const at = given.indexOf(name);
  return at < 0 ? fallback : given[at + 1];
};
const tsprof = option("--tsprof", `${process.execPath} ${path.join(root, "bin/tsprof.js")}`);
const peer = option("--peer", "go tool pprof");
const runs = Number(option("--runs", "3"));
const reports = option("--only", "top,top -cum,tree,proto,merge").split(",");
const folder = option("--dir", path.join(os.tmpdir(), "tsprof-bench"));

const here = { merge: benchMerge, layout: benchLayout, shell: benchShell, web: benchWeb };
const others = reports.filter((report) => !(report in here));
if (others.length > 0) {
  const settings = [
    ["--tsprof", tsprof],
    ["--sizes", option("--sizes", "tiny,small,mid-nolabels,mid")],
    ["--only", others.join(",")],
  ];
  // The user's options come last, so that they override the defaults, except for these.
  const rest = given.filter(
    (_, i) =>
      !["--only", "--sizes", "--tsprof"].some((name) => given[i] === name || given[i - 1] === name),
  );
  const { status } = spawnSync(process.execPath, [script, ...settings.flat(), ...rest], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}
for (const report of reports) await here[report]?.();

/** Times each command in a shell that reads commands from a pipe, compared with the peer. */
async function benchShell() {
  const commands = ["top", "top", "focus=pkg36[0-9]", "top", "focus=", "top -cum", "tree"];
  for (const size of option("--sizes", "mid").split(",")) {
    const file = path.join(folder, `${size}.pb.gz`);
    if (!existsSync(file)) throw new Error(`no ${file}: another benchmark of that size makes it`);
    const shells = { tsprof, ...(peer === "none" ? {} : { pprof: peer }) };
    for (const [name, shell] of Object.entries(shells)) {
      const rounds = [];
      for (let run = 0; run < runs; run++) rounds.push(await timedCommands(shell, file, commands));
      commands.forEach((command, i) => {
        print({ size, shell: name, command, ms: median(rounds.map((round) => round[i])) });
      });
    }
  }
}

/** Returns the milliseconds of each command. The first one also waits for the profile. */
async function timedCommands(shell, file, commands) {
  const [command, ...args] = shell.split(" ");
  const child = spawn(command, [...args, "-symbolize=none", file], { stdio: "pipe" });
  child.stdout.resume();
  const times = [];
  for (const line of commands) {
    const start = process.hrtime.bigint();
    // The error about an unknown command shows that the commands before it have finished.
    child.stdin.write(`${line}\nend_of_${times.length}\n`);
    const mark = `unrecognized command: "end_of_`;
    let said = "";
    for await (const piece of child.stderr.iterator({ destroyOnReturn: false })) {
      said += piece;
      if (said.includes(mark)) break;
    }
    times.push(Math.round(Number(process.hrtime.bigint() - start) / 1e6));
  }
  child.stdin.end();
  return times;
}

/** Times the web interface on a profile of the size `mid`: see bench-web.mjs. */
function benchWeb() {
  const file = path.join(folder, "mid.pb.gz");
  const args = [path.join(root, "scripts/bench-web.mjs"), file, "--runs", String(runs)];
  execFileSync(process.execPath, args, { stdio: "inherit" });
}

/** Draws the default graph of each profile of the fixtures. */
function benchLayout() {
  mkdirSync(folder, { recursive: true });
  const fixtures = path.join(root, "fixtures");
  for (const name of readdirSync(fixtures).filter((file) => file.endsWith(".pb.gz"))) {
    const profile = path.join(fixtures, name);
    const text = path.join(folder, `${name}.dot`);
    const dot = [...tsprof.split(" "), "dot", "-symbolize=none", profile];
    writeFileSync(
      text,
      execFileSync(dot[0], dot.slice(1), { stdio: ["ignore", "pipe", "ignore"] }),
    );
    const rounds = Array.from({ length: runs }, () => ({
      dot: timed(dot),
      svg: timed(dot.map((word) => (word === "dot" ? "svg" : word))),
      graphviz: timed(["dot", "-Tsvg", text]),
    }));
    print({
      profile: name,
      svg_ms: median(rounds.map(({ svg }) => svg)),
      layout_ms: median(rounds.map(({ dot, svg }) => svg - dot)),
      graphviz_ms: median(rounds.map(({ graphviz }) => graphviz)),
    });
  }
}

/** Merges 50 different profiles of the size `small`, alternating with the peer. */
function benchMerge() {
  mkdirSync(folder, { recursive: true });
  const files = Array.from({ length: 50 }, (_, i) => smallProfile(i + 1));
  const args = ["-symbolize=none", `-output=${path.join(folder, "merged.pb.gz")}`, ...files];
  const ours = [];
  const theirs = [];
  for (let run = 0; run < runs; run++) {
    ours.push(timed([...tsprof.split(" "), "proto", ...args]));
    if (peer !== "none") theirs.push(timed([...peer.split(" "), "-proto", ...args]));
  }
  const row = { size: "50 x small", report: "merge", tsprof_ms: median(ours) };
  if (theirs.length > 0) {
    row.pprof_ms = median(theirs);
    row.faster = (row.pprof_ms / row.tsprof_ms).toFixed(1);
  }
  print(row);
}

function print(row) {
  const cells = Object.entries(row).map(([key, value]) => `${key}=${value}`);
  console.log(given.includes("--json") ? JSON.stringify(row) : cells.join("  "));
}

function smallProfile(seed) {
  const file = path.join(folder, `small-${seed}.pb.gz`);
  if (!existsSync(file)) {
    const shape = ["--samples", "10000", "--functions", "5000", "--depth", "30", "--labels"];
    const generator = path.join(shared, "bench/make-profile.mjs");
    execFileSync(process.execPath, [generator, ...shape, "--seed", String(seed), "--out", file]);
  }
  return file;
}

/** Returns how long a command takes, in milliseconds. */
function timed([command, ...args]) {
  const env = { ...process.env, HOME: folder, PPROF_TMPDIR: folder };
  const start = process.hrtime.bigint();
  execFileSync(command, args, { env, stdio: "ignore" });
  return Math.round(Number(process.hrtime.bigint() - start) / 1e6);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
