import path from "node:path";
import type { MappingIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import type { Frame } from "../transforms/symbolize.js";
import type { Binary } from "./binaries/binary.js";
import { BinaryError } from "./binaries/binary-error.js";
import { type MappedRange, mappedRange } from "./binaries/mapped-range.js";
import { openMappedBinary } from "./mapped-binary.js";
import { askTools, describeOpening, type LocalSearch } from "./symbolize.js";
import type { Frames } from "./tools/frames.js";
import { disassemble, findObjdump, type Objdump } from "./tools/objdump.js";
import type { Instruction } from "./tools/objdump-output.js";
import { type SymbolRange, symbolsAround } from "./tools/symbol-ranges.js";

/** Disassembles the binaries that a profile names, if they are on this machine. */
export class BinaryFiles {
  readonly #search: LocalSearch;
  readonly #intelSyntax: boolean;
  readonly #warned = new Set<string>();
  #objdump: Promise<Objdump | undefined> | undefined;

  constructor(search: LocalSearch, intelSyntax: boolean) {
    this.#search = search;
    this.#intelSyntax = intelSyntax;
  }

  /** Opens the binary of a mapping. Returns undefined with a warning if that fails. */
  open(profile: Profile, mapping: MappingIndex): MappedCode | undefined {
    const { known } = this.#search;
    const file = profile.strings.get(profile.mappings.file[mapping]);
    const buildId = profile.strings.get(profile.mappings.buildId[mapping]);
    if (file === "") return undefined;
    try {
      const binary = openMappedBinary(profile, mapping, known);
      if (buildId !== "" && binary.buildId !== "" && buildId !== binary.buildId) {
        this.warn(
          `${file} has a different build ID than the profile: its code may differ from what ran`,
        );
      }
      return new MappedCode(this, binary, mappedRange(profile, mapping, known.kernelSymbol(file)));
    } catch (error) {
      this.warn(`No machine code for ${path.basename(file)}: ${describeOpening(file, error)}`);
      return undefined;
    }
  }

  /** Warns, but only once for each line. */
  warn(line: string): void {
    if (!this.#warned.has(line)) this.#search.warn(line);
    this.#warned.add(line);
  }

  async symbolsAround(file: string, addresses: readonly bigint[]): Promise<SymbolRange[]> {
    const nm = this.#search.tools.find("nm");
    if (nm === undefined) {
      throw new BinaryError(
        "nm not found; install binutils or LLVM, or name its folder with -tools",
      );
    }
    return symbolsAround(nm, file, addresses);
  }

  async disassemble(file: string, start: bigint, end: bigint): Promise<Instruction[]> {
    this.#objdump ??= findObjdump(this.#search.tools);
    const objdump = await this.#objdump;
    if (!objdump) {
      throw new BinaryError(
        "objdump not found; install binutils or LLVM, or name its folder with -tools",
      );
    }
    const code = await disassemble(objdump, file, { start, end }, this.#intelSyntax);
    for (const instruction of code) this.#search.known.addSource(instruction.file);
    return code;
  }

  async framesAt(
    file: string,
    addresses: readonly bigint[],
  ): Promise<(readonly Frame[])[] | undefined> {
    const frames: Frames = [];
    try {
      await askTools(file, addresses, frames, this.#search);
    } catch (error) {
      if (!(error instanceof BinaryError)) throw error;
      this.warn(error.message);
      return undefined;
    }
    return addresses.map((_, i) => frames[i] ?? []);
  }
}

/** The code of one mapping. */
class MappedCode {
  readonly #files: BinaryFiles;
  readonly #binary: Binary;
  readonly #range: MappedRange;
  #base: bigint | undefined;

  constructor(files: BinaryFiles, binary: Binary, range: MappedRange) {
    this.#files = files;
    this.#binary = binary;
    this.#range = range;
  }

  addressInFile(inMemory: bigint): bigint | undefined {
    const { start, limit } = this.#range;
    if (start < limit && (inMemory < start || inMemory >= limit)) return undefined;
    if (this.#base === undefined) {
      try {
        this.#base = this.#binary.baseFor(inMemory);
      } catch (error) {
        if (!(error instanceof BinaryError)) throw error;
        this.#files.warn(`${this.#binary.path}: ${error.message}`);
        return undefined;
      }
    }
    return BigInt.asUintN(64, inMemory - this.#base);
  }

  async symbolsAround(addresses: readonly bigint[]): Promise<SymbolRange[]> {
    try {
      return await this.#files.symbolsAround(this.#binary.path, addresses);
    } catch (error) {
      if (!(error instanceof BinaryError)) throw error;
      this.#files.warn(error.message);
      return [];
    }
  }

  async disassemble(start: bigint, end: bigint): Promise<Instruction[] | { problem: string }> {
    try {
      return await this.#files.disassemble(this.#binary.path, start, end);
    } catch (error) {
      if (!(error instanceof BinaryError)) throw error;
      return { problem: error.message };
    }
  }

  framesAt(addresses: readonly bigint[]): Promise<(readonly Frame[])[] | undefined> {
    return this.#files.framesAt(this.#binary.path, addresses);
  }
}
