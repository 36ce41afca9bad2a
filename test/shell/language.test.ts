import { describe, expect, it } from "vitest";
import { defaultOptions } from "../../src/options/table.js";
import { parseLine, withArguments } from "../../src/shell/command-line.js";
import { hintsFor } from "../../src/shell/hints.js";
import { explainedOptions } from "../../src/shell/list-options.js";
import { inShellWords } from "../../src/shell/messages.js";
import { nearest } from "../../src/shell/nearest.js";

/** Returns the options of the report in a line. */
function optionsOf(line: string) {
  const command = parseLine(line);
  if (command.kind !== "report") throw new Error(`${line} asks for no report`);
  return withArguments(defaultOptions(), command.command, command.arguments);
}

describe("a line of the shell", () => {
  it("has patterns about tags for the tags report", () => {
    expect(optionsOf("tags region -south")).toMatchObject({
      tagfocus: "region",
      tagignore: "south",
      focus: "",
      ignore: "",
    });
    expect(optionsOf("tree a -b c")).toMatchObject({ focus: "a|c", ignore: "b", tagfocus: "" });
  });

  it("ends where a comment begins, but not within a word", () => {
    expect(optionsOf("top5 a//b // c")).toMatchObject({ nodecount: 5, focus: "a//b" });
    expect(parseLine("// top").kind).toBe("nothing");
    const assignment = { name: "focus", value: "http://x" };
    expect(parseLine("focus=http://x //: y")).toEqual({ kind: "assign", assignment });
  });

  it("gets a hint if an option is taken for a pattern", () => {
    expect(hintsFor("top -lines")).toHaveLength(1);
    expect(hintsFor("top -cum -json")).toEqual([]);
    expect(hintsFor("focus = -lines")).toEqual([]);
  });
});

describe("messages of the shell", () => {
  it("have no dash before variables", () => {
    expect(inShellWords("-focus=x matched no samples")).toBe("focus=x matched no samples");
    expect(inShellWords("-w: no such file or directory")).toBe("-w: no such file or directory");
  });

  it("suggest similar words only", () => {
    expect(nearest("tpo", ["top", "tree", "tags"])).toBe("top");
    expect(nearest("graniularty", ["granularity", "lines"])).toBe("granularity");
    expect(nearest("xyz", ["top", "tree"])).toBeUndefined();
  });

  it("do not show control characters from a profile", () => {
    const hostile = "\x1b]0;owned\x07\n\u202e";
    const options = { ...defaultOptions(), focus: hostile };
    const text = explainedOptions(options, [hostile, "cpu"], hostile, {
      width: 200,
      emphasize: (part) => part,
    });
    expect(text).toContain("\\x1b]0;owned");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
  });
});
