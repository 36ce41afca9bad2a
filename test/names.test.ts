import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { useOneProcess } from "./support/one-process.js";
import { pprof } from "./support/pprof.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-names-"));
afterAll(() => rmSync(folder, { recursive: true }));
const tsprof = useOneProcess();

/** Names that look mangled, like C++ with templates and arguments, or like an abbreviation. */
const NAMES = [
  "<module> (app.py:10)",
  "<lambda>",
  "(group)/page.js",
  "<impl Foo for Bar>::run",
  "require_once::/srv/site (old)/x.php",
  "_ZN3foo3barEv",
  "_RNvC7mycrate3foo",
  "__ZN3foo3barEv",
  "std::vector<int>::push_back(int const&)",
  "ns::operator()(int) [clone .cold]",
  "main.(*T[...]).Do",
  "Foo[bar](baz)",
  "[](a) => {}",
  "(anonymous) server.js:12:5",
  "operator new[](unsigned long)",
  "(1) first",
  "name'2",
];

const LEAF = NAMES.length - 1;

const CALL_FRAMES = NAMES.map((functionName) => ({
  functionName,
  scriptId: "1",
  url: "file:///app/a.js",
  lineNumber: 4,
  columnNumber: 2,
}));

const ROOT_FRAME = { functionName: "(root)", url: "", lineNumber: -1, columnNumber: -1 };

const CPUPROFILE = {
  nodes: [ROOT_FRAME, ...CALL_FRAMES].map((callFrame, i) => ({
    id: i + 1,
    callFrame,
    hitCount: 0,
    children: i > LEAF ? [] : [i + 2],
  })),
  startTime: 0,
  endTime: 7,
  samples: [LEAF + 2],
  timeDeltas: [0],
};

function callgrindFile(names: readonly string[]): string {
  const functions = names.map((name, i) => {
    const isLeaf = i === names.length - 1;
    const call = isLeaf ? "" : `cfn=(${i + 2}) ${names[i + 1]}\ncalls=1 1\n1 7\n`;
    return `fl=(1) /srv/x\nfn=(${i + 1}) ${name}\n1 ${isLeaf ? 7 : 0}\n${call}`;
  });
  return `version: 1\nevents: Ir\n\n${functions.join("\n")}`;
}

function perfScript(names: readonly string[], binary: string): string {
  const frames = names.map(
    (name, i) => `\t    ${(0x1000 + i).toString(16)} ${name}+0x8 (${binary})`,
  );
  return `app 77/77 5.000001: 7 cycles:u: \n${frames.reverse().join("\n")}\n\n`;
}

/** A file by format, with the single stack {@link NAMES}. */
const FILES: Record<string, string> = {
  "folded stacks": `${NAMES.join(";")} 7\n`,
  "speedscope.json": JSON.stringify({
    shared: { frames: NAMES.map((name) => ({ name, file: "/app/a.js", line: 5, col: 3 })) },
    profiles: [
      { type: "sampled", name: "x", unit: "none", samples: [NAMES.map((_, i) => i)], weights: [7] },
    ],
  }),
  "a.cpuprofile": JSON.stringify(CPUPROFILE),
  "a.heapprofile": JSON.stringify({
    head: [ROOT_FRAME, ...CALL_FRAMES].reduceRight<object[]>(
      (children, callFrame) => [{ callFrame, selfSize: children.length === 0 ? 7 : 0, children }],
      [],
    )[0],
  }),
  "trace.json": JSON.stringify([
    {
      name: "CpuProfile",
      ph: "I",
      pid: 1,
      tid: 1,
      args: { data: { cpuProfile: CPUPROFILE } },
    },
  ]),
  "callgrind.out": callgrindFile(NAMES),
  "perf's JIT frames": perfScript(NAMES, "/tmp/perf-77.map"),
};

/** Returns the names of functions in the only stack of a file, root first. */
async function stackOf(file: string, ...options: string[]): Promise<string[]> {
  const output = path.join(folder, "stack.json");
  await convert(file, output, "speedscope", ...options);
  const { shared, profiles } = JSON.parse(readFileSync(output, "utf8"));
  expect(profiles[0].samples).toHaveLength(1);
  return profiles[0].samples[0].map((frame: number) => shared.frames[frame].name);
}

async function convert(file: string, output: string, to: string, ...options: string[]) {
  const run = await tsprof(["convert", "-to", to, "-output", output, ...options, file]);
  expect(run).toMatchObject({ code: 0 });
}

describe.each(Object.entries(FILES))("the names in %s", (format, text) => {
  const file = path.join(folder, format);
  writeFileSync(file, text);

  it("are shown as they are", async () => {
    expect(await stackOf(file)).toEqual(NAMES);
    const { stdout } = await tsprof(["folded", file]);
    // The file and line of a function may follow its name.
    stdout.split(";").forEach((frame, i) => void expect(frame.startsWith(NAMES[i])).toBe(true));
  });

  it.each(["folded", "speedscope", "cpuprofile", "callgrind", "pprof"])(
    "survive a conversion to %s",
    async (to) => {
      const output = path.join(folder, `${format}.${to}`);
      // Folded stacks have no files, so that their names contain them otherwise.
      await convert(file, output, to, "-identity=name");
      expect(await stackOf(output)).toEqual(NAMES);
      if (to !== "pprof") return;
      const { stdout } = await pprof(["-traces", output]);
      const leafFirst = [...NAMES].reverse().join("\n");
      const frames = stdout.split("\n").map((line) => line.replace(/^.{10} +/, ""));
      expect(frames.join("\n")).toContain(leafFirst);
    },
  );

  it("survive in the output of the command proto", async () => {
    const output = path.join(folder, `${format}.pb.gz`);
    expect(await tsprof(["proto", "-output", output, file])).toMatchObject({ code: 0 });
    expect(await stackOf(output)).toEqual(NAMES);
  });
});

describe("the names in binaries", () => {
  const mangled = ["_ZN3foo3barEv", "_RNvC7mycrate3foo"];
  const readable = ["std::vector<int>::push_back(int const&)", "<Foo as Bar>::run", "main.(*T).Do"];

  it.each([
    ["perf", perfScript([...mangled, ...readable], "/usr/bin/app")],
    ["callgrind", callgrindFile([...mangled, ...readable]).replace("fl=", "ob=/usr/bin/app\nfl=")],
  ])("are demangled if a compiler mangled them: %s", async (format, text) => {
    const file = path.join(folder, `${format}.binary`);
    writeFileSync(file, text);
    expect(await stackOf(file)).toEqual(["foo::bar", "mycrate::foo", ...readable]);
    const unchanged = await stackOf(file, "-symbolize=demangle=none");
    expect(unchanged).toEqual([...mangled, ...readable]);
  });

  it("identify one function in valgrind's output, with the code that is inlined in it", async () => {
    const file = path.join(folder, "inlined.callgrind");
    const lines = [
      "events: Ir",
      "ob=/usr/bin/app",
      "fl=/src/app.cc",
      "fn=Store::find(int)",
      "10 50",
      "fi=/usr/include/c++/12/bits/stl_vector.h",
      "900 40",
      "fe=/src/app.cc",
      "12 10",
    ];
    writeFileSync(file, `${lines.join("\n")}\n`);
    const { stdout } = await tsprof(["top", file]);
    expect(stdout).toMatch(/^ +100 +100% +100% +100 +100% {2}Store::find\(int\)$/m);
  });

  it("remain in a conversion to callgrind, for callees in other binaries and for namesakes", async () => {
    const frames = [
      "3 memcpy+0x8 (/lib/libc.so.6)",
      "2 _ZN3foo3barEv+0x8 (/tmp/perf-77.map)",
      "1 _ZN3foo3barEv+0x8 (/usr/bin/app)",
    ];
    const perf = path.join(folder, "two-binaries.perf");
    writeFileSync(perf, `app 7/7 5.01: 7 cycles:u: \n${frames.map((f) => `\t ${f}\n`).join("")}\n`);
    const stack = ["foo::bar", "_ZN3foo3barEv", "memcpy"];
    expect(await stackOf(perf)).toEqual(stack);
    const output = path.join(folder, "two-binaries.callgrind");
    await convert(perf, output, "callgrind");
    expect(await stackOf(output)).toEqual(stack);

    const speedscope = path.join(folder, "namesakes.json");
    const methods = [
      { name: "encode", file: "/app/a.js", line: 1, col: 10 },
      { name: "encode", file: "/app/a.js", line: 1, col: 90 },
      { name: "encode", file: "/app/a.js", line: 9, col: 10 },
    ];
    writeFileSync(
      speedscope,
      JSON.stringify({
        shared: { frames: methods },
        profiles: [
          { type: "sampled", name: "x", unit: "none", samples: [[0, 1, 2]], weights: [7] },
        ],
      }),
    );
    await convert(speedscope, output, "callgrind");
    expect(await stackOf(output)).toEqual(["encode [2/3]", "encode [3/3]", "encode [1/3]"]);
  });
});
