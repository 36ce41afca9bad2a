import { MAP_ENTRY_BYTES } from "../../profile/budget.js";
import type { FunctionIndex, LocationIndex } from "../../profile/indices.js";
import type { NewLine, ProfileBuilder } from "../../profile/profile-builder.js";
import type { JsonInput } from "../json.js";
import { mangledName } from "../mangled-name.js";
import type { FirefoxLibraries } from "./libraries.js";
import type { FirefoxFrame } from "./recording.js";

/** The memory of a function and of a location without its lines, in bytes. */
const FUNCTION_BYTES = MAP_ENTRY_BYTES + 100;
const LOCATION_BYTES = MAP_ENTRY_BYTES + 100;
/** The memory of a line of a location, in bytes. */
const LINE_BYTES = 80;

/** Matches the names of functions whose symbols are unknown: their addresses. */
const UNKNOWN_NAME = /^0x[\da-f]{1,16}$/i;

/** Functions and locations of a recording, without duplicates. */
export class FirefoxFrames {
  readonly #json: JsonInput;
  readonly #builder: ProfileBuilder;
  readonly #libraries: FirefoxLibraries;
  readonly #functions = new Map<string, FunctionIndex>();
  readonly #locations = new Map<string, LocationIndex>();
  /** The lines of locations, innermost call first. */
  readonly #lines = new Map<LocationIndex, readonly NewLine[]>();

  constructor(json: JsonInput, builder: ProfileBuilder, libraries: FirefoxLibraries) {
    this.#json = json;
    this.#builder = builder;
    this.#libraries = libraries;
  }

  /**
   * Returns the location of a frame. `outer` is the location of the function into which the frame
   * was inlined.
   */
  location(frame: FirefoxFrame, address = frame.address, outer?: LocationIndex): LocationIndex {
    const isUnknown = frame.name === "" || UNKNOWN_NAME.test(frame.name);
    const fn = isUnknown ? undefined : this.#function(frame);
    const position =
      frame.line > 0 ? [frame.line, frame.column] : [frame.startLine, frame.startColumn];
    const key = [fn, ...position, frame.library, address, outer].join();
    let location = this.#locations.get(key);
    if (location === undefined) {
      const outerLines = (outer !== undefined && this.#lines.get(outer)) || [];
      this.#json.budget.chargeText(key);
      this.#json.budget.charge(LOCATION_BYTES + (outerLines.length + 1) * LINE_BYTES);
      const [line, column] = position;
      const lines = fn === undefined ? outerLines : [{ function: fn, line, column }, ...outerLines];
      const mapping = this.#libraries.mapping(frame.library, this.#builder);
      location = this.#builder.addLocation({ address: address ?? 0, mapping, lines });
      this.#locations.set(key, location);
      this.#lines.set(location, lines);
    }
    return location;
  }

  #function({ name, file, startLine, startColumn, library }: FirefoxFrame): FunctionIndex {
    const systemName = mangledName(name, this.#libraries.file(library));
    const key = `${startLine}:${startColumn}:${name}\0${file}`;
    let fn = this.#functions.get(key);
    if (fn === undefined) {
      this.#json.budget.chargeText(key);
      this.#json.budget.charge(FUNCTION_BYTES);
      fn = this.#builder.addFunction({ name, systemName, filename: file, startLine, startColumn });
      this.#functions.set(key, fn);
    }
    return fn;
  }
}

/** Returns the address that is the name of a function without a symbol. */
export function addressInName(name: string): bigint | undefined {
  return UNKNOWN_NAME.test(name) ? BigInt(name) : undefined;
}

/**
 * Returns the path in a file name of Firefox's symbol server, such as `hg:HOST/REPOSITORY:PATH:REVISION`
 * or `cargo:REGISTRY:CRATE:PATH`. Returns other names unchanged.
 */
export function sourcePath(file: string): string {
  const parts = file.split(":");
  switch (parts[0]) {
    case "hg":
    case "git":
      return parts.length === 4 ? parts[2] : file;
    case "s3":
      return parts.length === 4 ? parts[2].replace(/^[^/]*\//, "") : file;
    case "cargo":
      return parts.length === 4 ? `${parts[2]}/${parts[3]}` : file;
    default:
      return file;
  }
}
