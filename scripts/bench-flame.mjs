// Measures how fast chromium lays out and draws 200,000 boxes: `show()`, and the frames while
// zooming and moving, by the times at which the browser requests them.
//
//   node scripts/bench-flame.mjs [width height [pixel ratio]]
import { chromium } from "playwright-core";
import { serveHarness } from "./flame-harness.mjs";

const [width = 1280, height = 800, ratio = 1] = process.argv.slice(2).map(Number);
const server = await serveHarness();
const executablePath = process.env.TSPROF_TEST_BROWSER ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: ratio });
await page.goto(server.url);
const report = await page.evaluate(async () => {
  const { harness } = window;
  const times = await harness.openBig(200_000);
  const host = document.querySelector(".flame-host");
  const box = host.getBoundingClientRect();
  const wheel = (deltaX, deltaY, ctrlKey) =>
    host.dispatchEvent(
      new WheelEvent("wheel", {
        deltaX,
        deltaY,
        ctrlKey,
        clientX: box.left + box.width * 0.4,
        clientY: box.top + 100,
        bubbles: true,
        cancelable: true,
      }),
    );
  /** Calls `act` in each of `count` frames. Returns how long each frame took. */
  const frames = (count, act) =>
    new Promise((resolve) => {
      const gaps = [];
      let before;
      const step = (now) => {
        if (before !== undefined) gaps.push(now - before);
        before = now;
        act(gaps.length);
        if (gaps.length < count) requestAnimationFrame(step);
        else resolve(gaps);
      };
      requestAnimationFrame(step);
    });
  const idle = await frames(60, () => {});
  const zoomIn = await frames(120, () => wheel(0, -12, true));
  const zoomOut = await frames(120, () => wheel(0, 12, true));
  for (let i = 0; i < 10; i++) wheel(0, -30, true);
  const pan = await frames(120, (i) => wheel(i < 60 ? 25 : -25, 0, false));
  const scroll = await frames(120, (i) => wheel(0, i < 60 ? 15 : -15, false));
  const work = await harness.paintTimes(100);
  return { ...times, idle, zoomIn, zoomOut, pan, scroll, work };
});
const sorted = (list) => [...list].sort((a, b) => a - b);
const at = (list, part) => sorted(list)[Math.floor((list.length - 1) * part)].toFixed(1);
console.log(`${report.boxes} boxes, ${report.levels} levels, ${width}x${height} at ${ratio}`);
console.log(`show(): ${report.show.map((time) => time.toFixed(0)).join(", ")} ms`);
for (const name of ["idle", "zoomIn", "zoomOut", "pan", "scroll", "work"]) {
  const list = report[name];
  const late = list.filter((time) => time > 25).length;
  console.log(
    `${name.padEnd(8)} median ${at(list, 0.5)} ms, 95 % ${at(list, 0.95)} ms, longest ${at(list, 1)} ms, ` +
      `${late} of ${list.length} over 25 ms`,
  );
}
await browser.close();
server.close();
