// Makes the pictures of the README, docs/images/*.png, from the output of the built command for the
// fixtures, in Debian's chromium (or $TSPROF_TEST_BROWSER):
//
//   npm run build && node scripts/screenshots.mjs
//   pngquant --speed 1 --strip --quality 80-98 --force --ext .png docs/images/*.png
//
// The package contains the pictures; pngquant (a Debian package) reduces their size by two thirds.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const images = path.join(root, "docs/images");

const PICTURES = [
  { name: "graph", args: ["svg", "-nodecount=25", "go-cpu.pb.gz"] },
  { name: "flame", args: ["flame", "go-cpu.pb.gz"] },
  {
    name: "flame-compared",
    args: ["flame", "-diff_base=go-cpu-slow.pb.gz", "-focus=main", "go-cpu-fast.pb.gz"],
  },
];

/** The views of the web interface, from pages that `tsprof html` writes. */
const VIEWS = [
  { name: "web-flame", address: "flamegraph" },
  {
    name: "web-beside",
    address: "flamegraph?f=pricing&beside=source&sel=.example.com/orders/pricing.(*Book).Price",
  },
  { name: "web-tree", address: "tree" },
  { name: "web-sandwich", address: "sandwich?p=encoding%2Fjson.Marshal" },
  { name: "web-source", address: "source?q=Book.*Price" },
  { name: "web-timeline", address: "timeline", profile: "v8-cpu.cpuprofile" },
];
const WEB_SIZE = { width: 1100, height: 640 };

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-screenshots-"));
mkdirSync(images, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.TSPROF_TEST_BROWSER ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
});
try {
  for (const { name, args } of PICTURES) {
    const file = made(`${name}.svg`, args);
    await shoot(name, { width: 1000, height: 600 }, (page) => page.goto(pathToFileURL(file).href));
  }
  const sources = "-source_path=programs/go";
  const trim = "-trim_path=example.com/orders";
  for (const { name, address, profile = "go-cpu.pb.gz" } of VIEWS) {
    const report = made(`${name}.html`, ["html", sources, trim, profile]);
    await shoot(name, WEB_SIZE, async (page) => {
      await page.goto(`${pathToFileURL(report).href}#/${address}`);
      await page.waitForSelector("main[aria-busy=false]");
      // Frames and redrawn content appear a little later.
      await page.waitForTimeout(1000);
    });
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

/** Writes a report of a fixture to a file, and returns its path. */
function made(name, args) {
  const file = path.join(folder, name);
  const command = [path.join(root, "bin/tsprof.js"), ...args];
  const env = { ...process.env, TZ: "UTC" };
  const cwd = path.join(root, "fixtures");
  writeFileSync(file, execFileSync(process.execPath, command, { cwd, env, maxBuffer: 2 ** 26 }));
  return file;
}

/** Takes a picture, in both themes, of the page that `open` opens. */
async function shoot(name, viewport, open) {
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({ viewport, colorScheme });
    await open(page);
    const ending = colorScheme === "dark" ? "-dark" : "";
    await page.screenshot({ path: path.join(images, `${name}${ending}.png`) });
    await page.close();
  }
}
