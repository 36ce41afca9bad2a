import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPagers, page } from "../../../src/platform/programs/pager.js";
import { ROOT } from "../../support/proto.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-pager-"));
const tmux = (...args: string[]) =>
  execFileSync("tmux", ["-S", path.join(folder, "socket"), "-f", "/dev/null", ...args], {
    encoding: "utf8",
  });

/** Pages as many lines as it is told to, and says how that went. */
const PROGRAM = `
import { findPagers, page } from "./src/platform/programs/pager.js";
const end = Number(process.argv[2]);
let asked = 0;
let isClosed = false;
function* pieces() {
  try {
    while (asked < end) yield \`\\x1b[31mline\\x1b[0m \${++asked} ü\\n\`;
  } finally {
    isClosed = true;
  }
}
const outcome = await page(findPagers(process.env), pieces());
const listeners = process.listenerCount("SIGINT");
console.log(\`\${outcome} after \${asked < end ? "some" : "all"}, \${isClosed}, \${listeners}\`);
`;

beforeAll(async () => {
  await build({
    stdin: { contents: PROGRAM, resolveDir: ROOT, loader: "ts" },
    outfile: path.join(folder, "program.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
  });
  tmux("new-session", "-d", "-s", "keep", "-x", "80", "-y", "24", "sleep 600");
});
afterAll(() => {
  tmux("kill-server");
  rmSync(folder, { recursive: true });
});

let sessions = 0;
/** Starts the program in a terminal of 24 rows, which stays, and returns its name. */
function start(lines: number, env = ""): string {
  const name = `test${sessions++}`;
  const program = `env -u LESS -u PAGER -u TSPROF_PAGER LC_ALL=C ${env} ${process.execPath} program.mjs ${lines}`;
  const command = `cd ${folder}; ${program}; echo "done-$?"; stty -a > tty; sleep 600`;
  tmux("new-session", "-d", "-s", name, "-x", "80", "-y", "24", command);
  return name;
}

async function shows(name: string, wanted: RegExp): Promise<string> {
  let last = "";
  for (let i = 0; i < 300; i++) {
    last = tmux("capture-pane", "-p", "-e", "-t", name).trimEnd();
    if (wanted.test(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not seen: ${wanted} in\n${last}`);
}

describe("a pager in a terminal", () => {
  it("shows screens in colours, and stops reading when the user quits", async () => {
    const name = start(1e6);
    expect(await shows(name, /23 .*\n:/)).toContain("\u001b[31mline\u001b[39m 1 ü\n");
    tmux("send-keys", "-t", name, " ");
    await shows(name, /46 .*\n:/);
    // Less goes on, and so must the program.
    tmux("send-keys", "-t", name, "C-c");
    tmux("send-keys", "-t", name, " ");
    await shows(name, /69 .*\n:/);
    tmux("send-keys", "-t", name, "q");
    // What was shown is still there, and Ctrl-C is what it was.
    expect(await shows(name, /done-0/)).toMatch(/69 ü\nshown after some, true, 0\n/);
  });

  it("ends immediately if everything fits", async () => {
    expect(await shows(start(5), /done-0/)).toMatch(/line\S* 5 ü\nshown after all, true, 0\n/);
  });

  it("is started as its user wants", async () => {
    const name = start(1e6, "TSPROF_PAGER='less -N' LESS=R");
    expect(await shows(name, /23.*23 /)).toMatch(/ 1\S* \S*line/);
    tmux("send-keys", "-t", name, "q");
    await shows(name, /done-0/);
  });

  it("ends with the program, and leaves the terminal in order", async () => {
    const name = start(1e6);
    await shows(name, /23 .*\n:/);
    const shell = tmux("display-message", "-p", "-t", name, "#{pane_pid}").trim();
    const program = childrenOf(shell)[0];
    const [less] = childrenOf(program);
    expect(commandOf(less)).toContain("less");
    process.kill(Number(program), "SIGTERM");
    await shows(name, /done-143/);
    await expect.poll(() => commandOf(less)).toBe("");
    await expect
      .poll(() => readFileSync(path.join(folder, "tty"), "utf8"))
      .toMatch(/ icanon .* echo /s);
  });
});

function childrenOf(pid: string): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
}

/** Empty for a process that is no more. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

describe("a pager", () => {
  const shell = (script: string) => ({ command: "sh", args: ["-c", script] });

  it("is the wanted one, or a usual one", () => {
    const none = { args: [] };
    expect(findPagers({})).toEqual([
      { command: "less", ...none },
      { command: "more", ...none },
    ]);
    expect(findPagers({ PAGER: "most -s 'a b'" })).toEqual([
      { command: "most", args: ["-s", "a b"] },
    ]);
    expect(findPagers({ PAGER: "most", TSPROF_PAGER: "less -S" })).toEqual([
      { command: "less", args: ["-S"] },
    ]);
    for (const PAGER of ["", " ", "cat"]) expect(findPagers({ PAGER })).toEqual([]);
    expect(findPagers({ PAGER: "less", TSPROF_PAGER: "" })).toEqual([]);
  });

  it("is missing if none can be started, and reads nothing", async () => {
    const file = path.join(folder, "not-a-program");
    writeFileSync(file, "");
    let asked = 0;
    const pieces = (function* () {
      yield `${++asked}`;
    })();
    const pagers = ["tsprof-no-such-pager", file].map((command) => ({ command, args: [] }));
    expect(await page(pagers, pieces)).toBe("missing");
    expect(await page([], pieces)).toBe("missing");
    expect(asked).toBe(0);
    expect(process.listenerCount("SIGINT")).toBe(0);
  });

  it("is the next one if one is missing, and gets every byte", async () => {
    const file = path.join(folder, "shown");
    const pieces = ["a\n", "ü\udcff\n", "x".repeat(1 << 20)];
    const missing = { command: "tsprof-no-such-pager", args: [] };
    expect(await page([missing, shell(`cat > ${file}`)], pieces)).toBe("shown");
    const bytes = readFileSync(file);
    expect(bytes.subarray(0, 6).toString("latin1")).toBe("a\n\u00c3\u00bc\u00ff\n");
    expect(bytes.length).toBe(6 + (1 << 20));
  });

  it("is awaited when it stops reading, or the text ends in an error", async () => {
    let asked = 0;
    const long = (async function* () {
      while (asked++ < 1000) yield "x".repeat(1 << 16);
    })();
    const file = path.join(folder, "late");
    expect(await page([shell(`exec <&-; sleep 0.3; echo late > ${file}`)], long)).toBe("shown");
    expect(readFileSync(file, "utf8")).toBe("late\n");
    expect(asked).toBeLessThan(10);
    expect(await long.next()).toEqual({ done: true, value: undefined });

    const failing = (function* () {
      yield "first\n";
      throw new Error("no second");
    })();
    await expect(
      page([shell(`cat > ${file}; sleep 0.1; echo end >> ${file}`)], failing),
    ).rejects.toThrow("no second");
    expect(readFileSync(file, "utf8")).toBe("first\nend\n");
    expect(process.listenerCount("SIGINT")).toBe(0);
  });
});
