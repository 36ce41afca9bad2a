import { type Budget, MAP_ENTRY_BYTES } from "../profile/budget.js";
import type { FunctionIndex, LocationIndex } from "../profile/indices.js";
import type { ProfileBuilder } from "../profile/profile-builder.js";

/** The beginning of a function of a script. Lines and columns count from 1; 0 if unknown. */
export interface ScriptFunction {
  readonly name: string;
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
}

/** The memory of a function with its map of locations, in bytes. */
const FRAME_BYTES = 250;

/** A function with its locations so far. */
export interface ScriptFrame {
  readonly function: FunctionIndex;
  readonly startLine: number;
  readonly startColumn: number;
  readonly locations: Map<number, LocationIndex>;
}

/** Functions and locations of scripts. Functions of one name may begin at different positions. */
export class ScriptFrames {
  readonly #builder: ProfileBuilder;
  readonly #budget: Budget;
  readonly #frames = new Map<string, ScriptFrame>();

  constructor(builder: ProfileBuilder, budget: Budget) {
    this.#builder = builder;
    this.#budget = budget;
  }

  frame({ name, file, startLine, startColumn }: ScriptFunction): ScriptFrame {
    const key = `${startLine}:${startColumn}:${name}\0${file}`;
    let frame = this.#frames.get(key);
    if (!frame) {
      this.#budget.chargeText(key);
      this.#budget.charge(FRAME_BYTES);
      // Not a linker's name, so it must not be demangled.
      const fn = this.#builder.addFunction({
        name,
        systemName: "",
        filename: file,
        startLine,
        startColumn,
      });
      frame = { function: fn, startLine, startColumn, locations: new Map() };
      this.#frames.set(key, frame);
    }
    return frame;
  }

  /**
   * Returns the location of the line that was running. If it is unknown, 0, returns the location of
   * the function's beginning, which has a column.
   */
  location(frame: ScriptFrame, line = 0): LocationIndex {
    let location = frame.locations.get(line);
    if (location === undefined) {
      this.#budget.charge(MAP_ENTRY_BYTES);
      const { startLine, startColumn } = frame;
      const position = line === 0 ? { line: startLine, column: startColumn } : { line };
      const lines = [{ function: frame.function, ...position }];
      location = this.#builder.addLocation({ lines });
      frame.locations.set(line, location);
    }
    return location;
  }
}
