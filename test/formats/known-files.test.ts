import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readProfile } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";

const latin1 = (text: string) => Buffer.from(text, "latin1");

/** Random-looking bytes after the first ones. */
const rest = Array.from({ length: 600 }, (_, i) => String.fromCharCode((i * 167 + 13) % 256)).join(
  "",
);

const FILES: [kind: string, message: RegExp, start: string][] = [
  ["JFR", /JFR recording; convert it with `jfrconv /, "FLR\0\0\x02\0\x01"],
  ["perf.data", /recording of perf; .* `perf script -i FILE > out.txt`/, "PERFILE2h\0\0\0"],
  ["ELF", /a program, not a profile/, "\x7fELF\x02\x01\x01"],
  ["PE", /a program, not a profile/, "MZ\x90\0\x03"],
  ["Mach-O", /a program, not a profile/, "\xcf\xfa\xed\xfe\x0c"],
  ["MOJO", /MOJO file of Austin; .*mojo2austin/, "MOJ\x03\x01mode\0wall\0"],
  ["nettrace", /\.NET trace; .*dotnet-trace convert/, "Nettrace\x14\0\0\0!FastSerialization.1"],
  ["hprof", /Java heap dump/, "JAVA PROFILE 1.0.2\0\0\0"],
  ["gmon.out", /gmon\.out/, "gmon\x01\0\0\0"],
  ["JSLB", /JSLB file of the Firefox Profiler; .* save it as JSON/, "\xdc\xdfJSLB\x01\0\x01"],
  ["memray", /memray recording/, "memray\0\x0c"],
  ["SQLite", /SQLite database/, "SQLite format 3\0\x10"],
  ["zip", /zip file; unpack it/, "PK\x03\x04\x14\0"],
  ["tar", /archive; unpack it/, `trace/\0${"\0".repeat(250)}ustar\0`],
  ["zstd", /`zstd -d FILE`/, "\x28\xb5\x2f\xfd\x04"],
  ["xz", /`xz -d FILE`/, "\xfd7zXZ\0\0"],
  ["bzip2", /`bzip2 -d FILE`/, "BZh91AY&SY\x01"],
  ["lz4", /`lz4 -d FILE`/, "\x04\x22\x4d\x18d"],
  ["PNG", /a picture/, "\x89PNG\r\n\x1a\n"],
  ["JPEG", /a picture/, "\xff\xd8\xff\xe0\0\x10JFIF"],
  ["GIF", /a picture/, "GIF89a\x01"],
  ["PDF", /PDF document/, "%PDF-1.7\n"],
  ["a Go execution trace", /execution trace; `go tool trace -pprof=sync/, "go 1.22 trace\0\0\0"],
  ["unknown binary data", /unrecognized profile format: this is binary data/, "\xcb\x01\x02"],
  ["zeros", /begins with zero bytes/, "\0".repeat(2000)],
];

const TEXTS: [kind: string, message: RegExp, text: string][] = [
  ["SVG", /a picture/, '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "a" "b">\n<svg width="1">'],
  ["HTML", /HTML page, not a profile; check the address/, "\n<!doctype HTML>\n<html><p>404"],
  ["HTML after a byte order mark", /HTML page/, "\ufeff<html>"],
  [
    "a heap snapshot",
    /malformed V8 heap snapshot: node_fields is not a list/,
    '{"snapshot":{"meta":{}},"nodes":[],"edges":[]}',
  ],
  ["a source map", /source map/, '{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}'],
  ["DHAT", /DHAT/, '{"dhatFileVersion":2,"mode":"heap"}'],
  ["other JSON", /JSON, but not of a profile/, '\n{"name":"x","dependencies":{"snapshot":1}}'],
  ["a list", /JSON, but not of a profile/, '[{"a":1}]'],
  ["node --prof", /node --prof-process --preprocess/, "v8-version,12,4,254,21,0\n"],
  [
    "node --prof-process",
    /--cpu-prof/,
    "Statistical profiling result from isolate.log, (1 ticks)\n",
  ],
  ["pprof -raw", /`pprof -raw`/, "PeriodType: cpu nanoseconds\nPeriod: 1\n"],
  ["a report", /report of pprof/, "File: a\nType: cpu\nShowing nodes accounting for 1s\n"],
  ["massif", /ms_print/, "desc: --x\ncmd: ./a\ntime_unit: i\n"],
  ["sample", /inferno-collapse-sample/, "Analysis of sampling a (pid 1) every 1 millisecond\n"],
];

const read = (bytes: Uint8Array) => readProfile(bytes, gunzip, 1 << 26);

describe("an input that is not a profile is named, with what to do instead", () => {
  it.each(FILES)("%s", async (_, message, start) => {
    for (const bytes of [latin1(start), latin1(start + rest)]) {
      await expect(read(bytes)).rejects.toThrow(message);
      await expect(read(gzipSync(bytes))).rejects.toThrow(message);
    }
  });

  it.each(TEXTS)("%s", async (_, message, text) => {
    await expect(read(Buffer.from(text))).rejects.toThrow(message);
    await expect(read(Buffer.from(text + "x 1 2\n".repeat(20_000)))).rejects.toThrow(message);
  });

  it("text in UTF-16", async () => {
    const text = "\ufeffPeriodType: cpu nanoseconds\r\nmain;a 5\r\n";
    const little = Buffer.from(text, "utf16le");
    const big = Buffer.from(little).swap16();
    for (const bytes of [little, big, little.subarray(2)]) {
      await expect(read(bytes)).rejects.toThrow(/text in UTF-16; convert it with `iconv/);
    }
  });

  it("gzip data in gzip data", async () => {
    await expect(read(gzipSync(gzipSync("a;b 5\n")))).rejects.toThrow(/compressed by gzip twice/);
  });

  it("a speedscope file without profiles", async () => {
    const text = '{"shared":{"frames":[]},"profiles":[]}';
    await expect(read(Buffer.from(text))).rejects.toThrow(
      "the speedscope file contains no profiles",
    );
  });

  it("unless it is a damaged profile or unknown text", async () => {
    await expect(read(Buffer.of(0x0a, 0x02, 0x08, 0x01, 0x0f))).rejects.toThrow(
      /^malformed profile: /,
    );
    await expect(read(Buffer.from("[INFO] started {\n"))).rejects.toThrow(/looks like text/);
    await expect(read(Buffer.from("MOJO is a format\n"))).rejects.toThrow(/looks like text/);
  });
});
