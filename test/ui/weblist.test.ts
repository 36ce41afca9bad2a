import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { defaultOptions } from "../../src/options/table.js";
import { escapeControls } from "../../src/render/controls.js";
import type { Instruction, MachineCode } from "../../src/report/machine-code.js";
import { makeWeblist } from "../../src/session/reports/machine-code.js";
import { sourceFiles } from "../../src/session/reports/source-files.js";
import { compileRe2 } from "../../src/view/re2.js";
import { useBrowser } from "../support/browser.js";
import { inputFor } from "../support/report-input.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-weblist-"));
afterAll(() => rmSync(folder, { recursive: true }));

const open = useBrowser();
let serial = 0;

interface Code {
  /** Address in hexadecimal, instruction, function and line; `@` marks inlined calls. */
  readonly code: string;
  readonly source: string;
  readonly samples: string;
  readonly sourceName?: string;
}

/** A binary whose instructions are written as text. */
function drawnCode(code: string, file: string): MachineCode {
  const rows = code
    .trim()
    .split("\n")
    .map((row) => row.trim().split(" | "));
  const instructions = rows.map(([address, text, name, line]): Instruction => {
    return { address: BigInt(`0x${address}`), text, function: name, file, line: Number(line) };
  });
  const frames = rows.map((row) => {
    const stack = [];
    for (let i = 2; i < row.length; i += 2) stack.push({ name: row[i], line: Number(row[i + 1]) });
    return stack.map((frame) => ({ ...frame, file, column: 0, startLine: 0 }));
  });
  return {
    open: () => ({
      addressInFile: (address) => address,
      symbolsAround: async () => [],
      disassemble: async () => instructions,
      framesAt: async () => frames,
    }),
  };
}

/** Writes the page that the command makes to a file, and returns its URL. */
async function written({ code, source, samples, sourceName = "work.c" }: Code): Promise<string> {
  const file = path.join(folder, sourceName);
  writeFileSync(file, source);
  const input = inputFor("weblist", samples.replaceAll("FILE", JSON.stringify(file)));
  const made = await makeWeblist({
    input,
    options: defaultOptions(),
    profile: input.view.profile,
    title: "",
    isPprofs: true,
    sourceNames: { files: [], base: "", diff_base: "", normalize: false },
    sources: () => sourceFiles(input, new Set([file])),
    pattern: compileRe2("."),
    patternText: ".",
    formatTime: String,
    formatExactTime: String,
    compact: false,
    openMachineCode: async () => drawnCode(code, file),
    compute: (work) => work(),
    warn: (line) => expect.fail(line),
  });
  const page = path.join(folder, `${serial++}.html`);
  const text = [...(made.text() as Iterable<string>)].map(escapeControls).join("");
  writeFileSync(page, text);
  return pathToFileURL(page).href;
}

const WORK: Code = {
  source: "int mix(int x) {\n  return x * 3;\n}\nint work(int n) {\n  return mix(n);\n}\n",
  code: `
    1000 | push\t%rbp | work | 4
    1004 | imul\t$3, %edi | mix | 2 | work | 5
    1008 | add\t$1, %edi | mix | 2 | work | 5
    100c | ret | work | 6`,
  samples: `
    work@FILE:5>mix@FILE:2["/bin/app"]#1008 90
    work@FILE:4["/bin/app"]#1000 10`,
};

/** Returns the visible lines of code. */
async function rows(page: Page): Promise<string[]> {
  const texts = await page
    .locator("main .row:visible:not(.titles), main .gap:visible")
    .allInnerTexts();
  return texts.map((text) => text.replace(/\s+/g, " ").trim());
}

const key = (page: Page, name: string) => page.keyboard.press(name);
/** Returns the element that keys start from. */
const focused = async (page: Page) =>
  (await page.locator(":focus").textContent())?.replace(/\s+/g, " ").trim();

describe("the page of source", () => {
  it("folds the code of a line, and unfolds it on a click", async () => {
    const { page, errors, requests } = await open(await written(WORK));
    const folded = await rows(page);
    const work = folded.findIndex((row) => row.includes("return mix(n);"));
    expect(folded[work]).toBe("90 90 5 return mix(n);");
    await page.locator("summary", { hasText: "return mix(n);" }).click();
    expect((await rows(page)).slice(work, work + 5)).toEqual([
      "90 90 5 return mix(n);",
      "return x * 3; work.c:2",
      ". . 1004 imul $3, %edi work.c:2",
      "90 90 1008 add $1, %edi work.c:2",
      ". . 6 }",
    ]);
    await page.locator("summary", { hasText: "return mix(n);" }).click();
    expect(await rows(page)).toEqual(folded);
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
  });

  it("is all there where scripts do not run", async () => {
    const { page } = await open(await written(WORK), { javaScriptEnabled: false });
    expect(await page.locator("#tools").isVisible()).toBe(false);
    await page.locator("summary", { hasText: "return mix(n);" }).click();
    expect(await page.locator(".inst:visible", { hasText: "add" }).count()).toBe(1);
    expect(await page.locator("nav a").allTextContents()).toEqual(["work", "mix"]);
  });

  it("goes through lines with a cost with keys", async () => {
    const { page } = await open(await written(WORK));
    await key(page, "h");
    expect(await focused(page)).toBe("90905 return mix(n);");
    await key(page, "j");
    expect(await focused(page)).toBe("90902 return x * 3;");
    await key(page, "k");
    expect(await focused(page)).toBe("90905 return mix(n);");
    await key(page, "o");
    const details = page.locator(".lines details[open]", { hasText: "return mix(n);" });
    expect(await details.count()).toBe(0);
    await key(page, "Enter");
    expect(await details.count()).toBe(1);
    await key(page, "o");
    expect(await details.count()).toBe(0);
    await key(page, "k");
    expect(await focused(page)).toBe("10104int work(int n) {");
    await key(page, "a");
    expect(await page.locator(".lines details[open]").count()).toBeGreaterThan(1);
    await key(page, "c");
    expect(await page.locator("main .row:visible", { hasText: "return mix" }).count()).toBe(0);
    await key(page, "c");
    expect(await page.locator("main .row:visible", { hasText: "return mix" }).count()).toBe(1);
    await key(page, "?");
    expect(await page.locator(".keys").isVisible()).toBe(true);
  });

  it("colours the source, and never takes it for markup", async () => {
    const source =
      'int mix(int x) { /* <b>\n still */ return x * 3; }\n\nint work(int n) {\n  return mix(n); // "</code><img>"\n}\n';
    const { page } = await open(await written({ ...WORK, source }));
    const parts = (kind: string) => page.locator(`.row .${kind}`).allTextContents();
    expect(await parts("c")).toEqual(['// "</code><img>"', "/* <b>", " still */"]);
    expect(await parts("k")).toEqual(["int", "int", "return", "int", "int", "return"]);
    expect(await parts("n")).toEqual(["3"]);
    expect(await page.locator("main :is(img, .row:not(.inst) code b)").count()).toBe(0);
  });

  it("finds functions by name", async () => {
    const { page } = await open(await written(WORK));
    await key(page, "/");
    await page.keyboard.type("MIX");
    expect(await page.locator("main h2:visible").allTextContents()).toEqual(["mix"]);
    expect(await page.locator("nav a:visible").allTextContents()).toEqual(["mix"]);
    await page.locator("input").fill("");
    expect(await page.locator("main h2:visible").count()).toBe(2);
  });

  it("unfolds all, and folds all", async () => {
    const { page } = await open(await written(WORK));
    await page.locator("button", { hasText: "Unfold all" }).click();
    expect(await page.locator(".lines details:not([open])").count()).toBe(0);
    await page.locator("button", { hasText: /^Fold all$/ }).click();
    expect(await page.locator(".lines details[open]").count()).toBe(0);
    await page.locator("button", { hasText: "Unfold hot lines" }).click();
    expect(await page.locator(".lines details[open]").count()).toBe(3);
  });

  it("shows the line that its address names", async () => {
    const url = await written(WORK);
    const { page } = await open(url);
    const id = await page
      .locator(".lines details", { hasText: "return mix(n);" })
      .getAttribute("id");
    const { page: other } = await open(`${url}#${id}`);
    expect(await other.locator(".inst:visible", { hasText: "add" }).count()).toBe(1);
  });

  it("fits the width of a phone; long lines scroll inside the code", async () => {
    const source = WORK.source.replace("x * 3", `x * 3 + ${"y + ".repeat(100)}1`);
    const url = await written({ ...WORK, source });
    const { page } = await open(url, { viewport: { width: 400, height: 800 } });
    const width = await page.evaluate("document.documentElement.scrollWidth");
    expect(width).toBe(400);
  });
});

describe("text of profiles and source files", () => {
  const MARKUP =
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>" +
    "</style><style>@import 'http://127.0.0.1:9/x'</style><base href=http://127.0.0.1:9/>&lt;";
  const name = (text: string) => JSON.stringify(text + MARKUP);
  const hostile: Code = {
    sourceName: `a<b onmouseover=alert(4)>'".c`,
    source: `${MARKUP}\n--> ${MARKUP}\n\u202e${MARKUP}\u0000\u001b[31m\n`,
    code: `
      1000 | call\t<${MARKUP}> | evil${MARKUP} | 1
      1008 | ${MARKUP} | inner${MARKUP} | 2 | evil${MARKUP} | 3`,
    samples: `
      ${name("evil")}@FILE:3>${name("inner")}@FILE:2[${name("/bin/app")}]#1008 90
      ${name("evil")}@FILE:1[${name("/bin/app")}]#1000 10`,
  };

  it("stays text: it runs nothing, requests nothing, and is shown unchanged", async () => {
    const { page, errors, requests, dialogs } = await open(await written(hostile));
    await page.locator("button", { hasText: "Unfold all" }).click();
    expect(
      await page.locator("img, svg, base, main script, main style, main [onmouseover]").count(),
    ).toBe(0);
    const headings = await page.locator("h2").allTextContents();
    expect([...new Set(headings)].sort()).toEqual([`evil${MARKUP}`, `inner${MARKUP}`]);
    const sources = await page.locator("summary code").allTextContents();
    expect(sources).toContain(MARKUP);
    expect(sources).toContain(`--> ${MARKUP}`);
    expect(sources.some((text) => text.startsWith("\\u202e<"))).toBe(true);
    const calls = await page.locator(".inst:not(.call) code").allTextContents();
    expect(calls).toContain(`call    <${MARKUP}>`);
    expect({ errors, requests, dialogs }).toEqual({ errors: [], requests: [], dialogs: [] });
  });

  it("could neither run nor load styles if it were markup", async () => {
    const { page, errors, dialogs } = await open(await written(WORK));
    await page.evaluate(`
      const script = document.createElement("script");
      script.textContent = "alert(5)";
      const image = document.createElement("img");
      image.src = "http://127.0.0.1:9/x.png";
      const button = document.createElement("button");
      button.setAttribute("onclick", "alert(6)");
      document.body.append(script, image, button);
      button.click();
    `);
    await expect
      .poll(() => errors.filter((error) => /Content Security Policy/.test(error)).length)
      .toBe(3);
    expect(dialogs).toEqual([]);
  });
});
