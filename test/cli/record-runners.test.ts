import { existsSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ProgramFolder, SLOW } from "../support/program-folder.js";
import { ROOT } from "../support/proto.js";
import { runProgram } from "../support/run.js";
import { RUNNER_PACKAGES } from "../support/runners.js";

/** A program whose lines move when its types and comments are removed. */
const HOT = `// Comments and types are removed, so that lines move.
interface Options {
  readonly millis: number;
}

enum Mode {
  Fast,
  Slow,
}

export function hot({ millis }: Options, mode: Mode = Mode.Slow): number {
  const end = process.cpuUsage().user + millis * 1000;
  let sum = 0;
  let rounds = 0;

  while (process.cpuUsage().user < end) {
    // The hot line.
    for (let i = 0; i < 200_000; i++) sum = Math.sqrt(sum + i * mode);
    rounds++;
  }
  return sum + rounds;
}
`;
const lineOf = (text: string) => HOT.slice(0, HOT.indexOf(text)).split("\n").length;
const LINES = { line: lineOf("for (let i"), function: lineOf("export function hot") };

const MAIN = 'import { hot } from "./hot";\nhot({ millis: 200 });\n';
const TEST = `import { hot } from "./hot";
interface Unused {
  readonly millis: number;
}
test("is hot", () => {
  expect(hot({ millis: 200 })).toBeGreaterThan(0);
});
`;

interface Runner {
  readonly name: string;
  /** The program and its arguments. A first word without a slash is a command of a package. */
  readonly command: readonly string[];
  /** The commands that build the program first. */
  readonly build?: readonly string[];
  /** What the table shows: the hot line, or only the first line of its function. */
  readonly shows: keyof typeof LINES;
  readonly note?: string;
}

/** Runners and compilers of TypeScript, in the order of the table in the guide. */
const RUNNERS: readonly Runner[] = [
  {
    name: "node --experimental-transform-types",
    command: [process.execPath, "--experimental-transform-types", "main.mts"],
    shows: "line",
  },
  {
    name: "tsx",
    command: ["tsx", "main.ts"],
    shows: "function",
    note: "it puts all code into one line",
  },
  { name: "ts-node", command: ["ts-node", "-T", "main.ts"], shows: "line" },
  { name: "vitest", command: ["vitest", "run", "hot.test.ts"], shows: "line" },
  { name: "jest", command: ["jest", "-i", "hot.test.ts"], shows: "line", note: "with babel-jest" },
  {
    name: "esbuild",
    build: ["esbuild", "main.ts", "--bundle", "--platform=node", "--sourcemap", "--outdir=es"],
    command: [process.execPath, "es/main.js"],
    shows: "line",
  },
  {
    name: "tsc",
    build: ["tsc", "-p", "."],
    command: [process.execPath, "ts/main.js"],
    shows: "line",
  },
  {
    name: "vite",
    build: ["vite", "build", "--ssr", "main.ts", "--sourcemap", "--outDir=vi"],
    command: [process.execPath, "vi/main.mjs"],
    shows: "line",
    note: "`vite build --ssr`",
  },
];

/** Returns the path of a command of a package. */
function commandOf(name: string): string {
  const files = [path.join(ROOT, "node_modules"), RUNNER_PACKAGES].map((folder) =>
    path.join(folder, ".bin", name),
  );
  const found = files.find((file) => existsSync(file));
  if (!found) throw new Error(`${name} is not installed; run: bash scripts/test-tools.sh`);
  return found;
}

/** Tests whether this version of Node.js has the option in a command. */
function isSupported({ command }: Runner): boolean {
  const option = command.find((word) => word.startsWith("--"));
  return option === undefined || process.allowedNodeEnvironmentFlags.has(option);
}

const folder = new ProgramFolder();

beforeAll(() => {
  const files: Record<string, string> = {
    "hot.ts": HOT,
    "hot.mts": HOT,
    "main.ts": MAIN,
    "main.mts": MAIN.replace("./hot", "./hot.mts"),
    "hot.test.ts": TEST,
    "package.json": "{}",
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        ...{ module: "commonjs", target: "es2022", sourceMap: true, outDir: "ts" },
        ...{ types: [], noCheck: true, skipLibCheck: true },
      },
      files: ["main.ts"],
    }),
    "vitest.config.mjs": "export default { test: { globals: true } };",
    "babel.config.js": `module.exports = {
      presets: ["@babel/preset-typescript"],
      plugins: ["@babel/plugin-transform-modules-commonjs"],
    };`,
  };
  for (const [name, text] of Object.entries(files)) folder.program(name, text);
  symlinkSync(RUNNER_PACKAGES, path.join(folder.path, "node_modules"), "dir");
});

/** Returns the rows of the function `hot` in a table by lines, the largest first. */
async function hotRows(file: string): Promise<string[]> {
  const table = await folder.report("top", "-lines", "-focus=^hot$", file);
  return table.split("\n").flatMap((row) => / (hot(?: .*)?)$/.exec(row)?.slice(1) ?? []);
}

describe("record shows the lines of TypeScript", { timeout: SLOW }, () => {
  for (const runner of RUNNERS) {
    const { name, command, build, shows } = runner;
    it.runIf(isSupported(runner))(`run by ${name}`, async () => {
      const run = ([program, ...args]: readonly string[]) => [
        program.includes("/") ? program : commandOf(program),
        ...args,
      ];
      if (build) {
        const [program, ...args] = run(build);
        const built = await runProgram(program, args, { cwd: folder.path });
        expect(built.code, built.stdout + built.stderr).toBe(0);
      }
      const output = `${name.replace(/\W/g, "")}.pb.gz`;
      const { stderr } = await folder.record("-output", output, "--", ...run(command));
      expect(stderr).not.toContain("unknown");
      const [row] = await hotRows(output);
      expect(row, stderr).toMatch(new RegExp(`^hot (?:.*/)?hot\\.m?ts:${LINES[shows]}$`));
    });
  }

  it("as the table in the guide says", () => {
    const guide = readFileSync(path.join(ROOT, "docs/guides/record.md"), "utf8");
    const rows = RUNNERS.map(({ name, shows, note = "" }) => [`\`${name}\``, SHOWN[shows], note]);
    for (const row of rows) expect(tableRows(guide)).toContainEqual(row);
  });
});

const SHOWN = { line: "the line", function: "the first line of its function" };

/** Returns the cells of all rows of Markdown tables. */
function tableRows(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

describe("record of code compiled in memory", { timeout: SLOW }, () => {
  /** A hook for `require`, as ts-node and other runners install it. */
  const hook = (sourcemap: boolean) => `
    const { readFileSync } = require("node:fs");
    const { transformSync } = require(${JSON.stringify(path.join(ROOT, "node_modules/esbuild"))});
    require.extensions[".ts"] = (module, file) => {
      const options = { loader: "ts", format: "cjs", sourcefile: file, sourcemap: ${sourcemap ? '"inline"' : "false"} };
      module._compile(transformSync(readFileSync(file, "utf8"), options).code, file);
    };
    require("./main.ts");`;

  it.each(["-heap", "-allocs"])("uses its source maps, with %s", async (option) => {
    const hooked = folder.program("hooked.cjs", hook(true));
    const words = [option, "-interval=128", "-output=mapped.pb.gz", "--", process.execPath, hooked];
    const { stderr } = await folder.record(...words);
    const rows = await folder.report("top", "-lines", "-focus=^hot$", "mapped.pb.gz");
    expect(rows, stderr).toMatch(/ hot .*hot\.ts:\d+$/m);
  });

  it("says so if it has no source maps, and shows no lines", async () => {
    const hooked = folder.program("unmapped.cjs", hook(false));
    const { stderr } = await folder.record("-output=un.pb.gz", "--", process.execPath, hooked);
    expect(stderr).toMatch(/^tsprof: the lines of .*\.ts (?:and 1 other file )?are unknown: /m);
    for (const row of await hotRows("un.pb.gz")) expect(row).toMatch(/hot\.ts$/);
  });

  it("uses its source maps if tsprof attaches to it", async () => {
    const text = `${hook(true)}
      const { Worker, isMainThread } = require("node:worker_threads");
      if (isMainThread) new Worker(__filename, { name: "second" });
      setInterval(() => require("./hot.ts").hot({ millis: 20 }), 30);
      console.log("ready");`;
    const hooked = folder.program("long.cjs", text);
    const { child, ended } = await folder.startUntil("ready", process.execPath, [
      // V8 has no record of code that it inlined or replaced on the stack before the profiler started.
      "--no-turbo-inlining",
      "--no-use-osr",
      // Other tests use the usual port at the same time.
      "--inspect-port=0",
      hooked,
    ]);
    try {
      const options = ["-seconds=2", "-output=attached.pb.gz"];
      const { stdout, stderr } = await folder.record("-pid", String(child.pid), ...options);
      expect(stdout, stderr).toContain("hot");
      for (const thread of ["main", "second"]) {
        const words = ["-lines", "-focus=^hot$", `-tagfocus=thread=${thread}`, "attached.pb.gz"];
        const rows = (await folder.report("top", ...words)).split("\n");
        const hot = rows.find((row) => / hot /.test(row));
        expect(hot, stderr).toMatch(new RegExp(`hot\\.ts:${LINES.line}$`));
      }
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
  });
});
