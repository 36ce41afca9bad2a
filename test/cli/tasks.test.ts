import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { schemaProblems } from "../support/json-schema.js";
import { useOneProcess } from "../support/one-process.js";
import { compilerEdges, decodedProfile } from "../support/pgo-edges.js";
import { pprof } from "../support/pprof.js";
import { encodeWithProtobufjs, ROOT } from "../support/proto.js";
import { tsprof } from "../support/run.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-tasks-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SCHEMA = JSON.parse(readFileSync(path.join(ROOT, "docs/schema/tsprof.schema.json"), "utf8"));

const run = useOneProcess();
const fixture = (name: string) => path.join(ROOT, "fixtures", name);
const place = (name: string) => path.join(folder, name);
const GO = fixture("go-cpu.pb.gz");

/** Sums the samples of a profile by its first value column and another. */
function totals(file: string): number[] {
  const { sample, sample_type } = decodedProfile(readFileSync(file));
  return sample_type.map((_, i) => sample.reduce((sum, { value }) => sum + Number(value[i]), 0));
}

describe("tsprof info", () => {
  it("reports the same as protobufjs", async () => {
    const files = ["go-cpu.pb.gz", "go-heap.pb.gz", "v8-cpu.pb.gz"].map(fixture);
    const { code, stdout, stderr } = await run(["info", "-format=json", ...files]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const document = JSON.parse(stdout);
    expect(schemaProblems(SCHEMA, document)).toEqual([]);
    files.forEach((file, i) => {
      const plain = decodedProfile(readFileSync(file));
      const text = (index: string) => plain.string_table[Number(index)];
      const info = document.files[i];
      expect(info).toMatchObject({
        file,
        format: "profile.proto",
        gzip: true,
        bytes: readFileSync(file).length,
        inflated_bytes: gunzipSync(readFileSync(file)).length,
        samples: plain.sample.length,
        distinct_stacks: new Set(plain.sample.map(({ location_id }) => String(location_id))).size,
        max_depth: Math.max(...plain.sample.map(({ location_id }) => location_id.length)),
        locations: plain.location.length,
        functions: plain.function.length,
      });
      expect(
        info.values.map(({ type, total }: { type: string; total: number }) => [type, total]),
      ).toEqual(plain.sample_type.map(({ type }, row) => [text(type), totals(file)[row]]));
      const labels = new Map<string, Set<string>>();
      for (const { key, str, num } of plain.sample.flatMap(({ label }) => label)) {
        const values = labels.get(text(key)) ?? new Set();
        labels.set(text(key), values.add(str === "0" ? num : text(str)));
      }
      expect(
        Object.fromEntries(
          info.labels.map(({ key, values }: { key: string; values: number }) => [key, values]),
        ),
      ).toEqual(Object.fromEntries([...labels].map(([key, values]) => [key, values.size])));
    });
    const names = document.files.map(
      (file: { producer_guess: { name: string } }) => file.producer_guess.name,
    );
    expect(names).toEqual(["Go", "Go", "V8 (Node.js or a browser)"]);
  });

  it("names formats other than profile.proto", async () => {
    const { stdout } = await run([
      "info",
      fixture("cpp-cpu.prof"),
      fixture("legacy/cpp-heap.prof"),
    ]);
    expect(stdout).toContain("Format: CPU profile of gperftools, ");
    expect(stdout).toContain("\n\nFile: ");
    expect(stdout).toContain("Format: heap profile, ");
    expect(stdout).toContain("Warning: no location has a function name: give the program");
  });

  it("warns about unreadable files, shows the others, and fails", async () => {
    const { code, stdout, stderr } = await tsprof(["info", place("nope"), GO, "README.md"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^File: .*go-cpu\.pb\.gz\n/);
    expect(stdout.match(/^File: /gm)).toHaveLength(1);
    expect(stderr).toBe(
      `tsprof: ${place("nope")}: no such file or directory\n` +
        "tsprof: README.md: unrecognized profile format: this looks like text\n",
    );
  });

  it("warns about stacks that are probably cut off, differences, and missing parts", async () => {
    const stack = (leaf: number, depth: number) =>
      Array.from({ length: depth }, (_, i) => (i === 0 ? leaf : 1));
    const profile = (depth: number) =>
      encodeWithProtobufjs({
        string_table: ["", "cpu", "nanoseconds", "runtime.goexit", "/bin/app"],
        sample_type: [{ type: 1, unit: 2 }],
        sample: [2, 3, 4].map((leaf) => ({ location_id: stack(leaf, depth), value: [-leaf] })),
        mapping: [{ id: 1, filename: 4 }],
        location: [1, 2, 3, 4].map((id) => ({
          id,
          address: id,
          mapping_id: 1,
          line: [{ function_id: 1, line: id }],
        })),
        function: [{ id: 1, name: 3 }],
      });
    writeFileSync(place("cut.pb"), profile(64));
    writeFileSync(place("whole.pb"), profile(63));
    const warnings = async (file: string) =>
      [...(await run(["info", place(file)])).stdout.matchAll(/^Warning: (.*)$/gm)].map(
        ([, it]) => it,
      );
    const others = [
      "no period: the sampling rate is not known",
      "no start lines of functions (start_line): Go's compiler cannot use the profile for PGO",
      "no build ids: tsprof cannot check whether a binary is the one that was profiled",
    ];
    expect(await warnings("cut.pb")).toEqual([
      "negative values: the profile is a difference of profiles",
      "stacks are probably truncated: 3 different ones have 64 locations, the maximum",
      ...others,
    ]);
    expect(await warnings("whole.pb")).toEqual([
      "negative values: the profile is a difference of profiles",
      ...others,
    ]);
  });

  it("fetches URLs in parallel, as all commands do", async () => {
    const asked: { url: string | undefined; token: string | undefined }[] = [];
    const held: (() => void)[] = [];
    const server = http.createServer(({ url, headers }, response) => {
      asked.push({ url, token: headers.authorization });
      held.push(() => {
        if (url?.startsWith("/gone")) response.writeHead(404).end("no such profile");
        else response.end(readFileSync(GO));
      });
      if (held.length === 3) for (const answer of held) answer();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const source = (name: string) => `http://me:secret@127.0.0.1:${port}/${name}`;
      const options = [
        "-format=json",
        "-seconds=3",
        "-timeout=9",
        "-header",
        "Authorization: Bearer t",
      ];
      const files = [source("one"), GO, source("gone"), source("two?debug=0")];
      const { code, stdout, stderr } = await tsprof(["info", ...options, ...files]);
      expect(code).toBe(1);
      expect(asked).toHaveLength(3);
      expect(asked).toContainEqual({ url: "/one?seconds=3", token: "Bearer t" });
      expect(stdout + stderr).not.toContain("secret");
      expect(stderr).toMatch(/^tsprof: http:\/\/me:xxxxx@.*\/gone\?seconds=3: .*404/m);
      const document = JSON.parse(stdout);
      expect(schemaProblems(SCHEMA, document)).toEqual([]);
      const [one, local, gone, two] = document.files;
      expect(local.file).toBe(GO);
      for (const { file, ...fetched } of [one, two]) {
        expect(file).toContain("http://me:xxxxx@127.0.0.1");
        expect({ ...fetched, file: GO }).toEqual(local);
      }
      expect(gone.problem).toMatch(/404/);
    } finally {
      server.close();
    }
  });

  it("refuses wrong options for downloads", async () => {
    const { code, stderr } = await run(["info", "-tls_cert=x.pem", GO]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "tsprof: -tls_cert needs -tls_key too\n",
    });
  });

  it("refuses options of reports", async () => {
    const { code, stderr } = await run(["info", "-focus=x", GO]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: "tsprof: info does not take -focus\n" });
  });
});

describe("tsprof merge", () => {
  it("adds up profiles by their weights, and pprof reads the result", async () => {
    const output = place("merged.pb.gz");
    const args = [`${GO}:0.3`, `${fixture("go-cpu-fast.pb.gz")}:2`];
    const { code, stderr } = await run(["merge", "-output", output, ...args]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `tsprof: wrote the profile to ${output}\n`,
    });
    const [first, second] = [totals(GO), totals(fixture("go-cpu-fast.pb.gz"))];
    totals(output).forEach((total, i) => {
      expect(Math.abs(total - (first[i] * 0.3 + second[i] * 2))).toBeLessThanOrEqual(0.5001);
    });
    const theirs = await pprof(["-top", "-unit=ns", "-symbolize=none", output]);
    expect(theirs.stdout).toContain(`of ${totals(output)[1]}ns total`);
  });

  it("opens a file whose name ends like a weight, and refuses invalid weights", async () => {
    const odd = place("a.pb:0.5");
    writeFileSync(odd, readFileSync(GO));
    await run(["merge", "-output", place("same.pb.gz"), odd]);
    expect(totals(place("same.pb.gz"))).toEqual(totals(GO));
    await run(["merge", "-output", place("half.pb.gz"), `${odd}:0.5`]);
    expect(totals(place("half.pb.gz"))).toEqual(totals(GO).map((total) => total / 2));
    expect(await run(["merge", "-output", place("x"), `${GO}:0`])).toMatchObject({
      code: 2,
      stderr: `tsprof: ${GO}:0: the weight must be a number above 0\n`,
    });
  });

  it("writes nothing if one of the files cannot be read", async () => {
    const { code, stderr } = await run([
      "merge",
      "-output",
      place("none.pb.gz"),
      GO,
      place("nope"),
    ]);
    expect(code).toBe(1);
    expect(stderr).toBe(`tsprof: ${place("nope")}: no such file or directory\n`);
    expect(existsSync(place("none.pb.gz"))).toBe(false);
  });
});

describe("tsprof pgo", () => {
  const input = fixture("pgo/orders.pb.gz");

  it("makes a small profile with the calls that the compiler finds in the original", async () => {
    const output = place("default.pgo");
    const { code, stderr } = await run(["pgo", "-keep=1", "-output", output, input]);
    expect(code).toBe(0);
    const edges = compilerEdges(readFileSync(input));
    expect(edges.size).toBeGreaterThan(200);
    expect(stderr).toMatch(
      new RegExp(
        `^tsprof: kept 100% of the weight, in ${edges.size} of ${edges.size} calls: ` +
          `[0-9.]+kB instead of [0-9.]+kB; wrote ${output}\n$`,
      ),
    );
    expect(compilerEdges(readFileSync(output))).toEqual(edges);
    expect(readFileSync(output).length).toBeLessThan(readFileSync(input).length * 0.7);
    expect(decodedProfile(readFileSync(output)).sample.flatMap(({ label }) => label)).toEqual([]);
    // pprof reads the result, and can merge it with a complete profile.
    const merged = await pprof(["-top", "-symbolize=none", output, input]);
    expect(merged.code).toBe(0);
    expect(merged.stdout).toContain("Type: cpu");
  });

  it("writes the same bytes each time, also under its alias", async () => {
    await run(["pgo", "-output", place("one.pgo"), input]);
    await run(["trim", "-output", place("two.pgo"), input]);
    expect(readFileSync(place("two.pgo"))).toEqual(readFileSync(place("one.pgo")));
  });

  it("refuses profiles that the compiler cannot use, in one line", async () => {
    const output = place("no.pgo");
    const without = await run(["pgo", "-output", output, GO]);
    expect(without.code).toBe(1);
    expect(without.stderr).toMatch(/^tsprof: no function has a first line \(start_line\).*\n$/);
    const heap = await run(["pgo", "-output", output, fixture("go-heap.pb.gz")]);
    expect(heap.stderr).toMatch(/^tsprof: not a Go CPU profile.*\n$/);
    const share = await run(["pgo", "-keep=1.5", "-output", output, GO]);
    expect(share).toMatchObject({
      code: 2,
      stderr: "tsprof: -keep must be a share above 0 and up to 1, not 1.5\n",
    });
    expect(existsSync(output)).toBe(false);
    expect((await run(["top", "-keep=0.5", GO])).stderr).toBe("tsprof: -keep is for tsprof pgo\n");
  });
});
