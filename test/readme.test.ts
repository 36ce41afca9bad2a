import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { brokenLinks, commandsIn, documentsIn, expectShown } from "./support/documents.js";
import { useOneProcess } from "./support/one-process.js";
import { ROOT } from "./support/proto.js";
import { runProgram, TSPROF } from "./support/run.js";

const read = (name: string) => readFileSync(path.join(ROOT, name), "utf8");
const documents = documentsIn(ROOT);
// package.test.ts starts a process for each command.
const runSimple = useOneProcess();

it("finds the documents", () => {
  expect(documents).toContain("README.md");
  expect(documents).toContain("docs/guides/reports.md");
  expect(documents).toContain("examples/README.md");
});

it.each([...documents, "fixtures/README.md"])("the links of %s resolve", (document) => {
  expect(brokenLinks(ROOT, document)).toEqual([]);
});

it("docs/README.md lists all documents", () => {
  const index = read("docs/README.md");
  const pages = documents.filter((name) => name.startsWith("docs/") && name !== "docs/README.md");
  expect(pages.filter((name) => !index.includes(`(${name.replace("docs/", "")})`))).toEqual([]);
});

/** All documents except CHANGELOG.md and CONTRIBUTING.md, which name commands without arguments. */
const withCommands = documents.filter(
  (name) => !/^C[A-Z]+\.md$/.test(name) && commandsIn(read(name)).length > 0,
);

it.each(withCommands)(
  "the commands of %s work, and print the output that is shown",
  { timeout: 300_000 },
  async (document) => {
    const prelude = `npx() { "$@"; }; tsprof() { '${process.execPath}' '${TSPROF}' "$@"; }`;
    await expectShown(commandsIn(read(document)), prelude, {}, runSimple);
  },
);

describe("the README's commands for a fresh machine", () => {
  const [main, tests] = [...read("README.md").matchAll(/^```\n(.*)\n```/gm)].map(
    ([, line]) => line,
  );

  it("show a profile of the fixtures through npx", async () => {
    expect(main).toMatch(/^npm install && npx tsprof top fixtures\/\S+$/);
    // npm install has run already: the tests depend on it.
    const result = await runProgram("bash", ["-c", main.replace("npm install && ", "")]);
    expect(result.stdout).toContain("flat%   sum%");
    expect(result.code).toBe(0);
  });

  it("run the tests, as .ci/run does", () => {
    expect(tests).toBe("npm install && npm test");
    expect(read(".ci/run")).toContain(`\n${tests}\n`);
  });
});
