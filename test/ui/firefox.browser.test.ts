import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Firefox } from "../support/firefox.js";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";
import { startTsprof, type WebServer } from "../support/web-server.js";

const CPU = path.join(ROOT, "fixtures/go-cpu.pb.gz");

const tsprof = useOneProcess();
let firefox: Firefox;
let server: WebServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-firefox-test-"));
  [firefox, server] = await Promise.all([
    Firefox.start({ width: 1200, height: 700 }),
    startTsprof(["-http=127.0.0.1:0", "-no_browser", CPU]),
  ]);
});
afterAll(async () => {
  await firefox?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until an expression is true in the page. */
const isTrue = (expression: string) =>
  expect.poll(() => firefox.evaluate<boolean>(expression)).toBe(true);

const isShown = () => isTrue(`document.querySelector("main")?.ariaBusy === "false"`);

async function open(view: string): Promise<void> {
  await firefox.open(new URL(`/ui/${view}`, server.url).href);
  await isShown();
}

/** The number of colours on a canvas, as the pictures of an expression. */
const COLOURS = `(() => {
  const canvas = document.querySelector(".flame-panel canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
})()`;

describe("the web interface in Firefox", () => {
  it("draws the flame graph, zooms, and goes back", async () => {
    await open("flamegraph");
    await isTrue(`${COLOURS} > 10`);
    const [x, y] = await firefox.evaluate<[number, number]>(
      `(() => { const { x, y } = document.querySelector(".flame-panel canvas").getBoundingClientRect(); return [x + 60, y + 50]; })()`,
    );
    await firefox.clickAt(x, y);
    await isTrue(`new URL(location.href).searchParams.has("z")`);
    await firefox.goInHistory(-1);
    await isTrue(`!new URL(location.href).searchParams.has("z")`);
  });

  it("draws the call graph, and shows tables, source code and text", async () => {
    await open("graph");
    await isTrue(`document.querySelectorAll(".graph-stage .node").length > 10`);
    await open("top");
    await isTrue(`document.querySelectorAll(".top-view tbody tr").length > 5`);
    await firefox.click(".top-view .col-cum button");
    await isTrue(`new URL(location.href).searchParams.has("sort")`);
    await open("tree");
    await isTrue(`document.querySelectorAll("[role=treegrid] [role=row]").length > 3`);
    await open("text?report=traces");
    await isTrue(`document.querySelector(".text-view pre").textContent.includes("runtime.")`);
    await open("tags");
    await open("peek?q=memclr");
    await isTrue(`document.querySelector("main").textContent.includes("memclrNoHeapPointers")`);
  });

  it("filters, and opens a dropped file", async () => {
    await open("top?f=memclr");
    await isTrue(`document.querySelectorAll(".chip").length === 1`);
    await firefox.click(".chip-remove");
    await isTrue(`document.querySelectorAll(".chip").length === 0`);
    await firefox.evaluate(
      `(() => { const transfer = new DataTransfer(); transfer.items.add(new File(["main;parse 3\\nmain;work 5\\n"], "dropped.folded")); document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer })); })()`,
    );
    await isTrue(`document.querySelector("dialog[open], .top-view")?.textContent.length > 0`);
  });

  it("opens a page that is a file", async () => {
    const file = path.join(folder, "report.html");
    expect((await tsprof(["html", "-output", file, CPU])).code).toBe(0);
    await firefox.open(`${pathToFileURL(file)}#/top`);
    await isShown();
    await isTrue(`document.querySelectorAll(".top-view tbody tr").length > 5`);
    await firefox.open(`${pathToFileURL(file)}#/graph`);
    await isTrue(`document.querySelectorAll(".graph-stage .node").length > 10`);
  });

  it("reports no errors", () => {
    expect(firefox.errors).toEqual([]);
  });
});
