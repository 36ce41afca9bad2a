import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { pprof } from "../support/pprof.js";
import { ROOT } from "../support/proto.js";
import { tsprof } from "../support/run.js";

const PROMPT = /\(pprof\) /g;

/** Replaces times, which the pprof of Go 1.19 formats differently. */
const withoutTime = (text: string) => text.replace(/Time: .*?(?=\n|\\l)/g, "Time: …");

/** Adapts the list of options, which differs slightly in the pprof of Go 1.19. */
const ofGo119 = (text: string) =>
  withoutTime(text)
    .replace(/^ {2}(showcolumns|identity|from|to|gc) .*\n/gm, "")
    .replaceAll(" | modules | packages]", "]")
    .replace(/(granularity +=) \(default\)/, "$1 functions");

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-transcripts-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs lines in the shells of pprof and tsprof, without the settings of the user. */
async function bothShells(profile: string, lines: readonly string[], args: readonly string[] = []) {
  const run = {
    cwd: folder,
    env: { XDG_CONFIG_HOME: folder, PPROF_TMPDIR: folder },
    input: lines.map((line) => `${line}\n`).join(""),
  };
  const command = [...args, path.join(ROOT, "fixtures", profile)];
  const theirs = await pprof(command, run);
  const ours = await tsprof(command, run);
  return { theirs: { ...theirs, stdout: theirs.stdout.replace(PROMPT, "") }, ours };
}

const SOURCES = `source_path=${path.join(ROOT, "fixtures/programs")}`;

/** The commands to compare, by profile. Each command affects the following ones. */
const TRANSCRIPTS: Record<string, readonly string[]> = {
  "go-cpu.pb.gz": [
    "top",
    "top10",
    "top 20 -cum",
    "top5 encod -runtime",
    "text 3",
    "top -1",
    "top 3 --cum  Price   json",
    "peek Price",
    "peek pricing.*Price -json",
    "tree 5",
    "tree 4 -cum json",
    "dot 10",
    "comments",
    "lines=true",
    "top4",
    "tree3",
    "granularity=files",
    "top 6",
    "filefunctions=1",
    "top 2",
    "granularity=addresses",
    "top 2",
    "functions=t",
    "cum=true",
    "top 4",
    "sort=flat",
    "focus=Price",
    "top 4",
    "top 4 json",
    "peek Book",
    "ignore = json",
    "top 4",
    ":",
    "hide=^runtime",
    "top 4",
    "show=example.com",
    "top 4",
    "hide=",
    "show=",
    "show_from=main.main",
    "top 4 -cum",
    "show_from=",
    "prune_from=^main\\.main",
    "top 4",
    "prune_from=",
    "samples",
    "top 3",
    "total_cpu",
    "top 3",
    "mean_cpu",
    "top 3",
    "cpu",
    "mean=false",
    "unit=ms",
    "top 3",
    "unit=s //: as text",
    "top 3",
    "unit=minimum",
    "relative_percentages",
    "top 3 json",
    "relative_percentages=f",
    "divide_by=2.5",
    "top 3",
    "divide_by=1",
    "nodefraction=0.1",
    "tree",
    "nodecount=3",
    "top",
    "nodecount=-1",
    "trim=no",
    "top 2",
    "trim=yes",
    "nodefraction=0.005",
    "edgefraction=0.05",
    "tree 6",
    "noinlines",
    "top 5",
    "noinlines=0",
    "call_tree",
    "dot 8",
    "call_tree=false",
    "compact_labels=false",
    "top 1",
    SOURCES,
    "list pricing.*Price",
    "list pricing.share -json > share.txt",
  ],
  "go-heap.pb.gz": [
    "top 5",
    "alloc_space",
    "top 5 -cum",
    "inuse_objects",
    "top 5",
    "mean_alloc_space",
    "top 5",
    "total_inuse_space",
    "sample_index=1",
    "top 5",
    "sample_index=alloc_objects",
    "peek newShop",
    "sample_index=inuse_space",
    "unit=kb",
    "top 5",
    "unit=auto",
    "top 5",
    "tagfocus=:32kb",
    "top 5",
    "tagfocus=",
    "tagignore=1kb:",
    "top 5",
    "tagignore=",
    "tagroot=bytes",
    "tree 6",
    "tagroot=",
    "tagleaf=bytes",
    "top 6",
    "tagleaf=",
    "taghide=bytes",
    "taghide=",
    "dot 6",
    "drop_negative",
    "top 3",
  ],
  "go-mutex.pb.gz": [
    "top",
    "contentions",
    "top",
    "mean_delay",
    "top",
    "total_delay",
    "tree 4",
    "traces",
    "top > top.txt",
    "tree 3 >tree.txt",
    "output=all.txt",
    "top 2",
    "output=",
    "top 1",
    "exit",
    "top 2",
  ],
};

describe("a shell with commands from a pipe", () => {
  it.each(Object.entries(TRANSCRIPTS))("reports on %s as pprof's does", async (profile, lines) => {
    const files = lines.flatMap((line) => /(?:>\s*|output=)(\S+)/.exec(line)?.[1] ?? []);
    const read = () => files.map((name) => readFileSync(path.join(folder, name), "utf8"));
    const run = { cwd: folder, input: lines.map((line) => `${line}\n`).join("") };
    const file = path.join(ROOT, "fixtures", profile);
    const theirs = await pprof([file], run);
    const theirFiles = read();
    for (const name of files) rmSync(path.join(folder, name));
    const ours = await tsprof([file], run);

    expect(theirs.stdout).not.toBe("");
    expect(withoutTime(ours.stdout)).toBe(withoutTime(theirs.stdout.replace(PROMPT, "")));
    expect(read()).toEqual(theirFiles);
    expect(ours.code).toBe(0);
  });

  it("starts with the options of the command line", async () => {
    const args = ["-focus=json", "-cum", "-lines", "-unit=ms"];
    const { ours, theirs } = await bothShells("go-cpu.pb.gz", ["top 4", "focus=", "top 4"], args);
    expect(ours.stdout).toBe(theirs.stdout);
    expect(withoutTime(ours.stderr)).toBe(withoutTime(theirs.stderr));
  });

  it("prints the same messages as pprof's", async () => {
    const lines = [
      "o",
      "focus=json",
      "nodecount=7",
      "cum=1",
      "lines=1",
      "divide_by=1e-7",
      "options",
      "foo",
      "foo10 bar",
      "12",
      "list",
      "peek12",
      "focus",
      "focus json",
      "nodecount",
      "unit 5",
      "lines 5",
      "tagfocus2",
      "sample_index=9",
      "lines=0",
      "help nonsense",
      "top 3 >",
      "top 1 >/dev/null",
      "peek nothing_like_this",
      "",
      "   ",
    ];
    const { ours, theirs } = await bothShells("go-cpu.pb.gz", lines);
    expect(ofGo119(ours.stderr)).toBe(ofGo119(theirs.stderr));
    // pprof exits with 0 even after an error.
    expect([ours.code, theirs.code]).toEqual([1, 0]);
  });

  it("writes binary reports to the next free file", async () => {
    const { ours, theirs } = await bothShells("go-cpu.pb.gz", ["proto"]);
    expect(theirs.stderr).toContain("profile001.pb.gz");
    const second = withoutTime(theirs.stderr).replace("profile001", "profile002");
    expect(withoutTime(ours.stderr)).toBe(second);
    expect(existsSync(path.join(folder, "profile002.pb.gz"))).toBe(true);
  });
});
