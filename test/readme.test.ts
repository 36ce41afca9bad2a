import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { commandsIn, expectShown, linksIn } from "./support/documents.js";
import { ROOT } from "./support/proto.js";
import { runProgram, TSPROF } from "./support/run.js";

/** The documents whose commands must work. */
const DOCUMENTS = [
  "README.md",
  "examples/README.md",
  ...readdirSync(path.join(ROOT, "docs")).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));

describe.each(DOCUMENTS)("the commands of %s", (document) => {
  const text = readFileSync(path.join(ROOT, document), "utf8");

  it("work, and print what is shown", { timeout: 300_000 }, async () => {
    const prelude = `tsprof() { '${process.execPath}' '${TSPROF}' "$@"; }`;
    await expectShown(commandsIn(text), prelude, {});
  });

  it("name files that exist", () => {
    for (const link of linksIn(text)) {
      expect(readFileSync(path.join(ROOT, path.dirname(document), link), "utf8")).not.toBe("");
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
