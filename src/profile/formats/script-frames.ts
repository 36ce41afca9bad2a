import type { FunctionIndex, LocationIndex } from "../indices.js";
import type { ProfileBuilder } from "../profile-builder.js";

/** Where a function of a script begins; lines and columns from 1, and 0 where they are not known. */
export interface ScriptFunction {
  readonly name: string;
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
}

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
  readonly #frames = new Map<string, ScriptFrame>();

  constructor(builder: ProfileBuilder) {
    this.#builder = builder;
  }

  /** The frame of a function. */
  frame({ name, file, startLine, startColumn }: ScriptFunction): ScriptFrame {
    const key = `${startLine}:${startColumn}:${name}\0${file}`;
    let frame = this.#frames.get(key);
    if (!frame) {
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
      const column = line === frame.startLine ? frame.startColumn : 0;
      const lines = [{ function: frame.function, line, column }];
      location = this.#builder.addLocation({ lines });
      frame.locations.set(line, location);
    }
    return location;
  }
}
