import type { Options } from "../options/table.js";
import { cleanPath, trimSourcePath } from "../view/paths.js";
import type { SourceReader, SourceText } from "./list.js";

/** Source files that are given as texts. They are found under the paths that reports show. */
export class InMemorySources implements SourceReader {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #whereText: string;

  constructor(
    texts: Readonly<Record<string, string>>,
    { trim_path, source_path }: Pick<Options, "trim_path" | "source_path">,
    /** Describes where the texts are, for messages: "is not {whereText}". */
    whereText: string,
  ) {
    this.#whereText = whereText;
    const byName = new Map<string, string>();
    for (const [name, text] of Object.entries(texts)) {
      byName.set(cleanPath(trimSourcePath(name, trim_path, source_path)), text);
    }
    for (const [name, text] of Object.entries(texts)) {
      byName.set(cleanPath(name), text);
      byName.set(name, text);
    }
    this.#texts = byName;
  }

  read(file: string): SourceText | { readonly problem: string } {
    const text = this.#texts.get(file);
    if (text === undefined) return { problem: `the source of ${file} is not ${this.#whereText}` };
    const lines = text.split("\n");
    // A final line break does not begin another line.
    if (lines.at(-1) === "") lines.pop();
    return {
      lineCount: lines.length,
      line: (number) => lines[number - 1].replace(/\r$/, ""),
    };
  }
}
