// Makes the pictures of the README, docs/images/*.png, of what the built command draws of
// the fixtures, in Debian's chromium (or $TSPROF_TEST_BROWSER):
//
//   npm run build && node scripts/screenshots.mjs
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

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-screenshots-"));
mkdirSync(images, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.TSPROF_TEST_BROWSER ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
});
try {
  for (const { name, args } of PICTURES) {
    const file = path.join(folder, `${name}.svg`);
    const command = [path.join(root, "bin/tsprof.js"), ...args];
    const env = { ...process.env, TZ: "UTC" };
    const cwd = path.join(root, "fixtures");
    writeFileSync(file, execFileSync(process.execPath, command, { cwd, env, maxBuffer: 2 ** 26 }));
    for (const colorScheme of ["light", "dark"]) {
      const page = await browser.newPage({ viewport: { width: 1000, height: 600 }, colorScheme });
      await page.goto(pathToFileURL(file).href);
      const ending = colorScheme === "dark" ? "-dark" : "";
      await page.screenshot({ path: path.join(images, `${name}${ending}.png`) });
      await page.close();
    }
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
