import { uint64At } from "../profile/columns.js";
import { type MappingIndex, NO_MAPPING } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { compareUtf8 } from "../profile/utf8.js";
import { add, type Int64, sum } from "../units/int64.js";
import { cleanPath } from "../view/paths.js";
import { firstFrom } from "./code-address.js";
import type { BinaryCode, Instruction, MachineCode } from "./machine-code.js";
import { mapParallel } from "./map-parallel.js";
import type {
  FoundAddresses,
  InterestingAddress,
  SampledAddress,
  ShownFrame,
} from "./weblist-addresses.js";

/** An instruction with its values. Without machine code, an address of samples takes its place. */
export interface InstructionSums {
  readonly addressInFile: bigint;
  /** The number of bytes up to the next instruction. */
  readonly length: number;
  /** Empty if the machine code is not available. */
  readonly text: string;
  /** The source file of the innermost call. */
  readonly file: string;
  readonly line: number;
  readonly flat: Int64;
  readonly cum: Int64;
}

/** An instruction that belongs to a source line, directly or through inlined calls. */
export interface InlinedAddress {
  /** The address in memory. */
  readonly address: bigint;
  /** The inlined calls from the source line to the instruction, outermost first. */
  readonly calls: readonly { readonly file: string; readonly line: number }[];
}

/** The lines of a source file that have instructions of interest. */
export interface CompiledFile {
  readonly name: string;
  /** By line number. */
  readonly lines: ReadonlyMap<number, CompiledLine>;
}

interface CompiledLine {
  /** The first function found on the line. */
  readonly functionName: string;
  readonly addresses: readonly InlinedAddress[];
}

export interface CompiledCode {
  /** By address in memory. */
  readonly code: ReadonlyMap<bigint, InstructionSums>;
  /** Sorted by name. */
  readonly files: readonly CompiledFile[];
  /** The errors, one line each. */
  readonly problems: readonly string[];
}

/** The number of bytes to disassemble before and after an address of samples. */
const MARGIN_BYTES = 500n;
/** If there are more ranges, only the heaviest are disassembled. */
const MAX_RANGES = 25;
/** An instruction without a line gets the line of a previous instruction within this distance. */
const MAX_LINE_REACH_BYTES = 32n;
/** The number of ranges that are disassembled in parallel. */
const MAX_PARALLEL = 3;

/** A range of code around addresses of samples. */
interface CodeRange {
  readonly code: BinaryCode;
  readonly begin: bigint;
  readonly end: bigint;
  readonly addresses: readonly InterestingAddress[];
  /** The sum of the flat values in the range. */
  readonly score: Int64;
}

/** Finds the instructions around the interesting addresses, and their source lines. */
export async function findCode(
  profile: Profile,
  found: FoundAddresses,
  machineCode: MachineCode,
): Promise<CompiledCode> {
  const collector = new CodeCollector(found);
  const problems = new Set<string>();
  const { ranges, others } = findRanges(profile, found, machineCode);
  const results = await mapParallel(ranges, MAX_PARALLEL, disassembleRange);
  // As in pprof, addresses without machine code come first.
  for (const address of others) collector.addSampled(address);
  results.forEach((result, i) => {
    if (!("problem" in result)) return;
    problems.add(result.problem);
    for (const address of ranges[i].addresses) collector.addSampled(address);
  });
  for (const result of results) if (!("problem" in result)) collector.addCode(result);
  return { ...collector.finish(), problems: [...problems] };
}

/** Returns the ranges to disassemble, heaviest first, and the addresses without a binary. */
function findRanges(
  profile: Profile,
  { interesting, sampled }: FoundAddresses,
  machineCode: MachineCode,
): { ranges: CodeRange[]; others: InterestingAddress[] } {
  const { locations, mappings } = profile;
  const binaries = new Map<MappingIndex, BinaryCode | undefined>();
  const codeOf = (mapping: MappingIndex) => {
    if (mapping === NO_MAPPING) return undefined;
    if (!binaries.has(mapping)) binaries.set(mapping, machineCode.open(profile, mapping));
    return binaries.get(mapping);
  };
  const flat = new Map(sampled.map((one) => [one.address, one.flat]));
  const others: InterestingAddress[] = [];
  const ranges: CodeRange[] = [];
  let current: InterestingAddress[] = [];
  let mapping = NO_MAPPING;
  const finish = () => {
    const code = codeOf(mapping);
    if (current.length === 0 || !code) return;
    const start = uint64At(mappings.start, mapping);
    const limit = uint64At(mappings.limit, mapping);
    const [first, last] = [current[0].address, current[current.length - 1].address];
    ranges.push({
      code,
      begin: first - start > MARGIN_BYTES ? first - MARGIN_BYTES : start,
      end: limit - last >= MARGIN_BYTES ? last + MARGIN_BYTES : limit,
      addresses: current,
      score: sum(current.map(({ address }) => flat.get(address) ?? 0)),
    });
    current = [];
  };
  for (const one of interesting) {
    const own = locations.mapping[one.location];
    if (codeOf(own)?.addressInFile(one.address) === undefined) {
      others.push(one);
      continue;
    }
    const last = current.at(-1);
    if (last && (own !== mapping || one.address > last.address + 2n * MARGIN_BYTES)) finish();
    mapping = own;
    current.push(one);
  }
  finish();
  ranges.sort((a, b) => (a.score < b.score ? 1 : a.score > b.score ? -1 : 0));
  return { ranges: ranges.slice(0, MAX_RANGES), others };
}

/** An instruction with the functions that contain it, innermost inlined call first. */
interface FramedInstruction {
  readonly instruction: Instruction;
  /** The address in memory. */
  readonly address: bigint;
  readonly length: number;
  readonly frames: readonly ShownFrame[];
}

async function disassembleRange({
  code,
  begin,
  end,
}: CodeRange): Promise<FramedInstruction[] | { problem: string }> {
  const beginInFile = code.addressInFile(begin) ?? 0n;
  const base = begin - beginInFile;
  const all = await code.disassemble(beginInFile, end - base);
  if ("problem" in all) return all;
  const placed: Omit<FramedInstruction, "frames">[] = [];
  let last = 0n;
  all.forEach((instruction, i) => {
    const address = BigInt.asUintN(64, instruction.address + base);
    // objdump may print some instructions twice.
    if (address <= last) return;
    last = address;
    const next = all[i + 1]?.address ?? 0n;
    const length = next > instruction.address ? Number(next - instruction.address) : 1;
    placed.push({ instruction, address, length });
  });
  const frames = await code.framesAt(placed.map(({ instruction }) => instruction.address));
  return placed.map((one, i) => {
    const { function: name, file, line } = one.instruction;
    return { ...one, frames: frames ? frames[i] : [{ name, file, line }] };
  });
}

interface LineBuilder extends CompiledLine {
  readonly addresses: InlinedAddress[];
}

class CodeCollector {
  readonly #interest: ReadonlySet<string>;
  readonly #sampled: readonly SampledAddress[];
  readonly #code = new Map<bigint, InstructionSums>();
  /** By name of the source file, by function if that is not known, or by definition. */
  readonly #files = new Map<string, { name: string; lines: Map<number, LineBuilder> }>();

  constructor({ interest, sampled }: FoundAddresses) {
    this.#interest = interest;
    this.#sampled = sampled;
  }

  addSampled({ address, frames }: InterestingAddress): void {
    const { file = "", line = 0 } = frames[0] ?? {};
    this.#add({ addressInFile: address, length: 1, text: "", file, line }, address, frames);
  }

  addCode(instructions: readonly FramedInstruction[]): void {
    let last: FramedInstruction | undefined;
    for (const one of instructions) {
      const { instruction, address, length } = one;
      const { file = "", line = 0 } = one.frames[0] ?? {};
      let { frames } = one;
      if (line !== 0) last = one;
      else if (last && address - last.address <= MAX_LINE_REACH_BYTES) frames = last.frames;
      const { address: addressInFile, text } = instruction;
      this.#add({ addressInFile, length, text, file, line }, address, frames);
    }
  }

  finish(): Pick<CompiledCode, "code" | "files"> {
    const files = [...this.#files.values()].sort(
      (a, b) => compareUtf8(a.name, b.name) || firstLineOf(a) - firstLineOf(b),
    );
    return { code: this.#code, files };
  }

  /** Adds an instruction to the source lines of all functions of interest that contain it. */
  #add(
    code: Omit<InstructionSums, "flat" | "cum">,
    address: bigint,
    frames: readonly ShownFrame[],
  ): void {
    this.#code.set(address, { ...code, ...this.#sum(address, code.length) });
    frames.forEach(({ name, isDefinition, file, line }, i) => {
      if (!this.#interest.has(name)) return;
      const fileName = sourceName(file);
      // Without code and file, pprof puts all functions into one entry; here each has its own.
      // Functions with one name, or on one line, are separate if their definitions are.
      const isSeparate = isDefinition || (code.text === "" && file === "");
      const key = isSeparate ? `\0${name}` : fileName;
      const { lines } = this.#files.get(key) ?? { lines: new Map() };
      this.#files.set(key, { name: fileName, lines });
      const at = lines.get(line) ?? { functionName: name, addresses: [] };
      lines.set(line, at);
      at.addresses.push({ address, calls: frames.slice(0, i).reverse() });
    });
  }

  /** Sums the samples in the bytes of an instruction. Their addresses may lie inside it. */
  #sum(address: bigint, length: number): { flat: Int64; cum: Int64 } {
    const end = address + BigInt(length);
    let flat: Int64 = 0;
    let cum: Int64 = 0;
    for (let i = firstFrom(this.#sampled, address); i < this.#sampled.length; i++) {
      const one = this.#sampled[i];
      if (one.address >= end) break;
      flat = add(flat, one.flat);
      cum = add(cum, one.cum);
    }
    return { flat, cum };
  }
}

function firstLineOf({ lines }: CompiledFile): number {
  return [...lines.keys()].reduce((least, line) => Math.min(least, line));
}

/** Returns the name of a source file without the folders of Bazel's sandbox. */
function sourceName(file: string): string {
  return cleanPath(file.replace(/^\/proc\/self\/cwd\//, "").replace(/^\.\//, ""));
}
