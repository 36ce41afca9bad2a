import type { Budget } from "../../profile/budget.js";
import { indexColumn, int64At } from "../../profile/columns.js";
import { type FunctionIndex, NO_MAPPING } from "../../profile/indices.js";
import type { Profile } from "../../profile/profile.js";
import {
  type NewHeader,
  type NewLabel,
  type NewValueType,
  ProfileBuilder,
  type Uint64,
} from "../../profile/profile-builder.js";
import type { Int64 } from "../../units/int64.js";
import { addressBefore } from "../numbers.js";
import { type AddressSamples, type Stacks, withoutSecondFrames } from "./address-samples.js";
import { mapAddresses } from "./mappings.js";
import type { Region } from "./memory-map.js";
import { uninterestingFrames } from "./uninteresting-frames.js";

/** The symbol of an address, in formats that contain names. */
export interface AddressSymbol {
  readonly name: string;
  readonly filename: string;
  readonly line: Int64;
}

/** The contents of a profile in an old format. */
export interface AddressProfile {
  readonly sampleTypes: readonly NewValueType[];
  readonly header: NewHeader;
  readonly samples: AddressSamples;
  /** Stacks to use instead of those of `samples`. */
  readonly stacks?: Stacks;
  readonly memoryMap: readonly Region[];
  /** Whether a leaf may be repeated as its own caller. */
  readonly mayDoubleLeaf?: boolean;
  /** Symbols by index of an address; if given, the profile has no addresses. */
  readonly symbols?: ReadonlyMap<number, AddressSymbol>;
}

/** Makes a profile and charges its tables to `budget`. */
export function buildAddressProfile(read: AddressProfile, budget: Budget): Profile {
  const { samples, symbols } = read;
  const builder = new ProfileBuilder(read.sampleTypes, budget);
  let stacks = read.stacks ?? samples.stacks();
  const used = renumber(stacks.frames, samples.addresses.length);
  budget.charge(used.length * ADDRESS_BYTES);

  const addresses = used.map((index) => (symbols?.has(index) ? 0 : samples.addresses[index]));
  const { mappings, mappingOf } = mapAddresses(read.memoryMap, addresses);
  const mappingRows = mappings.map((mapping) => builder.addMapping(mapping));
  const functions = new FunctionTable(builder);
  used.forEach((index, location) => {
    const symbol = symbols?.get(index);
    const mapping = mappingOf[location];
    builder.addLocation({
      mapping: mapping === NO_MAPPING ? NO_MAPPING : mappingRows[mapping],
      address: symbols ? 0 : addresses[location],
      lines: symbol ? [{ function: functions.row(symbol), line: symbol.line }] : [],
    });
  });

  // After the numbering, so that a location remains even if it was only a repeated leaf.
  if (read.mayDoubleLeaf) stacks = withoutDoubledLeaves(stacks, addresses);
  addSamples(builder, samples, stacks);
  return builder.finish({ ...read.header, ...uninterestingFrames(read.sampleTypes) });
}

/** The memory per address while locations and mappings are assigned, in bytes. */
const ADDRESS_BYTES = 32;

/** Renumbers frames in the order of first use, in place. Returns the old numbers by new number. */
function renumber(frames: Uint32Array, count: number): number[] {
  const numbers = new Int32Array(count).fill(-1);
  const used: number[] = [];
  for (let i = 0; i < frames.length; i++) {
    const old = frames[i];
    if (numbers[old] < 0) numbers[old] = used.push(old) - 1;
    frames[i] = numbers[old];
  }
  return used;
}

function withoutDoubledLeaves(stacks: Stacks, addresses: readonly Uint64[]): Stacks {
  return withoutSecondFrames(
    stacks,
    (leaf, second) => addressBefore(addresses[leaf]) === addresses[second],
  );
}

function addSamples(builder: ProfileBuilder, samples: AddressSamples, stacks: Stacks): void {
  const values = samples.values.map((column) => column.finish());
  const blockSizes = samples.blockSizes.finish();
  for (let sample = 0; sample < samples.count; sample++) {
    const labels: NewLabel[] =
      sample < blockSizes.length ? [{ key: "bytes", number: int64At(blockSizes, sample) }] : [];
    builder.addSample(
      // Locations have the same order, so the builder assigns the same numbers.
      indexColumn(stacks.frames.subarray(stacks.offsets[sample], stacks.offsets[sample + 1])),
      values.map((column) => int64At(column, sample)),
      labels,
    );
  }
}

/** The functions of symbols, without duplicates. */
class FunctionTable {
  readonly #rows = new Map<string, FunctionIndex>();

  constructor(readonly builder: ProfileBuilder) {}

  row({ name, filename }: AddressSymbol): FunctionIndex {
    let row = this.#rows.get(name);
    if (row === undefined) {
      row = this.builder.addFunction({ name, filename });
      this.#rows.set(name, row);
    }
    return row;
  }
}
