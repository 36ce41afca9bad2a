import {
  indexColumn,
  rowIds,
  Uint32Builder,
  Uint64Builder,
  uint64At,
} from "../../profile/columns.js";
import type { MappingIndex, StringIndex } from "../../profile/indices.js";
import type { MappingTable, Profile } from "../../profile/profile.js";
import type { StringMapper } from "./string-mapper.js";

/** Sizes of a mapping may differ by less than this between two runs of a binary, in bytes. */
const PAGE_BYTES = 0x1000n;

/** The approximate memory per mapping, in bytes. */
const MAPPING_BYTES = 200;

export class MappingMerger {
  #profile: Profile | undefined;
  #strings: StringMapper | undefined;
  /** By mapping of the current profile: the merged mapping plus one, or 0. */
  #rows = new Uint32Array(0);
  readonly #byKey = new Map<string, number>();
  readonly #starts: bigint[] = [];
  readonly #limit = new Uint64Builder();
  readonly #offset = new Uint64Builder();
  readonly #file = new Uint32Builder();
  readonly #buildId = new Uint32Builder();
  readonly #flags = new Uint32Builder();

  get bytes(): number {
    return this.#starts.length * MAPPING_BYTES;
  }

  /** Continues with the mappings of `profile`. */
  begin(profile: Profile, strings: StringMapper): void {
    this.#profile = profile;
    this.#strings = strings;
    this.#rows = new Uint32Array(profile.mappings.length);
    // The first mapping is the main binary, even if no sample uses it first.
    if (this.#starts.length === 0 && profile.mappings.length > 0) this.row(0 as MappingIndex);
  }

  row(index: MappingIndex): MappingIndex {
    if (this.#rows[index] === 0) this.#rows[index] = this.#merge(index) + 1;
    return (this.#rows[index] - 1) as MappingIndex;
  }

  start(row: MappingIndex): bigint {
    return this.#starts[row];
  }

  finish(): MappingTable {
    const start = new Uint64Builder();
    for (const address of this.#starts) start.pushValue(address);
    return {
      length: this.#starts.length,
      id: rowIds(this.#starts.length),
      start: start.finish(),
      limit: this.#limit.finish(),
      offset: this.#offset.finish(),
      file: indexColumn<StringIndex>(this.#file.finish()),
      buildId: indexColumn<StringIndex>(this.#buildId.finish()),
      flags: Uint8Array.from(this.#flags.finish()),
    };
  }

  #merge(index: MappingIndex): number {
    const { mappings } = this.#profile as Profile;
    const strings = this.#strings as StringMapper;
    const file = strings.at(mappings.file[index]);
    const buildId = strings.at(mappings.buildId[index]);
    const start = uint64At(mappings.start, index);
    const limit = uint64At(mappings.limit, index);
    const offset = uint64At(mappings.offset, index);
    const pages =
      BigInt.asUintN(64, BigInt.asUintN(64, limit - start) + PAGE_BYTES - 1n) / PAGE_BYTES;
    // Mappings with neither build ID nor file are artificial, and all equal.
    const key = [pages, offset, buildId || file].join();
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const row = this.#starts.push(start) - 1;
    this.#byKey.set(key, row);
    this.#limit.pushValue(limit);
    this.#offset.pushValue(offset);
    this.#file.push(file);
    this.#buildId.push(buildId);
    this.#flags.push(mappings.flags[index]);
    return row;
  }
}
