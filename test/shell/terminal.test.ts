import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type LiveTerminal, useLiveTerminals } from "../support/live-terminal.js";
import { TSPROF } from "../support/run.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-shell-"));
afterAll(() => rmSync(folder, { recursive: true }));
const open = useLiveTerminals();

const CPU = "fixtures/go-cpu.pb.gz";

interface Settings {
  readonly env?: string;
  readonly width?: number;
  readonly height?: number;
}

/** Starts a shell with its own settings and history; waits for the prompt. */
async function start(
  source = CPU,
  { env = "", width, height }: Settings = {},
): Promise<LiveTerminal> {
  const own = `XDG_STATE_HOME=${folder} XDG_CONFIG_HOME=${folder}`;
  const input = source === "-" ? `cat ${CPU} | ` : "";
  const command = `bash -c '${input}env -u PAGER -u LESS TZ=UTC ${own} ${env} ${process.execPath} ${TSPROF} ${source}'`;
  const terminal = open(command, width, height);
  await terminal.shows(/^(cpu|samples)>$/m);
  terminal.press("C-l");
  await terminal.shows(/^(cpu|samples)>$/);
  return terminal;
}

describe("the shell at a terminal", () => {
  it("describes the profile, and ends with Ctrl-D", async () => {
    const { press, shows } = open(`${process.execPath} ${TSPROF} ${CPU}`);
    expect(await shows(/^cpu>$/m)).toMatch(
      /^File: orders\nType: cpu\nTime: .*\nDuration: .*\nEntering interactive mode .*\n\w+>$/,
    );
    press("C-d");
    await shows(/done-0/);
  });

  it("completes commands, functions, options and their values", async () => {
    const { press, shows } = await start();
    press("pee");
    await shows(/pee$/);
    press("Tab", "volume");
    await shows(/peek volume$/);
    press("Tab");
    await shows(/peek example\.com\/orders\/pricing\.\\\(\\\*Book\\\)\.volume$/);
    press("Enter");
    await shows(/● {2}example\.com\/orders\/pricing\.\(\*Book\)\.volume/);
    press("C-l", "gran");
    await shows(/gran$/);
    press("Tab", "li");
    await shows(/granularity=li$/);
    press("Tab", "Enter", "tagfocus=reg", "Tab", "so", "Tab", "Enter");
    await shows(/^cpu tagfocus=region=south>$/m);
    press("top2", "Enter");
    expect(await shows(/name\n.*\n.*\n.*>$/)).toContain("pricing.go:67");
  });

  it("shows the sample type and the filters in the prompt, within the width", async () => {
    const { press, shows } = await start(CPU, { width: 60 });
    press("focus=json", "Enter", "mean_cpu", "Enter");
    await shows(/^mean cpu focus=json>$/m);
    press(`hide=${"x".repeat(50)}`, "Enter");
    await shows(/^mean cpu focus=json hide=x+…>$/m);
    press(":", "Enter");
    await shows(/^mean cpu>$/m);
  });

  it("keeps the history, also after a restart", async () => {
    const first = await start();
    first.press("top1", "Enter", " comments", "Enter", "q", "Enter");
    await first.shows(/done-0/);
    const file = path.join(folder, "tsprof/history");
    expect(readFileSync(file, "utf8")).toMatch(/^top1\nq\n$/m);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const again = await start();
    again.press("to", "Up");
    await again.shows(/^cpu> top1$/);

    const off = await start(CPU, { env: "TSPROF_HISTORY=" });
    off.press("Up", "comments", "Enter");
    await off.shows(/^cpu> comments\ncpu>$/);
    expect(readFileSync(file, "utf8")).not.toContain("comments");
  });

  it("continues after Ctrl-C, which stops a computation", async () => {
    const stacks = path.join(folder, "many.folded");
    const names = Array.from({ length: 200_000 }, (_, i) => `main;a${i % 977};b${i};c${i % 89}`);
    writeFileSync(stacks, names.map((name) => `${name} 1\n`).join(""));
    const { press, shows } = await start(stacks);
    press("trim=false", "Enter", "call_tree", "Enter");
    await shows(/> call_tree\n.*>$/);
    // This takes minutes.
    press("dot > /dev/null", "Enter");
    await shows(/Generating report|dot > \/dev\/null$/);
    press("C-c");
    await shows(/interrupted\nsamples>$/);
    press("trim=true", "Enter", "top1", "Enter");
    await shows(/ c0\nsamples>$/);
    press("C-c", "q", "Enter");
    await shows(/done-0/);
  });

  it("draws for the current width", async () => {
    const { press, shows, resize, screen } = await start(CPU, { width: 70 });
    press("peek Price", "Enter");
    await shows(/●.*…/);
    resize(140, 24);
    // The shell may learn the new width a moment later.
    const drawAgain = async () => {
      press("C-l", "peek Price", "Enter");
      await shows(/●.*\ncpu>$/s);
      return screen();
    };
    await expect
      .poll(drawAgain, { interval: 300 })
      .toMatch(/^(?!.*…).*● [^\n]*orders\/pricing\.\(\*Book\)\.Price\n/s);
  });

  it("uses a pager only for text that does not fit", async () => {
    const { press, shows, screen } = await start(CPU, { height: 20 });
    press("top5", "Enter");
    await shows(/cpu>$/);
    press("C-l", "traces", "Enter");
    await shows(/\n:$/);
    press("C-c", " ");
    await shows(/\n:$/);
    press("q");
    await shows(/\ncpu>$/);
    press("C-l", "help", "Enter");
    expect(await shows(/\n:$/)).toContain("Commands:");
    press("q");
    await shows(/\ncpu>$/);

    const plain = await start(CPU, { height: 20, env: "PAGER=cat" });
    plain.press("o", "Enter");
    await plain.shows(/trim_path = ""[\s\S]*cpu>$/);
    expect(screen()).toMatch(/cpu>$/);
  });

  it("suggests similar commands", async () => {
    const { press, shows } = await start();
    press("tpo", "Enter");
    await shows(/^unrecognized command: "tpo"\ndid you mean top\?\ncpu>$/m);
    press("C-l", "symbolize=none", "Enter");
    await shows(/^symbolize applies when profiles are read: start tsprof with -symbolize$/m);
    press("C-l", "top1 -lines", "Enter");
    await shows(/^-lines ignores functions that match lines; to set the option, type: lines$/m);
  });

  it("reads commands from the terminal if the profile comes from a pipe", async () => {
    const { press, shows } = await start("-");
    press("top1", "Enter");
    await shows(/memclrNoHeapPointers\ncpu>$/);
    press("exit", "Enter");
    await shows(/done-0/);
  });
});
