import { MAP_ENTRY_BYTES } from "../../profile/budget.js";
import type { LocationIndex } from "../../profile/indices.js";
import { anonymousName, scriptFile } from "../../profile/script-names.js";
import type { JsonInput, JsonObject } from "../json.js";
import type { ScriptFrame, ScriptFrames } from "../script-frames.js";
import { CodePositions, LineStarts } from "./node-prof-positions.js";

/** Scripts have this type of code; other code is native or part of V8. */
const SCRIPT_CODE = "JS";

/** Interpreted code has offsets of bytecodes, and other code has return addresses. */
const INTERPRETED = "Unopt";

/** The memory of a resolved frame, in bytes. */
const FRAME_BYTES = 2 * MAP_ENTRY_BYTES + 100;

interface FoundCode {
  /** Outermost first; functions that are inlined have locations of their own. */
  readonly locations: readonly LocationIndex[];
  /** V8's name for the kind of code of a script; else empty. */
  readonly tier: string;
}

/** The code of a `node --prof` profile, by its number. */
export class NodeProfCodes {
  readonly #json: JsonInput;
  readonly #frames: ScriptFrames;
  readonly #codes: readonly unknown[];
  readonly #functions: readonly unknown[];
  readonly #scripts: readonly unknown[];
  readonly #found = new Map<string, FoundCode>();
  readonly #positions = new Map<number, CodePositions>();
  readonly #lineStarts = new Map<number, LineStarts>();
  readonly #urls = new Map<number, string>();
  /** The number of frames whose code is missing. */
  unknownCount = 0;

  constructor(json: JsonInput, { code, functions, scripts }: JsonObject, frames: ScriptFrames) {
    this.#json = json;
    this.#frames = frames;
    this.#codes = json.list(code, "code");
    this.#functions = json.list(functions, "functions", true);
    this.#scripts = json.list(scripts, "scripts", true);
  }

  /** Returns the location of a function that is no code, such as `(program)`. */
  named(name: string): LocationIndex {
    return this.#frames.location(this.#frames.frame({ ...NO_POSITION, name }));
  }

  isScript(code: number): boolean {
    return (this.#codes[code] as JsonObject | null | undefined)?.type === SCRIPT_CODE;
  }

  /** Returns the locations at an offset. Undefined if there is no such code, which is counted. */
  find(code: number, offset: number, isLeaf: boolean): FoundCode | undefined {
    const key = `${code}:${offset}:${isLeaf}`;
    let found = this.#found.get(key);
    if (!found) {
      if (code >= this.#codes.length) {
        this.unknownCount++;
        return undefined;
      }
      this.#json.budget.charge(FRAME_BYTES);
      found = this.#resolve(code, offset, isLeaf);
      this.#found.set(key, found);
    }
    return found;
  }

  #resolve(number: number, offset: number, isLeaf: boolean): FoundCode {
    const code = this.#code(number);
    if (code.type !== SCRIPT_CODE) {
      return { locations: [this.named(this.#nameOf(code))], tier: "" };
    }
    const tier = this.#json.text(code.kind, "the kind of a code");
    const outer = this.#scriptFrame(code);
    const source = sourceOf(code);
    if (!source) return { locations: [this.#frames.location(outer)], tier };
    // Return addresses are behind the call.
    const at = isLeaf || tier === INTERPRETED ? offset : offset - 1;
    const locations: LocationIndex[] = [];
    let [frame, script] = [outer, source.script];
    for (const { position, inlined } of this.#positionsOf(number, source).at(at)) {
      const line = this.#lineOf(script, position);
      locations.push(this.#frames.location(frame, line || undefined));
      const callee = inlined === undefined ? undefined : this.#inlinedCode(source, inlined);
      if (!callee) break;
      frame = this.#scriptFrame(callee);
      script = sourceOf(callee)?.script;
    }
    if (locations.length === 0) locations.push(this.#frames.location(outer));
    return { locations, tier };
  }

  #code(number: number): JsonObject {
    return this.#json.object(this.#codes[number], "a code");
  }

  #nameOf({ name }: JsonObject): string {
    return this.#json.text(name, "the name of a code") || UNNAMED;
  }

  #positionsOf(number: number, { positions, inlined }: JsonObject): CodePositions {
    let found = this.#positions.get(number);
    if (!found) {
      found = new CodePositions(
        this.#json.text(positions, "the positions of a code"),
        this.#json.text(inlined, "the inlined positions of a code"),
        this.#json.budget,
      );
      this.#positions.set(number, found);
    }
    return found;
  }

  /** Returns a code of the function that a code has inlined as its `index`th. */
  #inlinedCode({ fns }: JsonObject, index: number): JsonObject | undefined {
    const fn = Array.isArray(fns) ? this.#functions[fns[index]] : undefined;
    const [first] = this.#json.list((fn as JsonObject | undefined)?.codes, "codes", true);
    const code = typeof first === "number" ? this.#codes[first] : undefined;
    return code ? this.#json.object(code, "a code") : undefined;
  }

  /** Splits the name of a script's code: `function url:line:column`. */
  #scriptFrame(code: JsonObject): ScriptFrame {
    const text = this.#json.text(code.name, "the name of a code");
    const position = /:(\d{1,9}):(\d{1,9})$/.exec(text);
    if (!position) return this.#frames.frame({ ...NO_POSITION, name: text || UNNAMED });
    const before = text.slice(0, position.index);
    const url = this.#urlOf(code, before);
    const file = scriptFile(url);
    const given = before.slice(0, before.length - url.length).trim();
    let [startLine, startColumn] = [Number(position[1]), Number(position[2])];
    // The code of a script itself begins at its first character.
    if (!given && startLine === 1 && startColumn === 1) [startLine, startColumn] = [0, 0];
    const name = given || anonymousName(file, startLine, startColumn);
    return this.#frames.frame({ name, file, startLine, startColumn });
  }

  /** Returns the URL at the end of a name, which may contain spaces. */
  #urlOf(code: JsonObject, name: string): string {
    const script = sourceOf(code)?.script;
    if (typeof script === "number") {
      let url = this.#urls.get(script);
      if (url === undefined) {
        const { url: given } = (this.#scripts[script] ?? {}) as JsonObject;
        url = this.#json.text(given, "the url of a script");
        this.#json.budget.charge(MAP_ENTRY_BYTES);
        this.#urls.set(script, url);
      }
      if (url && name.endsWith(` ${url}`)) return url;
    }
    return name.slice(name.lastIndexOf(" ") + 1);
  }

  /** Returns the line of an offset in a script; 0 if the profile lacks its source. */
  #lineOf(script: unknown, offset: number): number {
    if (typeof script !== "number") return 0;
    let starts = this.#lineStarts.get(script);
    if (!starts) {
      const { source } = (this.#scripts[script] ?? {}) as JsonObject;
      const text = this.#json.text(source, "the source of a script");
      starts = new LineStarts(text, this.#json.budget);
      this.#lineStarts.set(script, starts);
    }
    return starts.lineAt(offset);
  }
}

const UNNAMED = "(unnamed)";
const NO_POSITION = { file: "", startLine: 0, startColumn: 0 };

function sourceOf({ source }: JsonObject): JsonObject | undefined {
  return typeof source === "object" && source !== null ? (source as JsonObject) : undefined;
}
