// Times the web interface as a user sees it, in a browser that is already open: from starting
// `tsprof serve FILE` to the first flame graph on the screen, and from setting a filter to the new
// picture. The page is the one that `npm run build` made.
//
//   node scripts/bench-page.mjs [FILE] [--runs 5]
import { spawn } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const runsAt = given.indexOf("--runs");
const runs = runsAt < 0 ? 5 : Number(given[runsAt + 1]);
const isFile = (word, i) => !word.startsWith("--") && i !== runsAt + 1;
const file = given.find(isFile) ?? path.join(os.tmpdir(), "tsprof-bench", "mid.pb.gz");

/** The filters to time. Each run uses a new pattern or value. */
const FILTERS = {
  focus: ["f=func1", "f=func12", "f=pkg3[0-9]", "f=pkg7", "f=worker"],
  ignore: ["i=func2", "i=func21", "i=pkg2[0-9]", "i=pkg9", "i=func3[0-4]"],
  hide: ["h=func3", "h=func31", "h=pkg4[0-9]", "h=pkg8", "h=func[5-7]"],
  granularity: ["g=lines", "g=files", "g=lines", "g=addresses", "g=files"],
  "sample type": ["si=0", "si=1", "si=0", "si=1", "si=0"],
  noinlines: ["noinlines=t", "", "noinlines=t", "", "noinlines=t"],
};

const args = ["--no-sandbox", "--disable-gpu"];
const executablePath = process.env.TSPROF_TEST_BROWSER ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const now = () => performance.timeOrigin + performance.now();
const first = [];
const filtered = Object.fromEntries(Object.keys(FILTERS).map((name) => [name, []]));
for (let run = 0; run < runs; run++) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(noteFirstPicture);
  await pause(1500);
  const start = now();
  const program = path.join(root, "bin", "tsprof.js");
  const server = spawn(process.execPath, [program, "serve", "-no_browser", "-http=:", file], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const url = await new Promise((resolve, reject) => {
    server.stderr.on("data", (data) => {
      const found = /http:\S+/.exec(data);
      if (found) resolve(found[0]);
    });
    server.on("exit", () => reject(new Error("the server stopped")));
  });
  await page.goto(`${url}/ui/flamegraph`, { waitUntil: "commit" });
  // Poll rarely, so that polling does not slow down the measured work.
  const seen = await page.waitForFunction(() => window.firstPicture, null, { polling: 500 });
  first.push((await seen.jsonValue()) - start);
  await pause(5000);
  for (const [name, searches] of Object.entries(FILTERS)) {
    filtered[name].push(await page.evaluate(timeFilter, searches[run % searches.length]));
    await pause(4000);
  }
  await page.close();
  const ended = new Promise((resolve) => server.on("exit", resolve));
  server.kill("SIGINT");
  await ended;
}
await browser.close();

const row = (list) => {
  const sorted = list.toSorted((a, b) => a - b).map(Math.round);
  return { median: sorted[sorted.length >> 1], least: sorted[0], most: sorted.at(-1) };
};
console.log(`${path.basename(file)}, ${runs} runs, ms:`);
console.table({
  "first flame graph": row(first),
  ...Object.fromEntries(Object.entries(filtered).map(([name, list]) => [name, row(list)])),
});

/** Runs in the page before its scripts: records when the first picture appears. */
function noteFirstPicture() {
  const look = () => {
    if (!document.querySelector("main[aria-busy=false] canvas")) requestAnimationFrame(look);
    else
      requestAnimationFrame(
        () => (window.firstPicture = performance.timeOrigin + performance.now()),
      );
  };
  requestAnimationFrame(look);
}

/** Runs in the page: navigates as the back button does, and waits until the view is drawn. */
async function timeFilter(search) {
  const start = performance.now();
  const main = document.querySelector("main");
  const made = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (main.getAttribute("aria-busy") !== "false") return;
      observer.disconnect();
      resolve();
    });
    observer.observe(main, { attributeFilter: ["aria-busy"] });
  });
  history.pushState(null, "", `${location.pathname}?${search}`);
  dispatchEvent(new PopStateEvent("popstate"));
  await made;
  // The view draws in a frame. A timer that is set in that frame runs after it.
  await new Promise(requestAnimationFrame);
  await new Promise((resolve) => setTimeout(resolve));
  return performance.now() - start;
}
