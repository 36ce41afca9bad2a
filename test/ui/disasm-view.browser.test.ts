import axe from "axe-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { encodeDisasm } from "../../src/page/disasm-json.js";
import type { DisasmLine, DisasmReport } from "../../src/report/disasm.js";
import { useBrowser } from "../support/browser.js";
import { serveView } from "../support/view-server.js";

const open = useBrowser();

const BASE = 0xffffffff81000000n;

/** Returns the instructions of a routine; `flat` has the costs of some. */
function lines(count: number, flat: Readonly<Record<number, number>>): DisasmLine[] {
  return Array.from({ length: count }, (_, i) => ({
    flat: flat[i] ?? 0,
    cum: flat[i] ?? 0,
    address: BASE + BigInt(4 * i),
    text: i === 100 ? "<script>alert(1)</script>\t%rax" : `mov\t$${i}, %rax`,
    function: "main.work",
    file: "work.go",
    path: "/src/work.go",
    line: 10 + Math.floor(i / 10),
  }));
}

const REPORT: DisasmReport = {
  format: { from: "milliseconds", to: "auto", ratio: 1 },
  total: 1000,
  routines: [
    {
      name: "main.work",
      aliases: ["main.alias"],
      flat: 350,
      cum: 400,
      lines: lines(300, { 100: 50, 105: 250, 280: 50 }),
    },
    { name: "main.<img src=x>", aliases: [], flat: 20, cum: 20, lines: lines(5, { 2: 20 }) },
  ],
};

async function show(
  body = encodeDisasm(REPORT),
  { status = 200, type = "application/json", kind = "server" as "server" | "file" } = {},
) {
  const { url, server, asked } = await serveView({
    profile: Buffer.from("main;work 10\nmain;idle 5\n"),
    others: { "/ui/disasm.json": { status, type, body } },
  });
  onTestFinished(() => void server.close());
  const opened = await open(url, { viewport: { width: 1000, height: 700 } });
  await opened.page.evaluate((kind) => harness.open("disasm", kind), kind);
  return { ...opened, asked };
}

describe("the view of machine code", () => {
  it("shows the cost of each instruction, and the instructions around hot ones", async () => {
    const { page, errors, dialogs, asked } = await show();
    expect(await page.evaluate(() => harness.show({ query: "work" }))).toEqual([]);
    expect(asked.at(-1)).toBe("/ui/disasm.json?q=work");
    const rows = page.locator(".routine").first().locator("tbody tr");
    const texts = () =>
      rows.evaluateAll((all) =>
        all.map((row) => [...row.children].map((cell) => cell.textContent?.trim()).join("|")),
      );
    const all = await texts();
    expect(all[0]).toBe("⋮ 88 instructions without a cost");
    // The gap ends twelve instructions before the first hot one. Positions repeat only when they
    // change.
    expect(all[1]).toBe("|·|·|ffffffff81000160|mov     $88, %rax|");
    expect(all[13]).toBe("|50ms|50ms|ffffffff81000190|<script>alert(1)</script> %rax|work.go:20");
    expect(all.find((row) => row.includes("250ms"))).toMatch(/^\|250ms\|250ms\|ffffffff810001a4\|/);
    expect(all.filter((row) => row.startsWith("⋮"))).toEqual([
      "⋮ 88 instructions without a cost",
      "⋮ 150 instructions without a cost",
    ]);
    await page.getByText("⋮ 88 instructions").click();
    expect((await texts())[0]).toBe("|·|·|ffffffff81000000|mov     $0, %rax|work.go:10");
    expect(await rows.count()).toBe(all.length - 1 + 88);
    const widths = await page
      .locator(".routine")
      .first()
      .locator(".heat-bar")
      .evaluateAll((bars) => bars.map((bar) => (bar as HTMLElement).style.width));
    expect(widths).toEqual(["20%", "100%", "20%"]);
    expect(await page.locator(".routine-name").allTextContents()).toEqual([
      "main.work",
      "main.<img src=x>",
    ]);
    expect(await page.locator(".routine-aliases").textContent()).toBe("Also known as main.alias");
    expect({ errors, dialogs }).toEqual({ errors: [], dialogs: [] });
  });

  it("goes to the next hot instruction and to the hottest with keys", async () => {
    const { page } = await show();
    await page.evaluate(() => harness.show({ query: "work" }));
    const at = () => page.locator("tr.at .address").textContent();
    await page.keyboard.press("j");
    expect(await at()).toBe("ffffffff81000190");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    expect(await at()).toBe("ffffffff81000460");
    await page.keyboard.press("k");
    expect(await at()).toBe("ffffffff810001a4");
    await page.keyboard.press("h");
    expect(await at()).toBe("ffffffff810001a4");
    await page.keyboard.press("h");
    expect(await at()).toBe("ffffffff81000190");
    // Keys unfold folded routines on the way.
    await page.locator(".routine > summary").last().click();
    for (let i = 0; i < 3; i++) await page.keyboard.press("j");
    expect(await at()).toBe("ffffffff81000008");
    expect(await page.locator(".routine").last().getAttribute("open")).toBe("");
  });

  it("shows the server's error message in one line", async () => {
    const plain = await show("no matches found for regexp nowhere\nmore", {
      status: 404,
      type: "text/plain",
    });
    const failed = (page: typeof plain.page) =>
      page.evaluate(() => harness.show({ query: "nowhere" }));
    expect(await failed(plain.page)).toBe("no matches found for regexp nowhere");
    const html = await show("<h1>no</h1>", { status: 502, type: "text/html" });
    expect(await failed(html.page)).toBe("the server answered 502");
    const odd = await show("{}");
    expect(await failed(odd.page)).toBe("the server's answer is not a listing of machine code");
  });

  it("lists functions by cost, and explains why a file has no machine code", async () => {
    const { page, asked } = await show();
    await page.evaluate(() => harness.show({}));
    expect(await page.locator(".heaviest a").allTextContents()).toEqual(["work", "idle", "main"]);
    await page.locator(".heaviest a", { hasText: "work" }).click();
    await expect.poll(() => asked.at(-1)).toBe("/ui/disasm.json?q=%5Ework%24");
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(".disasm-view");
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
    const file = await show("", { kind: "file" });
    expect(await file.page.evaluate(() => harness.show({ query: "work" }))).toEqual([]);
    expect(await file.page.locator(".disasm-body").textContent()).toMatch(/tsprof serve FILE/);
    expect(file.asked.some((url) => url.startsWith("/ui/"))).toBe(false);
  });
});
