import type { MappingIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import type { Frame } from "../transforms/symbolize.js";

/** An instruction with its debug information. Unknown texts are empty, unknown lines are 0. */
export interface Instruction {
  /** The address in the file. */
  readonly address: bigint;
  readonly text: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

export interface CodeSymbol {
  /** The linker's names; at least one. */
  readonly names: readonly string[];
  readonly start: bigint;
  /** The last address before the next symbol; all ones for the last symbol. */
  readonly end: bigint;
}

/** The code of a mapping. Addresses are addresses in the file, unless stated otherwise. */
export interface BinaryCode {
  /** Returns the address in the file; undefined if `inMemory` lies outside the mapping. */
  addressInFile(inMemory: bigint): bigint | undefined;
  /** Returns the symbols that contain one of `addresses`, which must be sorted. */
  symbolsAround(addresses: readonly bigint[]): Promise<readonly CodeSymbol[]>;
  /** Returns the instructions in `[start, end)`, or a one-line reason why that failed. */
  disassemble(
    start: bigint,
    end: bigint,
  ): Promise<readonly Instruction[] | { readonly problem: string }>;
  /** Returns the functions at each address, innermost first; undefined if that is impossible. */
  framesAt(addresses: readonly bigint[]): Promise<readonly (readonly Frame[])[] | undefined>;
}

export interface MachineCode {
  /** Returns undefined if the binary is not available; the user is warned. */
  open(profile: Profile, mapping: MappingIndex): BinaryCode | undefined;
}
