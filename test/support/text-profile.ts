import {
  Int64Builder,
  indexColumn,
  int64At,
  Uint32Builder,
  Uint64Builder,
  uint64At,
} from "../../src/profile/columns.js";
import {
  type LineIndex,
  type LocationIndex,
  type MappingIndex,
  NO_MAPPING,
  type StringIndex,
} from "../../src/profile/indices.js";
import type { LabelTable, Profile, SampleTable } from "../../src/profile/profile.js";
import { StringTable } from "../../src/profile/strings.js";
import { encodeUtf8 } from "../../src/profile/utf8.js";
import { type Int64, int64 } from "../../src/units/int64.js";
import { type View, wholeProfile } from "../../src/view/view.js";

/*
 * Profiles as text. A line is a sample: its stack, root first, its values, and its labels.
 *
 *     main;work;leaf 30
 *     main;work>inlined 20 {tenant=acme bytes:1024bytes}
 *
 * - `;` separates locations. `>` separates the lines of one location, outermost first: above,
 *   `inlined` was inlined into `work`. A stack without frames is `-`.
 * - A line of a location is `name@file:line:column^start`. Everything except the name is optional;
 *   `start` is the line on which the function starts. Name, file and start identify a function.
 *   The name may be empty: `@file.c:3`.
 * - The lines of a location may be followed by its binary and its address in hexadecimal:
 *   `work[/bin/app]#40ab`. Both may occur without lines: `#40ab`, `[/bin/app]`. A location without
 *   any details is `?`. Equal texts are the same location.
 * - There is a value for each sample type, in the range of int64.
 * - Labels are `key=text`, `key:number` and `key:numberunit`.
 * - Names, files, binaries and texts of labels that contain blanks or marks of this notation are
 *   in double quotes, as in JSON: `"operator new"`, `tenant="a b"`.
 */

/** The parts of a profile besides its samples. */
export interface ProfileParts {
  /** The sample types as `type/unit`; `samples/count` by default. */
  types?: readonly string[];
  defaultType?: string;
  dropFrames?: string;
  keepFrames?: string;
  comments?: readonly string[];
  docUrl?: string;
  timeNanos?: Int64;
  durationNanos?: Int64;
  /** Build ids by binary. */
  buildIds?: Readonly<Record<string, string>>;
  /** The order of binaries; others follow in the order in which they occur. */
  binaries?: readonly string[];
  /** Whether every use of a text has a string of its own, as in the profiles of some producers. */
  repeatStrings?: boolean;
}

/** Returns the profile that `text` draws, one sample per line. Ignores blank lines. */
export function profileOf(text: string, parts: ProfileParts = {}): Profile {
  const builder = new ProfileBuilder(parts);
  for (const line of text.split("\n")) if (line.trim() !== "") builder.sample(line.trim());
  return builder.finish();
}

/** Returns the samples of `profile` as lines in the notation of {@link profileOf}. */
export function drawProfile(profile: Profile): string[] {
  return drawView(wholeProfile(profile));
}

/** Returns the samples that `view` shows, in the same notation. */
export function drawView(view: View): string[] {
  const rows = Array.from(view.samples, (taken, row) => (taken ? row : -1));
  return rows
    .filter((row) => row >= 0)
    .map((row) => {
      const parts = [drawStack(view, row), ...drawValues(view, row)];
      const labels = drawLabels(view, row);
      if (labels.length > 0) parts.push(`{${labels.join(" ")}}`);
      return parts.join(" ");
    });
}

const WORD = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s;>@[\]{}#^"]+)`;
const LINE = new RegExp(
  String.raw`^(?<name>${WORD})?(?:@(?<file>"(?:[^"\\]|\\.)*"|[^\s;>@[\]{}#^":]*)(?::(?<line>-?\d+)(?::(?<column>-?\d+))?)?)?(?:\^(?<start>-?\d+))?$`,
);
const LOCATION = new RegExp(
  String.raw`^(?<lines>.*?)(?:\[(?<binary>${WORD}|)\])?(?:#(?<address>[0-9a-f]+))?$`,
);

class ProfileBuilder {
  readonly #parts: ProfileParts;
  readonly #typeCount: number;
  readonly #texts: string[] = [];
  readonly #textRows = new Map<string, number>();
  readonly #binaries = new Map<string, number>();
  readonly #functions = new Rows();
  readonly #functionFields: { name: string; file: string; start: bigint }[] = [];
  readonly #locations = new Rows();
  readonly #mapping: number[] = [];
  readonly #address: bigint[] = [];
  readonly #lineOffsets: number[] = [0];
  readonly #lineFunction: number[] = [];
  readonly #line = new Int64Builder();
  readonly #column = new Int64Builder();
  readonly #stackOffsets = new Uint32Builder();
  readonly #stack = new Uint32Builder();
  readonly #values: Int64Builder[];
  readonly #labelOffsets = new Uint32Builder();
  readonly #labelKey: number[] = [];
  readonly #labelText: number[] = [];
  readonly #labelNumber = new Int64Builder();
  readonly #labelUnit: number[] = [];

  constructor(parts: ProfileParts) {
    this.#parts = parts;
    this.#typeCount = this.#types().length;
    this.#values = this.#types().map(() => new Int64Builder());
    this.#stackOffsets.push(0);
    this.#labelOffsets.push(0);
    for (const binary of parts.binaries ?? []) this.#binaries.set(binary, this.#binaries.size);
  }

  #types(): readonly string[] {
    return this.#parts.types ?? ["samples/count"];
  }

  sample(text: string): void {
    const [, body, labels = ""] = /^(.*?)(?:\s+\{(.*)\})?$/s.exec(text) ?? [];
    const words = splitOutsideQuotes(body, /\s/);
    const values = words.splice(-this.#typeCount, this.#typeCount);
    if (words.length !== 1 || values.some((value) => !/^-?\d+$/.test(value))) {
      throw new Error(`want a stack and ${this.#typeCount} value(s): ${text}`);
    }
    if (words[0] !== "-") {
      const locations = splitOutsideQuotes(words[0], /;/).map((place) => this.#location(place));
      for (const location of locations.reverse()) this.#stack.push(location);
    }
    this.#stackOffsets.push(this.#stack.length);
    values.forEach((value, type) => {
      this.#values[type].push(int64(BigInt(value)));
    });
    for (const label of splitOutsideQuotes(labels, /\s/)) this.#label(label);
    this.#labelOffsets.push(this.#labelKey.length);
  }

  #location(text: string): number {
    return this.#locations.row(text, () => {
      const { lines = "", binary, address = "0" } = LOCATION.exec(text)?.groups ?? {};
      this.#mapping.push(binary === undefined ? NO_MAPPING : this.#binary(unquoted(binary)));
      this.#address.push(BigInt(`0x${address}`));
      if (lines !== "" && lines !== "?") {
        // The table has the innermost line first.
        for (const line of splitOutsideQuotes(lines, />/).reverse()) this.#lineOf(line);
      }
      this.#lineOffsets.push(this.#lineFunction.length);
    });
  }

  #lineOf(text: string): void {
    const groups = LINE.exec(text)?.groups;
    if (!groups) throw new Error(`no line of a location: ${text}`);
    const { name = "", file = "", line = "0", column = "0", start = "0" } = groups;
    const fn = { name: unquoted(name), file: unquoted(file), start: BigInt(start) };
    const row = this.#functions.row(JSON.stringify([fn.name, fn.file, start]), () => {
      this.#functionFields.push(fn);
    });
    this.#lineFunction.push(row);
    this.#line.push(int64(BigInt(line)));
    this.#column.push(int64(BigInt(column)));
  }

  #binary(name: string): number {
    const row = this.#binaries.get(name) ?? this.#binaries.size;
    this.#binaries.set(name, row);
    return row;
  }

  #label(text: string): void {
    const string = /^([^=]+)=(.*)$/.exec(text);
    const number = /^(.+):(-?\d+)([^\d]*)$/.exec(text);
    if (!string && !number) throw new Error(`no label: ${text}`);
    this.#labelKey.push(this.#string((string ?? number)?.[1] ?? ""));
    this.#labelText.push(string ? this.#string(unquoted(string[2])) : 0);
    this.#labelNumber.push(!string && number ? int64(BigInt(number[2])) : 0);
    this.#labelUnit.push(!string && number ? this.#string(number[3]) : 0);
  }

  #string(text: string): number {
    if (text === "") return 0;
    const known = this.#textRows.get(text);
    if (known !== undefined && !this.#parts.repeatStrings) return known;
    const row = this.#texts.push(text);
    this.#textRows.set(text, row);
    return row;
  }

  #strings(texts: readonly string[]) {
    return indexColumn<StringIndex>(Uint32Array.from(texts, (text) => this.#string(text)));
  }

  #samples(): SampleTable {
    return {
      length: this.#stackOffsets.length - 1,
      stackOffsets: this.#stackOffsets.finish(),
      stackLocations: indexColumn<LocationIndex>(this.#stack.finish()),
      values: this.#values.map((column) => column.finish()),
      labelOffsets: this.#labelOffsets.finish(),
    };
  }

  #labels(): LabelTable {
    return {
      length: this.#labelKey.length,
      key: indexColumn<StringIndex>(Uint32Array.from(this.#labelKey)),
      text: indexColumn<StringIndex>(Uint32Array.from(this.#labelText)),
      number: this.#labelNumber.finish(),
      unit: indexColumn<StringIndex>(Uint32Array.from(this.#labelUnit)),
    };
  }

  finish(): Profile {
    const parts = this.#parts;
    const string = (text: string | undefined) => this.#string(text ?? "") as StringIndex;
    const binaries = [...this.#binaries.keys()];
    const functions = this.#functionFields;
    const profile: Omit<Profile, "strings"> = {
      sampleTypes: this.#types().map((type) => {
        const [name, unit = ""] = type.split("/");
        return { type: string(name), unit: string(unit) };
      }),
      samples: this.#samples(),
      labels: this.#labels(),
      mappings: {
        length: binaries.length,
        id: ids(binaries.length),
        start: uint64Column(binaries.map(() => 0n)),
        limit: uint64Column(binaries.map(() => 0n)),
        offset: uint64Column(binaries.map(() => 0n)),
        file: this.#strings(binaries),
        buildId: this.#strings(binaries.map((name) => parts.buildIds?.[name] ?? "")),
        flags: new Uint8Array(binaries.length),
      },
      locations: {
        length: this.#locations.count,
        id: ids(this.#locations.count),
        mapping: indexColumn<MappingIndex>(Int32Array.from(this.#mapping)),
        address: uint64Column(this.#address),
        lineOffsets: Uint32Array.from(this.#lineOffsets),
        folded: new Uint8Array(this.#locations.count),
      },
      lines: {
        length: this.#lineFunction.length,
        function: indexColumn(Uint32Array.from(this.#lineFunction)),
        line: this.#line.finish(),
        column: this.#column.finish(),
      },
      functions: {
        length: functions.length,
        id: ids(functions.length),
        name: this.#strings(functions.map((fn) => fn.name)),
        systemName: this.#strings(functions.map((fn) => fn.name)),
        filename: this.#strings(functions.map((fn) => fn.file)),
        startLine: int64Column(functions.map((fn) => fn.start)),
        startColumn: new Float64Array(functions.length),
      },
      dropFrames: string(parts.dropFrames),
      keepFrames: string(parts.keepFrames),
      timeNanos: parts.timeNanos ?? 0,
      durationNanos: parts.durationNanos ?? 0,
      periodType: { type: string(""), unit: string("") },
      period: 0,
      comments: (parts.comments ?? []).map(string),
      defaultSampleType: string(parts.defaultType),
      docUrl: string(parts.docUrl),
    };
    const empty = new StringTable(new Uint8Array(0), new Uint32Array([0, 0]));
    return { ...profile, strings: empty.extend(this.#texts.map(encodeUtf8)) };
  }
}

/** Numbers keys from 0 in the order in which they first occur. */
class Rows {
  readonly #rows = new Map<string, number>();

  get count(): number {
    return this.#rows.size;
  }

  /** Returns the number of `key`. Calls `add` if the key is new. */
  row(key: string, add: () => void): number {
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#rows.size;
      this.#rows.set(key, row);
      add();
    }
    return row;
  }
}

function uint64Column(values: readonly bigint[]) {
  const builder = new Uint64Builder();
  for (const value of values) {
    builder.push(Number(value & 0xffffffffn), Number(BigInt.asUintN(64, value) >> 32n));
  }
  return builder.finish();
}

/** Returns ids that differ from the row numbers, so that tests notice when they are mixed up. */
function ids(count: number) {
  return uint64Column(Array.from({ length: count }, (_, row) => BigInt(row) + 101n));
}

function int64Column(values: readonly bigint[]) {
  const builder = new Int64Builder();
  for (const value of values) builder.push(int64(value));
  return builder.finish();
}

/** Splits at each `separator` (one letter) outside of quotes. Drops empty parts. */
function splitOutsideQuotes(text: string, separator: RegExp): string[] {
  const parts = [""];
  let quoted = false;
  let escaped = false;
  for (const letter of text) {
    if (letter === '"' && !escaped) quoted = !quoted;
    escaped = quoted && letter === "\\" && !escaped;
    if (!quoted && separator.test(letter)) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts.filter((part) => part !== "");
}

function unquoted(text: string): string {
  return text.startsWith('"') ? JSON.parse(text) : text;
}

function quoted(text: string): string {
  return /[\s;>@[\]{}#^"\\]/.test(text) ? JSON.stringify(text) : text;
}

function drawStack(view: View, sample: number): string {
  const places: string[] = [];
  for (let i = view.stackStart[sample]; i < view.stackEnd[sample]; i++) {
    const location = view.profile.samples.stackLocations[i];
    if (!view.frames.hidden[location]) places.unshift(drawLocation(view, location));
  }
  return places.length === 0 ? "-" : places.join(";");
}

function drawLocation({ profile, frames }: View, location: LocationIndex): string {
  const { locations, mappings, strings } = profile;
  const lines: string[] = [];
  for (let i = frames.offsets[location]; i < frames.offsets[location + 1]; i++) {
    lines.unshift(drawLine(profile, frames.lines[i]));
  }
  const mapping = locations.mapping[location];
  const address = uint64At(locations.address, location);
  const text =
    lines.join(">") +
    (mapping === NO_MAPPING ? "" : `[${quoted(strings.get(mappings.file[mapping]))}]`) +
    (address === 0n ? "" : `#${address.toString(16)}`);
  return text === "" ? "?" : text;
}

function drawLine({ lines, functions, strings }: Profile, row: LineIndex): string {
  const fn = lines.function[row];
  const name = quoted(strings.get(functions.name[fn]));
  const file = quoted(strings.get(functions.filename[fn]));
  const line = int64At(lines.line, row);
  const column = int64At(lines.column, row);
  const start = int64At(functions.startLine, fn);
  return (
    name +
    (file === "" && line === 0 && column === 0 ? "" : `@${file}`) +
    (line === 0 && column === 0 ? "" : `:${line}`) +
    (column === 0 ? "" : `:${column}`) +
    (start === 0 ? "" : `^${start}`)
  );
}

function drawValues({ profile }: View, sample: number): string[] {
  return profile.samples.values.map((column) => String(int64At(column, sample)));
}

function drawLabels({ profile, hiddenLabelKeys }: View, sample: number): string[] {
  const { labels, samples, strings } = profile;
  const drawn: string[] = [];
  for (let row = samples.labelOffsets[sample]; row < samples.labelOffsets[sample + 1]; row++) {
    if (hiddenLabelKeys?.[labels.key[row]]) continue;
    const key = strings.get(labels.key[row]);
    drawn.push(
      labels.text[row] === 0
        ? `${key}:${int64At(labels.number, row)}${strings.get(labels.unit[row])}`
        : `${key}=${quoted(strings.get(labels.text[row]))}`,
    );
  }
  return drawn;
}
