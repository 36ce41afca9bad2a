import { decodeUtf8 } from "../profile/utf8.js";
import { jsonStart, outermostKeys } from "./json.js";

/**
 * Returns a line for the user that names the kind of an input that no format reads, and says what
 * to do instead. Returns undefined for unknown kinds. `bytes` is the whole input or its head.
 */
export function describeFile(bytes: Uint8Array): string | undefined {
  const binary = BINARY_FILES.find(([magic, , at = 0]) => hasBytes(bytes, magic, at));
  if (binary) return binary[1];
  if (isUtf16(bytes)) return UTF16;
  if (bytes.length > 0 && bytes.every((byte) => byte === 0)) return ZEROS;
  const text = decodeUtf8(bytes, 0, Math.min(bytes.length, TEXT_BYTES));
  const json = describeJson(bytes);
  return json ?? TEXT_FILES.find(([pattern]) => pattern.test(text))?.[1];
}

/** The number of bytes in which texts are recognized. */
const TEXT_BYTES = 4096;

const PROGRAM =
  "this is a program, not a profile; give a profile after it: tsprof top PROGRAM PROFILE";
const MOJO = "this is a MOJO file of Austin; convert it with `mojo2austin FILE out.txt`";
const IMAGE = "this is a picture; give the profile that it shows";
const UTF16 = "this is text in UTF-16; convert it with `iconv -f UTF-16 -t UTF-8`";
const ZEROS = "the file begins with zero bytes; its profiler may not have finished writing";
const PERF = "this is a recording of perf; print it with `perf script -i FILE > out.txt`";
const ARCHIVE = "this is an archive; unpack it and give the profile in it";

/** The first bytes of binary files, what to do with them, and the offset of the bytes. */
const BINARY_FILES: readonly (readonly [magic: string, message: string, at?: number])[] = [
  ["FLR\0", "this is a JFR recording; convert it with `jfrconv -o pprof FILE out.pb.gz`"],
  ["PERFILE2", PERF],
  ["2ELIFREP", PERF],
  ["\x7fELF", PROGRAM],
  ["MZ\x90\0", PROGRAM],
  ["\xfe\xed\xfa\xce", PROGRAM],
  ["\xfe\xed\xfa\xcf", PROGRAM],
  ["\xce\xfa\xed\xfe", PROGRAM],
  ["\xcf\xfa\xed\xfe", PROGRAM],
  ...["MOJ\x01", "MOJ\x02", "MOJ\x03", "MOJ\x04"].map((magic) => [magic, MOJO] as const),
  ["Nettrace", "this is a .NET trace; convert it with `dotnet-trace convert --format Speedscope`"],
  ["JAVA PROFILE 1.", "this is a Java heap dump (hprof); tsprof reads no heap dumps of Java"],
  [
    "gmon\x01\0",
    "this is gprof's gmon.out; record with `perf record -g`, and print with `perf script`",
  ],
  [
    "\x04\x08",
    "this is Ruby's Marshal format; if stackprof wrote it, convert it with `stackprof --json FILE`",
  ],
  [
    "\xdc\xdfJSLB\x01\0",
    "this is a JSLB file of the Firefox Profiler; open it at profiler.firefox.com, and save it as JSON",
  ],
  ["memray\0", "this is a memray recording; tsprof does not read it, use `memray flamegraph`"],
  [
    "SQLite format 3\0",
    "this is a SQLite database; export the profile from the tool that wrote it",
  ],
  ["PK\x03\x04", "this is a zip file; unpack it with `unzip`, and give the profile in it"],
  ["PK\x05\x06", "this is an empty zip file"],
  ["ustar", ARCHIVE, 257],
  ["7z\xbc\xaf\x27\x1c", ARCHIVE],
  ["\x28\xb5\x2f\xfd", "this is compressed by zstd; unpack it with `zstd -d FILE`"],
  ["\xfd7zXZ\0", "this is compressed by xz; unpack it with `xz -d FILE`"],
  ["1AY&SY", "this is compressed by bzip2; unpack it with `bzip2 -d FILE`", 4],
  ["\x04\x22\x4d\x18", "this is compressed by lz4; unpack it with `lz4 -d FILE`"],
  ["\x1f\x8b", "this is compressed by gzip twice; unpack it once with `gzip -d`"],
  ["\x89PNG", IMAGE],
  ["\xff\xd8\xff", IMAGE],
  ["GIF8", IMAGE],
  ["WEBP", IMAGE, 8],
  ["%PDF-", "this is a PDF document; give the profile that it shows"],
];

/** Patterns for the start of texts, and what to do with them. JSON is recognized by its keys. */
const TEXT_FILES: readonly (readonly [pattern: RegExp, message: string])[] = [
  [
    /^go 1\.\d+ trace\0/,
    "this is a Go execution trace; `go tool trace -pprof=sync FILE > out.pb.gz` extracts a " +
      "profile (also net, syscall, sched)",
  ],
  [
    /^\ufeff?\s*<!doctype html|^\ufeff?\s*<html/i,
    "this is an HTML page, not a profile; check the address, or give the profile that it " +
      "shows",
  ],
  [/^\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?<svg/i, IMAGE],
  [
    /^v8-version,/,
    "this is V8's log of `node --prof`; convert it with `node --prof-process --preprocess FILE " +
      "> out.json`",
  ],
  [
    /^Statistical profiling result from /,
    "this is the text of `node --prof-process`; record with `node --cpu-prof` instead",
  ],
  [/^PeriodType: .*\n/, "this is the text of `pprof -raw`; give the profile that it shows"],
  [
    /^(?:(?:File|Build ID|Type|Time|Duration): .*\n)+Showing nodes /,
    "this is a report of pprof; give the profile that it shows",
  ],
  [
    /^desc: .*\ncmd: .*\ntime_unit: /,
    "this is massif's output; tsprof does not read it, use `ms_print`",
  ],
  [
    /^Analysis of sampling .*every /,
    "this is the output of macOS's sample; convert it with `inferno-collapse-sample FILE`",
  ],
];

/** Keys of JSON files that are no profile in a known format, and what to do with them. */
const JSON_KEYS: Readonly<Record<string, string>> = {
  mappings:
    "this is a source map; give the profile, and tsprof finds the source maps of its scripts",
  dhatFileVersion: "this is DHAT's output; tsprof does not read it, use Valgrind's dh_view.html",
};

/** The number of keys to examine. Values between the keys may be long. */
const MAX_KEYS = 50;

function describeJson(bytes: Uint8Array): string | undefined {
  const first = bytes[jsonStart(bytes)];
  if (first !== OPEN_OBJECT && first !== OPEN_LIST) return undefined;
  let count = 0;
  for (const key of outermostKeys(bytes)) {
    if (Object.hasOwn(JSON_KEYS, key)) return JSON_KEYS[key];
    if (++count === MAX_KEYS) break;
  }
  return count > 0 ? UNKNOWN_JSON : undefined;
}

const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;
const UNKNOWN_JSON =
  "this is JSON, but not of a profile that tsprof reads, such as those of V8, Chrome, Firefox, " +
  "Hermes, speedscope or stackprof";

function hasBytes(bytes: Uint8Array, magic: string, at: number): boolean {
  if (bytes.length < at + magic.length) return false;
  for (let i = 0; i < magic.length; i++) {
    if (bytes[at + i] !== magic.charCodeAt(i)) return false;
  }
  return true;
}

/** The number of characters that decide whether text without a byte order mark is UTF-16. */
const UTF16_CHARACTERS = 16;

/** Tests for a byte order mark, or for ASCII characters that are each followed by a zero byte. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  if (bytes.length < UTF16_CHARACTERS * 2) return false;
  for (let i = 0; i < UTF16_CHARACTERS; i++) {
    const low = bytes[i * 2];
    if (bytes[i * 2 + 1] !== 0 || low < 0x09 || low > 0x7e) return false;
  }
  return true;
}
