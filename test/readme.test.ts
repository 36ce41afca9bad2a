import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/proto.js";
import { runProgram, TSPROF } from "./support/run.js";

/** The documents whose commands must work. */
const DOCUMENTS = [
  "README.md",
  ...readdirSync(path.join(ROOT, "docs")).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));

interface Shown {
  command: string;
  /** What the document says that it prints; undefined where it does not say. */
  output: string | undefined;
}

/** Commands that use tsprof: in `code`, and in console blocks with what they print. */
function commandsIn(text: string): Shown[] {
  const shown: Shown[] = [];
  for (const [, block] of text.matchAll(/^```console\n([\s\S]*?)^```/gm)) {
    for (const part of block.split(/^\$ /m).filter(Boolean)) {
      const end = part.indexOf("\n");
      shown.push({ command: part.slice(0, end), output: part.slice(end + 1) });
    }
  }
  for (const [, command] of text.matchAll(/`((?:cat [^`]*\| )?tsprof [^`]*)`/g)) {
    // "tsprof -top …" and the like only name a form.
    if (!command.includes("…")) shown.push({ command, output: undefined });
  }
  return shown;
}

describe.each(DOCUMENTS)("the commands of %s", (document) => {
  const text = readFileSync(path.join(ROOT, document), "utf8");

  it("work, and print what is shown", { timeout: 300_000 }, async () => {
    for (const { command, output } of commandsIn(text)) {
      const script = `tsprof() { '${process.execPath}' '${TSPROF}' "$@"; }\n${command}`;
      const result = await runProgram("bash", ["-c", script]);
      expect({ command, ...result }).toMatchObject({ command, code: 0, stderr: "" });
      if (output === undefined) expect(result.stdout).not.toBe("");
      else expect(result.stdout).toBe(output);
    }
  });

  it("name files that exist", () => {
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      const file = path.join(ROOT, path.dirname(document), link);
      expect(readFileSync(file, "utf8")).not.toBe("");
    }
  });
});

describe("the README's commands for a fresh machine", () => {
  const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
  const [main, tests] = [...readme.matchAll(/^```\n(.*)\n```/gm)].map(([, line]) => line);

  it("show a profile of the fixtures through npx", async () => {
    expect(main).toMatch(/^npm install && npx tsprof top fixtures\/\S+$/);
    // What npm install does is done: it is what runs the tests.
    const result = await runProgram("bash", ["-c", main.replace("npm install && ", "")]);
    expect(result.stdout).toContain("flat%   sum%");
    expect(result.code).toBe(0);
  });

  it("run the tests, as .ci/run does", () => {
    expect(tests).toBe("npm install && npm test");
    expect(readFileSync(path.join(ROOT, ".ci/run"), "utf8")).toContain(`\n${tests}\n`);
  });
});
