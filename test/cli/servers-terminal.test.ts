import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useGoServer } from "../support/go-server.js";
import { ROOT } from "../support/proto.js";
import { TSPROF } from "../support/run.js";

const server = useGoServer();
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-tmux-"));
const home = path.join(folder, "home");
const tmux = (...args: string[]) =>
  execFileSync("tmux", ["-S", path.join(folder, "socket"), "-f", "/dev/null", ...args], {
    encoding: "utf8",
    cwd: ROOT,
  });

/** A server that never answers, and counts the waiting requests. */
let waiting = 0;
const silent = http.createServer(() => {
  waiting++;
});
let address = "";

beforeAll(async () => {
  tmux("new-session", "-d", "-s", "keep", "-x", "80", "-y", "24", "sleep 600");
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  address = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
});

afterAll(() => {
  tmux("kill-server");
  silent.close();
  silent.closeAllConnections();
  rmSync(folder, { recursive: true });
});

let sessions = 0;
/** Starts tsprof in a terminal that stays open; returns the name of the terminal. */
function start(args: string, width = 80): string {
  const name = `test${sessions++}`;
  const command = `env -u CI HOME=${home} ${process.execPath} ${TSPROF} ${args}; echo "done-$?"; sleep 600`;
  tmux("new-session", "-d", "-s", name, "-x", String(width), "-y", "30", command);
  return name;
}

const screen = (name: string) => tmux("capture-pane", "-p", "-t", name).trimEnd();

/** Waits until the text on the terminal matches; returns the text. */
async function shows(name: string, wanted: RegExp): Promise<string> {
  let last = "";
  for (let i = 0; i < 300; i++) {
    last = screen(name);
    if (wanted.test(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not seen: ${wanted} in\n${last}`);
}

describe("a terminal", () => {
  it("shows how long a server will collect, and erases that line", async () => {
    const name = start(`top -seconds=3 ${server.plain}/debug/pprof/profile`, 160);
    const url = `http://${server.plain}/debug/pprof/profile?seconds=3`;
    expect(await shows(name, /s left/)).toMatch(/^Fetching http:\S+: [123] s left$/);
    const end = await shows(name, /done-0/);
    expect(end).toMatch(/^Saved profile in \S+\/pprof\.server\.samples\.cpu\.001\.pb\.gz\n/);
    expect(end).not.toContain("Fetching");
    expect(end).not.toContain(url);
  });

  it("shows one line for several downloads, and clears it for errors", async () => {
    const url = `${server.plain}/debug/pprof/goroutine`;
    const name = start(`top -nodecount=3 ${server.plain}/fails "${url}?seconds=3" ${url}`, 100);
    await shows(name, /^Fetching 3 profiles, 2 done: [123] s left$/m);
    const end = await shows(name, /done-0/);
    expect(end).toMatch(/^tsprof: http:\S+\/fails: the server answered 500/);
    expect(end).toContain("tsprof: read 2 of 3 profiles");
    expect(end).not.toContain("Fetching");
  });

  it("shortens a long URL to one line", async () => {
    const name = start(`top -timeout=60 ${address}/${"x".repeat(200)}`, 40);
    expect(await shows(name, /so far/)).toMatch(/^Fetching http.*…x*: \d+ s so far$/);
    tmux("send-keys", "-t", name, "C-c");
    await shows(name, /done-130/);
  });

  it("is clean after Ctrl-C, without remaining processes or files", async () => {
    const before = savedFiles();
    const name = start(`top -base ${address}/x ${address}/y ${address}/z`);
    await shows(name, /^Fetching 3 profiles, 0 done: [1-9]/);
    tmux("send-keys", "-t", name, "C-c");
    // The terminal itself shows the ^C.
    expect(await shows(name, /done-/)).toMatch(/^(\^C)?\n?done-130$/);
    expect(savedFiles()).toEqual(before);
  });
});

function savedFiles(): string[] {
  try {
    return readdirSync(path.join(home, "pprof"));
  } catch {
    return [];
  }
}

describe("an interrupt in a pipe", () => {
  it.each([[[]], [["-"]]])(
    "ends a fetch at once with 130, also beside sources %j",
    async (others) => {
      const asked = waiting;
      const child = spawn(process.execPath, [TSPROF, "top", ...others, `${address}/x`], {
        cwd: ROOT,
        env: { ...process.env, HOME: home },
        stdio: ["pipe", "pipe", "pipe"],
      });
      let stderr = "";
      child.stderr.on("data", (piece) => {
        stderr += piece;
      });
      const ended = new Promise((resolve) => {
        child.on("close", (code, signal) => resolve({ code, signal }));
      });
      while (waiting === asked) await new Promise((resolve) => setTimeout(resolve, 20));
      const start = performance.now();
      child.kill("SIGINT");
      expect(await ended).toEqual({ code: 130, signal: null });
      expect(performance.now() - start).toBeLessThan(5000);
      expect(stderr).toBe(`Fetching profile over HTTP from http://${address}/x\n`);
    },
  );
});
