// Compares the pages of tsprof, pprof and speedscope as a user sees them, in one run with a browser
// that is already open: the time from starting the command to the first flame graph, the memory of
// the page's process after 5 seconds, and the times between frames while the wheel turns. pprof is
// the one that is part of the installed Go; speedscope is installed into a temporary folder.
//
//   node scripts/bench-pages.mjs FILE... [--runs 3] [--limit 60]
//
// A program that shows nothing within the limit (in seconds) gets a dash.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { buildPprof } from "./build-pprof.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const option = (name, fallback) => {
  const at = given.indexOf(name);
  return at < 0 ? fallback : Number(given.splice(at, 2)[1]);
};
const runs = option("--runs", 3);
const limitMs = option("--limit", 60) * 1000;
const files = given;

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-bench-pages-"));
const pprof = buildPprof(path.join(folder, "pprof"));
execFileSync("npm", ["install", "--prefix", folder, "--silent", "speedscope"]);
const speedscope = path.join(folder, "node_modules/speedscope/dist/release/index.html");

/** Starts a server. Returns the address of its page, and a function that ends it. */
async function serve(command, args, pattern) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const url = await new Promise((resolve, reject) => {
    const find = (data) => {
      const [found] = pattern.exec(data) ?? [];
      if (found) resolve(found);
    };
    child.stdout.on("data", find);
    child.stderr.on("data", find);
    child.on("exit", () => reject(new Error(`${command} ended`)));
  });
  const stop = () => {
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGKILL");
    return ended;
  };
  return { url, stop };
}

const port = () => 20_000 + Math.floor(Math.random() * 20_000);

/** Each program opens a file, and recognizes its first flame graph by a condition in the page. */
const PROGRAMS = {
  tsprof: {
    async open(file) {
      const program = path.join(root, "bin/tsprof.js");
      const args = [program, "serve", "-no_browser", "-http=127.0.0.1:0", file];
      const { url, stop } = await serve(process.execPath, args, /http:\/\/\S+/);
      return { url: `${url}/ui/flamegraph`, stop };
    },
    isDrawn: () => document.querySelector("main[aria-busy=false] canvas") !== null,
  },
  pprof: {
    async open(file) {
      const address = `localhost:${port()}`;
      const args = ["-no_browser", `-http=${address}`, file];
      const { url, stop } = await serve(pprof, args, /http:\/\/\S+/);
      return { url: `${url}/ui/flamegraph`, stop };
    },
    isDrawn: () => document.querySelector("#stack-chart .boxbg, #chart svg rect") !== null,
  },
  speedscope: {
    async open(file) {
      const name = path.basename(file);
      const script = path.join(folder, "profile.js");
      const content = readFileSync(file).toString("base64");
      writeFileSync(script, `speedscope.loadFileFromBase64(${JSON.stringify(name)}, "${content}")`);
      const url = `${pathToFileURL(speedscope)}#localProfilePath=${script}`;
      return { url, stop: async () => {} };
    },
    isDrawn: () =>
      / - speedscope$/.test(document.title) && document.querySelector("canvas") !== null,
  },
};

const browser = await chromium.launch({
  executablePath: process.env.TSPROF_TEST_BROWSER ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
});
const now = () => performance.timeOrigin + performance.now();

async function measure({ open, isDrawn }, file) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(`(() => {
    const isDrawn = ${isDrawn};
    const look = () => {
      if (!isDrawn()) requestAnimationFrame(look);
      else requestAnimationFrame(() => (window.firstPicture = performance.timeOrigin + performance.now()));
    };
    requestAnimationFrame(look);
  })()`);
  await pause(1000);
  const start = now();
  const { url, stop } = await open(file);
  try {
    // pprof prints its address before it listens.
    while (!(await page.goto(url, { waitUntil: "commit" }).catch(() => undefined))) await pause(10);
    const seen = await page.waitForFunction(() => window.firstPicture, null, {
      polling: 300,
      timeout: limitMs,
    });
    const first = (await seen.jsonValue()) - start;
    await pause(5000);
    const memory = await rendererMemory(page);
    return { first, memory, frames: await frameTimes(page) };
  } catch (error) {
    if (!/Timeout|crash/i.test(error.message)) throw error;
    return undefined;
  } finally {
    await Promise.race([context.close(), pause(10_000)]);
    await stop();
  }
}

/** Returns the resident memory of the largest process of pages, in MB. */
async function rendererMemory(page) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) =>
      Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]),
    );
  await page.title();
  return Math.max(...sizes) / 1024;
}

/** Returns the times between frames while the wheel zooms in and out for 2 seconds, sorted. */
async function frameTimes(page) {
  await page.mouse.move(500, 300);
  await page.evaluate(() => {
    window.frames = [];
    let before;
    const step = (time) => {
      if (before !== undefined) window.frames.push(time - before);
      before = time;
      if (window.frames !== undefined) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  await page.keyboard.down("Control");
  for (let i = 0; i < 40; i++) {
    await page.mouse.wheel(0, i % 20 < 10 ? -40 : 40);
    await pause(30);
  }
  await page.keyboard.up("Control");
  return (await page.evaluate(() => window.frames)).sort((a, b) => a - b);
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
console.log(`${os.cpus().length} processors, load ${os.loadavg()[0].toFixed(1)}, ${runs} runs\n`);
console.log("| Profile | Program | First flame graph | Memory | Frames, median and 95 % |");
console.log("| --- | --- | ---: | ---: | ---: |");
try {
  for (const file of files) {
    const results = Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, []]));
    for (let run = 0; run < runs; run++) {
      for (const [name, program] of Object.entries(PROGRAMS)) {
        const result = await measure(program, file);
        if (result) results[name].push(result);
      }
    }
    for (const [name, list] of Object.entries(results)) {
      const frames = list.flatMap((one) => one.frames).sort((a, b) => a - b);
      const at = (part) => frames[Math.floor(frames.length * part)]?.toFixed(1);
      const cells = list.length
        ? [
            `${(median(list.map(({ first }) => first)) / 1000).toFixed(2)} s`,
            `${median(list.map(({ memory }) => memory)).toFixed(0)} MB`,
            `${at(0.5)} and ${at(0.95)} ms`,
          ]
        : ["–", "–", "–"];
      console.log(`| ${[path.basename(file), name, ...cells].join(" | ")} |`);
    }
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
