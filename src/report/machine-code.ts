import type { MappingIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import type { Frame } from "../transforms/symbolize.js";

/** A machine instruction, with what the debug information says of it; empty or 0 where it says nothing. */
export interface Instruction {
  /** In the file. */
  readonly address: bigint;
  readonly text: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

/** What is at an address of a file, up to the next symbol. */
export interface CodeSymbol {
  /** At least one, in the linker's spelling. */
  readonly names: readonly string[];
  readonly start: bigint;
  /** The last address before the next symbol; all ones for the last symbol. */
  readonly end: bigint;
}

/** The code of a mapping. Addresses are those of the file, unless it is said otherwise. */
export interface BinaryCode {
  /** The address in the file of one in memory; undefined where the mapping does not have it. */
  addressInFile(inMemory: bigint): bigint | undefined;
  /** The symbols that one of `addresses` lies in; these must be in their order. */
  symbolsAround(addresses: readonly bigint[]): Promise<readonly CodeSymbol[]>;
  /** The instructions from `start` up to `end`, or in one line why they cannot be had. */
  disassemble(
    start: bigint,
    end: bigint,
  ): Promise<readonly Instruction[] | { readonly problem: string }>;
  /**
   * The functions that each address is in, innermost inlined call first, none where they are
   * not known; undefined where they cannot be looked up.
   */
  framesAt(addresses: readonly bigint[]): Promise<readonly (readonly Frame[])[] | undefined>;
}

/** Finds the code of mappings. */
export interface MachineCode {
  /** Undefined where there is no such binary here; the user is told why. */
  open(profile: Profile, mapping: MappingIndex): BinaryCode | undefined;
}
