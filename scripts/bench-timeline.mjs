// Times the timeline in a browser that is already open: from opening the page of a running server to
// the first picture, and the frames while zooming and panning. `gap` is the time between two frames,
// which other programs on the machine lengthen; `work` is the script's part of each frame. The
// profile is one of V8, made by timeline-profile.mjs. The page is the one that `npm run build` made.
//
//   node scripts/bench-timeline.mjs [SAMPLES] [--runs 3] [--width 1440]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { v8Profile } from "./timeline-profile.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const option = (name, fallback) => {
  const at = given.indexOf(name);
  return at < 0 ? fallback : Number(given[at + 1]);
};
const isCount = (word, i) => /^\d+$/.test(word) && !given[i - 1]?.startsWith("--");
const samples = Number(given.find(isCount) ?? 200_000);
const runs = option("--runs", 3);
const viewport = { width: option("--width", 1440), height: 900 };

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-bench-timeline-"));
const file = path.join(folder, "samples.cpuprofile");
writeFileSync(file, v8Profile(samples));
const executablePath = process.env.TSPROF_TEST_BROWSER ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const program = path.join(root, "bin", "tsprof.js");
const server = spawn(process.execPath, [program, "serve", "-no_browser", "-http=:", file], {
  stdio: ["ignore", "ignore", "pipe"],
});
try {
  const url = await new Promise((resolve, reject) => {
    server.stderr.on("data", (data) => {
      const found = /http:\S+/.exec(data);
      if (found) resolve(found[0]);
    });
    server.on("exit", () => reject(new Error("the server stopped")));
  });
  const first = [];
  let frames;
  for (let run = 0; run < runs; run++) {
    const page = await browser.newPage({ viewport });
    await page.addInitScript(watchFrames);
    const start = performance.timeOrigin + performance.now();
    await page.goto(`${url}/ui/timeline`, { waitUntil: "commit" });
    const seen = await page.waitForFunction(() => window.firstPicture, null, { polling: 100 });
    first.push((await seen.jsonValue()) - start);
    await page.waitForTimeout(3000);
    frames = await page.evaluate(measureFrames);
    await page.close();
  }
  const sorted = (list) => list.toSorted((a, b) => a - b);
  const at = (list, part) => Number(sorted(list)[Math.floor((list.length - 1) * part)].toFixed(1));
  console.log(`${samples} samples at ${viewport.width}x${viewport.height}`);
  console.log(`first picture after ${first.map(Math.round).join(", ")} ms`);
  console.table(
    Object.fromEntries(
      Object.entries(frames).flatMap(([name, { gap, work }]) =>
        Object.entries({ gap, work }).map(([what, list]) => [
          `${name}: ${what}`,
          { median: at(list, 0.5), "95 %": at(list, 0.95), longest: at(list, 1) },
        ]),
      ),
    ),
  );
} finally {
  await browser.close();
  server.kill("SIGINT");
  rmSync(folder, { recursive: true, force: true });
}

/** Runs in the page before its scripts: notes the first picture, and the work in each frame. */
function watchFrames() {
  const request = window.requestAnimationFrame.bind(window);
  window.work = 0;
  window.requestAnimationFrame = (act) =>
    request((now) => {
      const start = performance.now();
      act(now);
      window.work += performance.now() - start;
    });
  const look = () => {
    if (!document.querySelector("main[aria-busy=false] .timeline-host canvas")) request(look);
    else request(() => (window.firstPicture = performance.timeOrigin + performance.now()));
  };
  request(look);
}

/** Runs in the page. Returns the gap between frames and the work in each, by what the user does. */
async function measureFrames() {
  const host = document.querySelector(".timeline-host");
  const box = host.getBoundingClientRect();
  const wheel = (deltaX, deltaY) =>
    host.dispatchEvent(
      new WheelEvent("wheel", {
        deltaX,
        deltaY,
        clientX: box.left + box.width * 0.4,
        clientY: box.top + 100,
        bubbles: true,
        cancelable: true,
      }),
    );
  const frames = (count, act) =>
    new Promise((resolve) => {
      const gap = [];
      const work = [];
      let before;
      let sum = 0;
      const step = (now) => {
        if (before !== undefined) {
          gap.push(now - before);
          work.push(window.work - sum);
        }
        sum = window.work;
        before = now;
        act(gap.length);
        if (gap.length < count) setTimeout(() => requestAnimationFrame(step));
        else resolve({ gap, work });
      };
      requestAnimationFrame(step);
    });
  const idle = await frames(60, () => {});
  const panWhole = await frames(120, (i) => wheel(i % 2 === 0 ? 3 : -3, i < 5 ? -10 : 0));
  for (let i = 0; i < 60; i++) wheel(0, 100);
  const zoomIn = await frames(150, () => wheel(0, -15));
  const pan = await frames(120, (i) => wheel(i < 60 ? 25 : -25, 0));
  const zoomOut = await frames(150, () => wheel(0, 15));
  return { idle, "pan the whole": panWhole, "zoom in": zoomIn, pan, "zoom out": zoomOut };
}
