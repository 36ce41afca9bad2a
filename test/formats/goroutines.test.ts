import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readWithFormat } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { samplesOf, typesOf } from "../support/addresses.js";
import { ROOT } from "../support/proto.js";
import { flatAndCum, labelledStacksOf, stacksOf, totalsOf } from "../support/stacks.js";

const read = (text: string | Uint8Array, limit = 1 << 26) =>
  readWithFormat(Buffer.from(text), gunzip, limit);

const recorded = (name: string) => readFileSync(path.join(ROOT, "fixtures/recorded", name));

const DUMP = `panic: crash
	panic: again [recovered]

goroutine 1 [running]:
panic({0x6c4760, 0x7a4720})
	/usr/lib/go/src/runtime/panic.go:987 +0x3ba
main.(*Shop[...]).serve(0xc000010000, {0x1?, 0x2, ...})
	/app/main.go:10 +0x1d
main.main()
	/app/main.go:5 +0x1d

goroutine 18 [chan receive, 5 minutes]:
main.worker(...)
	/app/main.go:22
created by main.main in goroutine 1
	/app/main.go:9 +0x1b

goroutine 19 [chan receive]:
main.worker(0xc000010000)
	/app/main.go:22 +0x2c
created by main.main
	/app/main.go:9 +0x1b

goroutine 20 [select (no cases), 65 minutes, locked to thread]:
gopkg.in/yaml%2ev3.run.func1.2()
	C:/app/yaml.go:7 +0x2c
exit status 2
`;

describe("goroutine dumps", () => {
  it("count goroutines by stack", async () => {
    const { profile, warnings, format } = await read(DUMP);
    expect(format).toMatchObject({ name: "goroutine dump", isPprofs: false });
    expect(warnings).toEqual([]);
    expect(typesOf(profile)).toEqual(["goroutine/count"]);
    expect(stacksOf(profile, true)).toEqual({
      "gopkg.in/yaml%2ev3.run.func1.2:7": [1],
      "main.main:5;main.(*Shop[...]).serve:10;panic:987": [1],
      "main.worker:22": [2],
    });
    expect(samplesOf(profile).at(-1)).toContain("gopkg.in/yaml%2ev3.run.func1.2 C:/app/yaml.go:7");
  });

  it("are complete after a byte order mark", async () => {
    const dump = DUMP.slice(DUMP.indexOf("goroutine 1"));
    const { profile } = await read(`\ufeff${dump}`);
    expect(stacksOf(profile)).toEqual(stacksOf((await read(dump)).profile));
  });

  it("have the states, waiting times and creators as labels", async () => {
    const { profile } = await read(DUMP.replaceAll("\n", "\r\n"));
    expect(
      Object.keys(labelledStacksOf(profile)).map((key) => key.replace(/^.*? \{/, "{")),
    ).toEqual([
      "{state=running}",
      "{creator=main.main state=chan receive wait=300}",
      "{creator=main.main state=chan receive}",
      "{locked=to thread state=select (no cases) wait=3900}",
    ]);
  });

  it("of Go's tools and new versions are read", async () => {
    const { profile, warnings } = await read(`SIGQUIT: quit
PC=0x46d881 m=0 sigcode=0

goroutine 0 [idle]:
runtime.futex()
	runtime/sys_linux_amd64.s:553 +0x21 fp=0x7ffc sp=0x7ffb pc=0x46d881

goroutine 7 gp=0xc000002380 m=nil [sync.Mutex.Lock] {"region": "north", "step": "a \\"b\\""}:
sync.runtime_SemacquireMutex(0xc000)
	runtime/sema.go:77 +0x25 fp=0xc1 sp=0xc2 pc=0x46
main.lock()
	/app/main.go:4 +0x1 fp=0xc1 sp=0xc2 pc=0x46
runtime.goexit({})
	runtime/asm_amd64.s:1700 +0x1 fp=0xc1 sp=0xc2 pc=0x46
created by main.main in goroutine 1
	/app/main.go:9 +0x1b

goroutine 8 [running]:
	goroutine running on other thread; stack unavailable
created by main.main in goroutine 1
	/app/main.go:9 +0x1b

rax    0xca
rip    0x46d881
`);
    expect(warnings).toEqual([]);
    expect(labelledStacksOf(profile, ["region", "step", "creator"])).toEqual({
      'main.lock;sync.runtime_SemacquireMutex {creator=main.main region=north step=a "b"}': [1],
      "(stack unavailable) {creator=main.main}": [1],
    });
  });

  it("may lack frames, which warnings count", async () => {
    const { profile, warnings } = await read(`goroutine 1 [running]:
main.deep(0x1)
	/app/main.go:3 +0x1
...additional frames elided...
main.main()
	/app/main.go:5 +0x1

goroutine 2 [select]:
main.deep(0x1)
	/app/main.go:3 +0x1
...23 frames elided...
main.run()
	/app/ma`);
    expect(stacksOf(profile)).toEqual({ "main.deep": [1], "main.main;main.deep": [1] });
    expect(warnings).toEqual([
      "Go left out frames in the middle of 2 stacks",
      "the callers are missing in 1 stack",
    ]);
  });

  it("have the functions of the profile of the same process", async () => {
    const dump = (await read(recorded("go-goroutine.debug2.txt"))).profile;
    const counts = (await read(recorded("go-goroutine.debug0.pb.gz"))).profile;
    expect(totalsOf(dump)).toEqual(totalsOf(counts));
    // Dumps hide the internals of Go's scheduler. Writing the profile itself differs.
    const isShown = (name: string) => !/^runtime[./]|^main\.main\.func\d+$/.test(name);
    const cumOf = (profile: typeof dump) =>
      Object.fromEntries(
        Object.entries(flatAndCum(profile))
          .filter(([name]) => isShown(name))
          .map(([name, [, cum]]) => [name, cum]),
      );
    expect(cumOf(dump)).toEqual(cumOf(counts));
  });

  it("of a panic are read with the internals of Go", async () => {
    const bytes = recorded("go-panic.txt");
    const { profile, warnings } = await read(bytes);
    expect(warnings).toEqual(["Go left out frames in the middle of 1 stack"]);
    expect(totalsOf(profile)).toEqual([`${bytes}`.match(/^goroutine \d/gm)?.length]);
    const stacks = Object.keys(stacksOf(profile));
    expect(stacks).toContain("runtime.main;main.main;panic");
    expect(stacks.every((stack) => !stack.includes("runtime.goexit"))).toBe(true);
  });

  it("are read in linear time, or refused", async () => {
    const frames = `main.f(${"(".repeat(1000)})\n\t/app/main.go:1 +0x1\n`.repeat(5000);
    const { profile } = await read(`goroutine 1 [running]:\n${frames}`, 1 << 28);
    expect(profile.samples.stackLocations.length).toBe(5000);
    const many = Array.from(
      { length: 100_000 },
      (_, i) => `goroutine ${i} [s${i}]:\nmain.f${i}()\n\t/a.go:1\n`,
    ).join("\n");
    await expect(read(many, 1 << 24)).rejects.toThrow(/needs more than 16 MB/);
  });
});
