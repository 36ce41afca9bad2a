import type { Profile } from "../profile/profile.js";
import type { LoadedScript } from "../v8/loaded-scripts.js";
import { scriptsOf } from "./scripts.js";

/** A value of -source_maps. `auto` reports less than `all`, which the user asked for. */
export type SourceMapMode = "auto" | "all" | "none";

/** Applies the source maps of scripts to profiles, and reports that in at most four lines. */
export class SourceMapUse {
  readonly #mode: SourceMapMode;
  readonly #used = new Set<string>();
  /** A line about each unusable map. Several profiles may have the same script. */
  readonly #problems = new Set<string>();
  /** The scripts whose lines are unknown. */
  readonly #unknown = new Set<string>();

  constructor(mode: SourceMapMode) {
    this.#mode = mode;
  }

  /** Applies source maps. `scripts` are the scripts as V8 loaded them, if known. */
  async apply(profile: Profile, scripts: readonly LoadedScript[] = []): Promise<Profile> {
    if (this.#mode === "none") return profile;
    if (scriptsOf(profile).size === 0 && scripts.length === 0) return profile;
    const { applySourceMaps } = await import("./source-maps.js");
    return applySourceMaps(profile, {
      isAutomatic: this.#mode === "auto",
      onUse: (script) => this.#used.add(script),
      warn: (line) => this.#problems.add(line),
      scripts,
      onUnknown: (script) => this.#unknown.add(script),
    });
  }

  /**
   * Warns about the first unusable map, and counts the others: a build may lack dozens of maps.
   * Notes that maps were used, unless the user asked for them.
   */
  report(warn: (line: string) => void, note = warn): void {
    const [first, ...others] = this.#problems;
    if (first !== undefined) warn(first);
    if (others.length > 0) warn(`${counted(others.length, "more source map")} not used`);
    if (this.#unknown.size > 0) warn(unknownLines(this.#unknown));
    const { size } = this.#used;
    if (this.#mode !== "auto" || size === 0) return;
    const maps = size === 1 ? "the source map of 1 script" : `the source maps of ${size} scripts`;
    note(`used ${maps}; -source_maps=none shows the scripts themselves`);
  }
}

/** Returns a line about scripts whose lines are unknown. */
export function unknownLines(scripts: ReadonlySet<string>): string {
  const [first] = scripts;
  const others = scripts.size - 1;
  const and = others === 0 ? "" : others === 1 ? " and 1 other file" : ` and ${others} other files`;
  return (
    `the lines of ${first}${and} are unknown: V8 ran code that differs from the file, ` +
    "compiled in memory without a source map, or older than the file"
  );
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun} is` : `${count} ${noun}s are`;
}
