import { type Budget, MAP_ENTRY_BYTES } from "../profile/budget.js";
import type { FunctionIndex, LocationIndex } from "../profile/indices.js";
import type { ProfileBuilder } from "../profile/profile-builder.js";

/** Where a function of a script begins; lines and columns from 1, and 0 where they are not known. */
export interface ScriptFunction {
  readonly name: string;
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
}

/** What a function takes with the map of its locations, in bytes. */
const FRAME_BYTES = 250;

/** A function that was met, with the locations there are in it. */
export interface ScriptFrame {
  readonly function: FunctionIndex;
  readonly startLine: number;
  readonly startColumn: number;
  readonly locations: Map<number, LocationIndex>;
}

/**
 * The functions and locations of scripts, each once. Functions of one name that begin at
 * different places are different.
 */
export class ScriptFrames {
  readonly #builder: ProfileBuilder;
  readonly #budget: Budget;
  readonly #frames = new Map<string, ScriptFrame>();

  /** What finds the functions and locations again is charged to `budget`. */
  constructor(builder: ProfileBuilder, budget: Budget) {
    this.#builder = builder;
    this.#budget = budget;
  }

  /** The frame of a function. */
  frame({ name, file, startLine, startColumn }: ScriptFunction): ScriptFrame {
    const key = `${startLine}:${startColumn}:${name}\0${file}`;
    let frame = this.#frames.get(key);
    if (!frame) {
      this.#budget.chargeText(key);
      this.#budget.charge(FRAME_BYTES);
      // No linker named it: the name is not to be taken apart.
      const fn = this.#builder.addFunction({ name, systemName: "", filename: file, startLine });
      frame = { function: fn, startLine, startColumn, locations: new Map() };
      this.#frames.set(key, frame);
    }
    return frame;
  }

  /**
   * A line within a function: of its beginning, where no other is known. Columns are known
   * of beginnings only.
   */
  location(frame: ScriptFrame, line = frame.startLine): LocationIndex {
    let location = frame.locations.get(line);
    if (location === undefined) {
      this.#budget.charge(MAP_ENTRY_BYTES);
      const column = line === frame.startLine ? frame.startColumn : 0;
      const lines = [{ function: frame.function, line, column }];
      location = this.#builder.addLocation({ lines });
      frame.locations.set(line, location);
    }
    return location;
  }
}
