// Times the engine of the web interface in a browser. A page of a local server starts the engine in
// a worker, opens a profile, and requests reports under one filter after another. Each time is
// measured in the page, from the request to the answer. Prints the first, the median and the
// largest time of each report in milliseconds. `npm run bench -- --only web` runs this script, too.
//
//   node scripts/bench-web.mjs [FILE] [--runs 5] [--limit 30000] [--pako] [--json]
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { clientScriptsInEsbuild } from "./client-bundle.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const option = (name, fallback) => {
  const at = given.indexOf(name);
  return at < 0 ? fallback : given[at + 1];
};
const runs = Number(option("--runs", "5"));
const limit = Number(option("--limit", "30000"));
const isFile = (word, i) => !word.startsWith("--") && !["--runs", "--limit"].includes(given[i - 1]);
const file = given.find(isFile) ?? path.join(os.tmpdir(), "tsprof-bench", "mid.pb.gz");

async function bundle(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "iife",
    globalName: "bench",
    plugins: [clientScriptsInEsbuild],
    minify: true,
    write: false,
  });
  return outputFiles[0].text;
}

const page = await bundle(`
  export { startEngine } from "./src/ui/engine/start.ts";
  export { defaultOptions } from "./src/options/table.ts";
`);
const engine = await bundle(`import text from "client:engine"; export const script = text;`);
const { script } = new Function(`${engine}; return bench;`)();
const answers = {
  "/": ["text/html", "<!DOCTYPE html><script src=page.js></script>"],
  "/page.js": ["text/javascript", page],
  "/engine.js": [
    "text/javascript",
    given.includes("--pako") ? `delete self.DecompressionStream;${script}` : script,
  ],
  "/profile": ["application/octet-stream", readFileSync(file)],
};
const server = createServer(({ url }, response) => {
  const [type, body] = answers[url] ?? ["text/plain", ""];
  response.setHeader("Content-Type", type);
  response.end(body);
}).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));

const browser = await chromium.launch({
  executablePath: process.env.TSPROF_TEST_BROWSER ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  const times = await tab.evaluate(measure, { runs, limit });
  const row = (name, list) => {
    const sorted = list.toSorted((a, b) => a - b);
    const cells = { first: list[0], median: sorted[sorted.length >> 1], largest: sorted.at(-1) };
    for (const key of Object.keys(cells)) cells[key] = Math.round(cells[key]);
    return { what: name, ...cells };
  };
  const rows = Object.entries(times).map(([name, list]) => row(name, list));
  if (given.includes("--json")) console.log(JSON.stringify(rows));
  else {
    console.log(
      `${path.basename(file)}, engine of ${Math.round(script.length / 1024)} KB, limit ${limit}, ms:`,
    );
    console.table(rows);
  }
} finally {
  await browser.close();
  server.close();
}

/** Runs in the page. */
async function measure({ runs, limit }) {
  const { startEngine, defaultOptions } = globalThis.bench;
  const bytes = new Uint8Array(await (await fetch("/profile")).arrayBuffer());
  const times = {};
  const timed = async (name, work) => {
    const start = performance.now();
    const result = await work();
    times[name] ??= [];
    times[name].push(performance.now() - start);
    return result;
  };
  const filters = {
    plain: {},
    focus: { focus: "pkg36[0-9]" },
    ignore: { ignore: "pkg36[0-9]" },
    hide: { hide: "pkg36" },
    show_from: { show_from: "pkg3" },
    tagfocus: { tagfocus: "resource/1[0-9]" },
    lines: { granularity: "lines" },
    files: { granularity: "files" },
    samples: { sample_index: "samples" },
    noinlines: { noinlines: true },
  };
  for (let run = 0; run < runs; run++) {
    const engine = await timed("start", () => startEngine({ url: "/engine.js" }));
    const options = (change) => ({ ...defaultOptions(), ...change });
    await timed("open", () => engine.open({ bytes, options: options({}), isPrepared: true }));
    for (const [name, change] of Object.entries(filters)) {
      const flame = await timed(`flame ${name}`, () => engine.flame(options(change), { limit }));
      const heavy = flame.report.places[Math.min(40, flame.report.places.length - 1)].name;
      if (name === "plain") {
        await timed("flame again", () => engine.flame(options(change), { limit }));
        await timed("sandwich", () => engine.sandwich(options(change), { name: heavy, limit }));
      }
    }
    for (const name of ["plain", "focus", "lines"]) {
      const change = filters[name];
      await timed(`top ${name}`, () => engine.top(options(change)));
      await timed(`dot ${name}`, () => engine.dot(options(change)));
    }
    await timed("peek", () => engine.peek(options({}), "pkg36[0-9]"));
    await timed("tags", () => engine.tags(options({})));
    await timed("suggest", () => engine.suggest(options({}), "pkg3", 20));
    engine.close?.();
  }
  return times;
}
