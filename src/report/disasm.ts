import { demangle } from "../demangle/index.js";
import { cumOf, flatOf, type NodeValues, sumNodes } from "../graph/node-values.js";
import { sumAt } from "../graph/sums.js";
import { compareNames, presentNodes } from "../graph/trim.js";
import { int64At, uint64At } from "../profile/columns.js";
import { ProfileError } from "../profile/errors.js";
import type { MappingIndex } from "../profile/indices.js";
import { compareUtf8, encodeUtf8 } from "../profile/utf8.js";
import { add, type Int64 } from "../units/int64.js";
import type { Pattern } from "../view/matcher.js";
import type { NodeIndex, NodeTable } from "../view/node-table.js";
import { buildNodes } from "../view/nodes.js";
import { basePath } from "../view/paths.js";
import { meanOf } from "../view/sample-value.js";
import { firstFrom, parseAddress } from "./code-address.js";
import type { ReportInput } from "./input.js";
import type { BinaryCode, CodeSymbol, Instruction, MachineCode } from "./machine-code.js";
import { mapParallel } from "./map-parallel.js";
import type { ValueFormat } from "./value-format.js";

/** An instruction, its values, and its origin as far as it is known. */
export interface DisasmLine {
  readonly flat: Int64;
  readonly cum: Int64;
  /** The address in the file. */
  readonly address: bigint;
  readonly text: string;
  readonly function: string;
  /** The name of the source file without its folder. */
  readonly file: string;
  /** The path of the source file; empty if it is not known. */
  readonly path: string;
  readonly line: Int64;
}

export interface DisasmRoutine {
  readonly name: string;
  /** Other symbols with the same code. */
  readonly aliases: readonly string[];
  /** Sums, even for means. */
  readonly flat: Int64;
  readonly cum: Int64;
  readonly lines: readonly DisasmLine[];
}

/** The machine code of functions, with the values of each instruction. */
export interface DisasmReport {
  /** Without a unit in the options, each value is printed in a unit of its own. */
  readonly format: ValueFormat;
  readonly total: Int64;
  /** Sorted by name; at least one. */
  readonly routines: readonly DisasmRoutine[];
}

/** The number of symbols that are disassembled in parallel, each by a process. */
const MAX_PARALLEL = 3;

/** The maximum length of a listing, far more than anyone reads. */
const MAX_INSTRUCTIONS = 1 << 22;

/** Lists matching symbols; the text may be an address. Throws a ProfileError if there are none. */
export async function disasm(
  input: ReportInput,
  pattern: Pattern,
  patternText: string,
  machineCode: MachineCode,
): Promise<DisasmReport> {
  const { view, value, total, unit, ratio } = input;
  const nodes = buildNodes(view, input.nodes);
  const values = sumNodes(view, nodes, value);
  const present = presentNodes(values, input.trim.dropNegative).sort(
    (a, b) => compareBigints(nodes.address(a), nodes.address(b)) || compareNames(nodes, a, b),
  );
  const address = parseAddress(patternText);
  const names = new NamePattern(pattern);

  const found: FoundSymbol[] = [];
  for (const mapping of matchingMappings(input, nodes, present, names, address)) {
    const code = machineCode.open(view.profile, mapping);
    if (code) found.push(...(await symbolsWithSamples(code, nodes, present, address)));
  }
  const selected = selectSymbols(found, names, address);
  const withSamples = selected.filter(({ members }) => members.length > 0);
  if (withSamples.length === 0) throw nothingFound(patternText, address, selected.length > 0);
  withSamples.sort(
    (a, b) => compareUtf8(a.names[0], b.names[0]) || compareBigints(a.symbol.start, b.symbol.start),
  );

  let room = MAX_INSTRUCTIONS;
  const routines = await mapParallel(withSamples, MAX_PARALLEL, async (chosen) => {
    const { code, symbol, members } = chosen;
    const instructions = await code.disassemble(symbol.start, symbol.end);
    if ("problem" in instructions) throw new ProfileError(instructions.problem);
    room -= instructions.length;
    if (room < 0) {
      throw new ProfileError("the listing is too long; name fewer functions at a time");
    }
    const rows = members.map(({ node }) => node);
    return {
      name: chosen.names[0],
      aliases: chosen.names.slice(1),
      flat: sumAt(values.flat, rows),
      cum: sumAt(values.cum, rows),
      lines: annotate(instructions, members, nodes, values),
    };
  });
  return { format: { from: value.unit, to: unit, ratio }, total, routines };
}

function nothingFound(
  patternText: string,
  address: bigint | undefined,
  isCode: boolean,
): ProfileError {
  if (address === undefined) return new ProfileError(`no matches found for regexp ${patternText}`);
  const hex = `0x${address.toString(16)}`;
  return new ProfileError(
    isCode
      ? `address ${hex} found in binary, but the corresponding symbols do not have samples in the profile`
      : `no matches found for address ${hex}`,
  );
}

/** Returns the mappings whose binary has a matching node, and those that contain the address. */
function matchingMappings(
  { view }: ReportInput,
  nodes: NodeTable,
  present: readonly NodeIndex[],
  names: NamePattern,
  address: bigint | undefined,
): MappingIndex[] {
  const { mappings, strings } = view.profile;
  const binaries = new Set<string>();
  for (const node of present) {
    const binary = nodes.binary(node);
    if (binary !== "" && !binaries.has(binary) && names.test(nodes.name(node))) {
      binaries.add(binary);
    }
  }
  const matching: MappingIndex[] = [];
  for (let row = 0; row < mappings.length; row++) {
    const start = uint64At(mappings.start, row);
    const limit = uint64At(mappings.limit, row);
    const hasAddress = address !== undefined && start <= address && address <= limit;
    if (hasAddress || binaries.has(strings.get(mappings.file[row]))) {
      matching.push(row as MappingIndex);
    }
  }
  return matching;
}

interface CodeNode {
  readonly node: NodeIndex;
  readonly address: bigint;
}

interface FoundSymbol {
  readonly code: BinaryCode;
  readonly symbol: CodeSymbol;
  /** The nodes within the symbol, sorted by address. */
  readonly members: readonly CodeNode[];
  /** Whether the symbol contains the requested address, taken as one in the file or in memory. */
  readonly hasAddress: { readonly inFile: boolean; readonly inMemory: boolean };
}

/** Returns the symbols of a mapping that contain a node or the address. */
async function symbolsWithSamples(
  code: BinaryCode,
  nodes: NodeTable,
  present: readonly NodeIndex[],
  address: bigint | undefined,
): Promise<FoundSymbol[]> {
  const members: CodeNode[] = [];
  for (const node of present) {
    const inFile = code.addressInFile(nodes.address(node));
    if (inFile !== undefined) members.push({ node, address: inFile });
  }
  members.sort((a, b) => compareBigints(a.address, b.address));
  const moved = address === undefined ? undefined : code.addressInFile(address);
  const wanted = members.map((member) => member.address);
  // As in pprof, 0 means that there is no address.
  for (const extra of [address, moved]) if (extra) wanted.push(extra);
  const symbols = await code.symbolsAround(wanted.sort(compareBigints));
  return symbols.map((symbol) => {
    const covers = (at: bigint | undefined) =>
      at !== undefined && at !== 0n && at >= symbol.start && at <= symbol.end;
    return {
      code,
      symbol,
      members: nodesWithin(members, symbol.start, symbol.end),
      hasAddress: { inFile: covers(address), inMemory: covers(moved) },
    };
  });
}

/** Returns the nodes with addresses in `[start, end)`. */
function nodesWithin(members: readonly CodeNode[], start: bigint, end: bigint): CodeNode[] {
  return members.slice(firstFrom(members, start), firstFrom(members, end));
}

/**
 * Selects the symbols that match, with the names to show. As in pprof, an address is an address in
 * the file; if no symbol there has samples, it is tried as an address in memory.
 */
function selectSymbols(
  found: readonly FoundSymbol[],
  names: NamePattern,
  address: bigint | undefined,
): (FoundSymbol & { names: readonly string[] })[] {
  const chosenBy = (where: "inFile" | "inMemory") =>
    found.flatMap((one) => {
      if (one.hasAddress[where]) return [{ ...one, names: one.symbol.names }];
      const name = names.matchingName(one.symbol.names);
      return name === undefined ? [] : [{ ...one, names: [name] }];
    });
  const chosen = chosenBy("inFile");
  const isEmpty = chosen.every(({ members }) => members.length === 0);
  return address !== undefined && isEmpty ? chosenBy("inMemory") : chosen;
}

class NamePattern {
  readonly #pattern: Pattern;

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  test(name: string): boolean {
    return this.#pattern.test(encodeUtf8(name));
  }

  /** Returns the first name that matches, or its first demangled form that matches. */
  matchingName(names: readonly string[]): string | undefined {
    for (const name of names) {
      if (this.test(name)) return name;
      for (const style of ["full", "templates", "simplified"] as const) {
        const readable = demangle(name, style);
        if (readable !== undefined && this.test(readable)) return readable;
      }
    }
    return undefined;
  }
}

/** Adds values. An instruction gets all nodes up to the next, as samples may point inside it. */
function annotate(
  instructions: readonly Instruction[],
  members: readonly CodeNode[],
  nodes: NodeTable,
  values: NodeValues,
): DisasmLine[] {
  let next = 0;
  return instructions.map((instruction, i) => {
    const end = instructions[i + 1]?.address;
    const first = next;
    while (next < members.length && (end === undefined || members[next].address < end)) next++;
    return annotated(
      instruction,
      members.slice(first, next).map(({ node }) => node),
      nodes,
      values,
    );
  });
}

function annotated(
  { address, text, function: name, file, line }: Instruction,
  members: readonly NodeIndex[],
  nodes: NodeTable,
  values: NodeValues,
): DisasmLine {
  const path = file || firstOf(members, (node) => nodes.file(node)) || "";
  return {
    ...valuesOf(members, values),
    address,
    text,
    function: name || firstOf(members, (node) => nodes.functionName(node)) || "",
    file: path === "" ? "" : basePath(path),
    path,
    line: line || firstOf(members, (node) => nodes.line(node)) || 0,
  };
}

/** Returns the first attribute that is not empty. */
function firstOf<T>(
  members: readonly NodeIndex[],
  attribute: (node: NodeIndex) => T,
): T | undefined {
  for (const node of members) {
    const value = attribute(node);
    if (value) return value;
  }
  return undefined;
}

function valuesOf(members: readonly NodeIndex[], values: NodeValues): { flat: Int64; cum: Int64 } {
  if (members.length === 1) {
    return { flat: flatOf(values, members[0]), cum: cumOf(values, members[0]) };
  }
  const sums = { flat: 0 as Int64, cum: 0 as Int64 };
  const divisors = { flat: 0 as Int64, cum: 0 as Int64 };
  for (const node of members) {
    sums.flat = add(sums.flat, int64At(values.flat, node));
    sums.cum = add(sums.cum, int64At(values.cum, node));
    if (values.flatDivisor) {
      divisors.flat = add(divisors.flat, int64At(values.flatDivisor, node));
    }
    if (values.cumDivisor) divisors.cum = add(divisors.cum, int64At(values.cumDivisor, node));
  }
  return {
    flat: meanOf(sums.flat, divisors.flat),
    cum: meanOf(sums.cum, divisors.cum),
  };
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
