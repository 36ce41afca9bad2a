import { type Budget, MAP_ENTRY_BYTES } from "../../profile/budget.js";
import type { FunctionIndex, LocationIndex, MappingIndex } from "../../profile/indices.js";
import { NO_MAPPING } from "../../profile/indices.js";
import { MappingFlags } from "../../profile/profile.js";
import type { ProfileBuilder, Uint64 } from "../../profile/profile-builder.js";
import type { Int64 } from "../../units/int64.js";
import { mangledName } from "../mangled-name.js";
import type { CostFunction, Name } from "./line-reader.js";

/** The locations of calls and costs, without duplicates. */
export class CostLocations {
  readonly #builder: ProfileBuilder;
  readonly #budget: Budget;
  readonly #locations = new Map<string, LocationIndex>();
  readonly #functions = new Map<string, FunctionIndex>();
  readonly #mappings = new Map<Name, MappingIndex>();

  constructor(builder: ProfileBuilder, budget: Budget) {
    this.#builder = builder;
    this.#budget = budget;
  }

  /** Returns the location of a line. Inlined code has another file than its function. */
  location(
    fn: CostFunction,
    at: { readonly file: Name; readonly line: Int64; readonly address: Uint64 },
  ): LocationIndex {
    const fnKey = `${fn.id}:${at.file.id}`;
    const key = `${at.address}:${at.line}:${fnKey}`;
    let location = this.#locations.get(key);
    if (location === undefined) {
      this.#budget.charge(2 * MAP_ENTRY_BYTES);
      location = this.#builder.addLocation({
        address: at.address,
        mapping: this.#mapping(fn.binary),
        lines: [{ function: this.#function(fnKey, fn, at.file), line: at.line }],
      });
      this.#locations.set(key, location);
    }
    return location;
  }

  #function(key: string, { name, binary }: CostFunction, file: Name): FunctionIndex {
    let fn = this.#functions.get(key);
    if (fn === undefined) {
      this.#budget.charge(2 * MAP_ENTRY_BYTES);
      fn = this.#builder.addFunction({
        name: name.text,
        // Valgrind writes mangled names only on request. Scripts have no binary.
        systemName: isUnknown(binary) ? "" : mangledName(name.text, binary.text),
        filename: isUnknown(file) ? "" : file.text,
      });
      this.#functions.set(key, fn);
    }
    return fn;
  }

  #mapping(binary: Name): MappingIndex {
    if (isUnknown(binary)) return NO_MAPPING;
    let mapping = this.#mappings.get(binary);
    if (mapping === undefined) {
      const flags = MappingFlags.functions | MappingFlags.filenames | MappingFlags.lineNumbers;
      mapping = this.#builder.addMapping({ start: 0, limit: 0, file: binary.text, flags });
      this.#mappings.set(binary, mapping);
    }
    return mapping;
  }
}

/** Tests for the name of an unknown file or binary. */
function isUnknown({ text }: Name): boolean {
  return text === "" || text === "???";
}
