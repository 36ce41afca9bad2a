import { describe, expect, it } from "vitest";
import { languageOf, SyntaxReader } from "../../src/report/syntax.js";

const MARKS = { comment: "c", string: "s", number: "n", keyword: "k" } as const;

/** Returns the lines of a source text, each followed by one letter for each coloured character. */
function coloured(file: string, text: string): string[] {
  const language = languageOf(file);
  if (!language) return [];
  const reader = new SyntaxReader(language);
  return text.split("\n").flatMap((line) => {
    const marks = Array.from(line, () => " ");
    for (const { kind, start, end } of reader.read(line)) marks.fill(MARKS[kind], start, end);
    return [line, marks.join("").trimEnd()];
  });
}

/** Expects each second line of a text to be the colours of the line above it. */
function expectColours(file: string, text: string): void {
  const lines = text.replace(/^\n|\n *$/g, "").split("\n");
  const source = lines.filter((_, i) => i % 2 === 0).join("\n");
  expect(coloured(file, source)).toEqual(lines.map((line, i) => (i % 2 ? line.trimEnd() : line)));
}

describe("colours of source code", () => {
  it("know templates, regular expressions and divisions of JavaScript", () => {
    expectColours(
      "a.ts",
      `
const a = b / 2 / c; // half
kkkkk         n      ccccccc
x = /[/"]\\/'/g.test(\`a \${b + \`\${1}}\`} "
    ssssssssss      sssss    sssn ss ss
still\` + "q\\"" /* one
ssssss   sssss cccccc
two */ return /x/;
cccccc kkkkkk sss`,
    );
  });

  it("know raw strings of Go", () => {
    expectColours(
      "a.go",
      `
s := \`raw \\
     ssssss
"\` + 'x' + 0x1F
ss   sss   nnnn
func f() { /* } */ }
kkkk       ccccccc`,
    );
  });

  it("know directives, raw strings and continued strings of C++", () => {
    expectColours(
      "a.cc",
      `
#include "a.h"
kkkkkkkk sssss
auto s = R"x(" )"
kkkk     ssssssss
)x" + u8"a\\
sss   sssss
b" + 1'000.5e3f;
ss   nnnnnnnnnn
char c = '"'; int d = 2;
kkkk     sss  kkk     n`,
    );
  });

  it("know lifetimes and nested comments of Rust", () => {
    expectColours(
      "a.rs",
      `
fn f<'a>(x: &'a str) { 'b' }
kk                     sss
/* /* */ still */ let r = r#"a"b"#;
ccccccccccccccccc kkk     ssssssss`,
    );
  });

  it("know strings over several lines of Python and Java", () => {
    expectColours(
      "a.py",
      `
def f(): # it's
kkk      cccccc
    """one
    ssssss
    two"""; return rf'x'
ssssssssss  kkkkkk sssss`,
    );
    expectColours(
      "A.java",
      `
var s = """
kkk     sss
 "x" """ + "y" + 'z'; // "
ssssssss   sss   sss  cccc`,
    );
  });

  it("stop at the end of a line without a closing quote", () => {
    expectColours(
      "a.js",
      `
it's
  ss
let x
kkk`,
    );
    expect(languageOf("Makefile")).toBeUndefined();
  });

  it("take linear time", () => {
    const line = `"${"\\".repeat(4000)}/${"[".repeat(900)}`;
    const start = performance.now();
    for (let i = 0; i < 200; i++) coloured("a.js", line);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
