import { MAP_ENTRY_BYTES } from "../../profile/budget.js";
import { IMAGE_LIMIT } from "../../profile/image-addresses.js";
import { type MappingIndex, NO_MAPPING } from "../../profile/indices.js";
import { MappingFlags } from "../../profile/profile.js";
import type { ProfileBuilder } from "../../profile/profile-builder.js";
import type { JsonInput, JsonObject } from "../json.js";
import { NONE } from "./recording.js";

/** The memory of a library, in bytes. */
const LIBRARY_BYTES = MAP_ENTRY_BYTES + 64;

/** Matches the build ids of ELF files. The code ids of Windows are shorter. */
const ELF_BUILD_ID = /^(?:[\da-f]{2}){16,}$/i;

interface Library {
  file: string;
  readonly buildId: string;
  mapping: MappingIndex | undefined;
}

/** The programs and shared libraries of a recording, without duplicates. */
export class FirefoxLibraries {
  readonly #json: JsonInput;
  readonly #libraries: Library[] = [];
  readonly #indices = new Map<string, number>();
  /** Whether the functions of all addresses are known. */
  readonly #isSymbolicated: boolean;

  constructor(json: JsonInput, isSymbolicated: boolean) {
    this.#json = json;
    this.#isSymbolicated = isSymbolicated;
  }

  /**
   * Returns the index of a library. Firefox omits the names in some processes, but not in others;
   * the identifiers are the same.
   */
  add(value: unknown): number {
    const lib = this.#json.object(value, "a library");
    const file = fileOf(lib);
    const ids = [text(lib.debugName), text(lib.breakpadId), text(lib.codeId)];
    const key = ids[1] || ids[2] || `${ids[0]}\0${file}`;
    let index = this.#indices.get(key);
    if (index === undefined) {
      this.#json.budget.chargeText(key);
      this.#json.budget.charge(LIBRARY_BYTES);
      const buildId = ELF_BUILD_ID.test(ids[2]) ? ids[2].toLowerCase() : "";
      index = this.#libraries.push({ file, buildId, mapping: undefined }) - 1;
      this.#indices.set(key, index);
    }
    this.#libraries[index].file ||= file;
    return index;
  }

  /** Returns the file of a library; empty if unknown. */
  file(index: number): string {
    return index === NONE ? "" : this.#libraries[index].file;
  }

  /**
   * Adds the mapping of the main program, which comes first in profiles, if a library has one of
   * `names` as the beginning of its name. Earlier names have priority.
   */
  addMain(names: readonly string[], builder: ProfileBuilder): void {
    for (const name of names) {
      const main = this.#libraries.findIndex(({ file }) => {
        return name !== "" && baseName(file).toLowerCase().startsWith(name.toLowerCase());
      });
      if (main < 0) continue;
      this.mapping(main, builder);
      return;
    }
  }

  /** Returns the mapping of a library. Its addresses are relative to the library. */
  mapping(index: number, builder: ProfileBuilder): MappingIndex {
    if (index === NONE) return NO_MAPPING;
    const library = this.#libraries[index];
    const { file, buildId } = library;
    if (file === "" && buildId === "") return NO_MAPPING;
    library.mapping ??= builder.addMapping({
      start: 0,
      limit: IMAGE_LIMIT,
      file,
      buildId,
      flags: this.#isSymbolicated ? MappingFlags.functions : 0,
    });
    return library.mapping;
  }
}

function fileOf({ path, debugPath, name, debugName }: JsonObject): string {
  return text(path) || text(debugPath) || text(name) || text(debugName);
}

function baseName(file: string): string {
  return file.replace(/^.*[/\\]/s, "");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
