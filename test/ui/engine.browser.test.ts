import engineScript from "client:engine";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultOptions, type Options } from "../../src/options/table.js";
import { encodeProfile } from "../../src/profile/wire/encode.js";
import type { Engine } from "../../src/ui/engine/engine.js";
import { sameThreadEngine } from "../../src/ui/engine/same-thread.js";
import { useBrowser } from "../support/browser.js";
import { HOSTILE_NAMES } from "../support/graph-text.js";
import { ROOT } from "../support/proto.js";
import { profileOf } from "../support/text-profile.js";

/** The content security policy of a server's pages. */
const POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self' blob:; connect-src 'self'; base-uri 'none'";

const open = useBrowser();
const go = readFileSync(path.join(ROOT, "fixtures/go-cpu.pb.gz"));
const options = (changes: Partial<Options> = {}): Options => ({ ...defaultOptions(), ...changes });

let server: Server;
let origin: string;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { startEngine } from "./src/ui/engine/start.ts";`,
      resolveDir: ROOT,
    },
    bundle: true,
    format: "iife",
    globalName: "starter",
    write: false,
  });
  const files: Record<string, [string, string | Uint8Array]> = {
    "/": ["text/html", "<!DOCTYPE html><title>page</title><script src=start.js></script>"],
    "/start.js": ["text/javascript", outputFiles[0].text],
    "/engine.js": ["text/javascript", engineScript],
    "/broken.js": [
      "text/javascript",
      `if (typeof document === "undefined") throw 1;${engineScript}`,
    ],
    "/profile": ["application/octet-stream", go],
  };
  server = createServer(({ url = "" }, response) => {
    const [type, body] = files[url] ?? ["text/plain", ""];
    response.setHeader("Content-Type", type);
    response.setHeader("Content-Security-Policy", POLICY);
    response.end(body);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

declare global {
  var starter: { startEngine(script: { url: string }): Promise<Engine> };
  var engine: Engine;
  /** The number of workers that the page started. */
  var workers: number;
  var tsprofEngine: (() => Engine) | undefined;
}

/** Opens a page whose engine has the fixture open. */
async function pageWith(script: string, prepare?: (page: Page) => Promise<void>): Promise<Page> {
  const { page, errors } = await open(`${origin}/`);
  await prepare?.(page);
  await page.evaluate(
    async ({ script, options }) => {
      const { Worker } = window;
      window.workers = 0;
      window.Worker = class extends Worker {
        constructor(url: string | URL) {
          super(url);
          window.workers++;
        }
      };
      window.engine = await window.starter.startEngine({ url: script });
      const bytes = new Uint8Array(await (await fetch("/profile")).arrayBuffer());
      await window.engine.open({ bytes, options });
      if (bytes.length === 0) throw new Error("the bytes were taken away");
    },
    { script, options: options() },
  );
  expect(errors).toEqual([]);
  return page;
}

/** Returns all answers for a set of options, as plain data. */
async function allAnswers(engine: Engine, options: Options): Promise<unknown> {
  const { flame, sandwich, top, peek, tags, dot, weblist, text, suggest } = engine;
  const name = (await top(options)).report.rows[3].name;
  const answers = {
    flame: await flame(options, { limit: 500 }),
    sandwich: await sandwich(options, { name, limit: 100 }),
    top: await top(options),
    peek: await peek(options, "^main"),
    tags: await tags(options),
    dot: await dot(options),
    weblist: await weblist(options, "^main"),
    text: await text("traces", options, "", { from: 0, length: 10_000 }),
    suggest: await suggest(options, "m", 7),
  };
  // Typed arrays become plain arrays.
  const plain = (_: string, value: unknown) => {
    if (ArrayBuffer.isView(value)) return [...(value as Uint8Array)];
    return typeof value === "bigint" ? `${value}n` : value;
  };
  return JSON.parse(JSON.stringify(answers, plain));
}

async function expected(change: Partial<Options>): Promise<unknown> {
  const engine = sameThreadEngine();
  await engine.open({ bytes: go, options: options() });
  return allAnswers(engine, options(change));
}

const answersIn = (page: Page, change: Partial<Options>) =>
  page.evaluate(
    async ({ options, source }) =>
      (new Function(`return ${source}`)() as typeof allAnswers)(window.engine, options),
    { options: options(change), source: allAnswers.toString() },
  );

describe("the engine in a browser", () => {
  it("gives the same answers in a worker", async () => {
    const page = await pageWith("/engine.js");
    expect(await page.evaluate(() => window.workers)).toBe(1);
    for (const change of [{}, { focus: "sha|json", granularity: "lines" }] as const) {
      expect(await answersIn(page, change)).toEqual(await expected(change));
    }
  });

  it("runs in the page if a worker does not start", async () => {
    const page = await pageWith("/broken.js");
    expect(await page.evaluate(() => typeof window.tsprofEngine)).toBe("function");
    expect(await answersIn(page, { ignore: "runtime" })).toEqual(
      await expected({ ignore: "runtime" }),
    );
  });

  it("uses pako for data that the browser cannot inflate", async () => {
    const raw = encodeProfile(profileOf("main;work 1"));
    const bytes = [...gzipSync(raw.subarray(0, 10)), ...gzipSync(raw.subarray(10))];
    const page = await pageWith("/engine.js");
    const names = await page.evaluate(
      async ({ bytes, options }) => {
        await window.engine.open({ bytes: new Uint8Array(bytes), options });
        return (await window.engine.top(options)).report.rows.map(({ name }) => name);
      },
      { bytes, options: options() },
    );
    expect(names).toEqual(["work", "main"]);
  });

  it("keeps the open profile and reports the error if a file is damaged", async () => {
    const page = await pageWith("/engine.js");
    const { problem, rows } = await page.evaluate(
      async ({ options }) => {
        const bytes = new Uint8Array(await (await fetch("/profile")).arrayBuffer());
        const cut = bytes.subarray(0, bytes.length - 30);
        const problem = await window.engine.open({ bytes: cut, options }).then(
          () => "",
          (error: Error) => error.message,
        );
        return { problem, rows: (await window.engine.top(options)).report.rows.length };
      },
      { options: options() },
    );
    expect(problem).toBe("damaged gzip data: it ends too early");
    expect(rows).toBeGreaterThan(3);
  });

  it("skips requests that are aborted before their turn, and rejects as fetch does", async () => {
    const page = await pageWith("/engine.js");
    const told = await page.evaluate(
      async ({ options }) => {
        const { engine } = window;
        const controller = new AbortController();
        const told: string[] = [];
        const first = engine.top(options).then(() => told.push("first"));
        const request = { limit: 100 };
        const second = engine.flame(options, request, controller.signal).catch((error: Error) => {
          told.push(`second: ${error.name}`);
        });
        const third = engine.tags(options).then(() => told.push("third"));
        controller.abort();
        await Promise.all([first, second, third]);
        return told;
      },
      { options: options() },
    );
    expect(told).toEqual(["second: AbortError", "first", "third"]);
  });

  it("removes control characters from hostile names", async () => {
    const text = HOSTILE_NAMES.map((name, i) => `main;${JSON.stringify(name)} ${i + 1}`).join("\n");
    const page = await pageWith("/engine.js");
    const { places, weblist } = await page.evaluate(
      async ({ bytes, options }) => {
        // Otherwise demangling changes hostile names that look like C++.
        await window.engine.open({ bytes: new Uint8Array(bytes), options, isPrepared: true });
        const { report } = await window.engine.flame(options, { limit: 100 });
        const weblist = (await window.engine.weblist(options, ".")).report;
        return { places: report.functions, weblist };
      },
      { bytes: [...encodeProfile(profileOf(text))], options: options() },
    );
    const shown = places.map(({ name }) => name);
    expect(shown).toHaveLength(HOSTILE_NAMES.length + 2);
    expect(shown).toContain("a\\x01b\\x1bc\\x7fd\\x85e");
    expect(shown).toContain("right \\u202eto\\u202c left");
    const { page: shownPage, dialogs } = await open("about:blank");
    await shownPage.setContent(weblist);
    expect(await shownPage.locator("script").count()).toBe(1);
    expect(dialogs).toEqual([]);
  });
});
