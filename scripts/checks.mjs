// Checks the code and builds dist/, with the steps beside each other:
//
//   node scripts/checks.mjs            lint rules, types and build
//   node scripts/checks.mjs types      types only
//
// Prints the output of each step when it has ended. Exits with 1 if one failed. Builds only if a
// source is newer than dist/, because `npm install` builds, too.
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const LINT = ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."];
const COMPILER = "node_modules/typescript/bin/tsc";

/** The checked parts have different global types: Node's, none, or the browser's. */
const CONFIGURATIONS = ["tsconfig", "tsconfig.pure", "tsconfig.client", "tsconfig.browser"];

/** The arguments of Node for each step. */
const STEPS = {
  // One checker per process: several repeat a part of the work, and the processes share the CPUs.
  types: CONFIGURATIONS.map((name) => [COMPILER, "-p", `${name}.json`, "--checkers", "1"]),
  lint: [LINT],
  build: isBuilt() ? [] : [["scripts/build.mjs"]],
};

const [, , ...names] = process.argv;
const steps = Object.entries(STEPS).filter(([name]) => names.length === 0 || names.includes(name));
const passed = await Promise.all(steps.flatMap(([, commands]) => commands).map(run));
if (!passed.every(Boolean)) process.exitCode = 1;

/** Returns whether dist/ is newer than every file and folder that the build reads. */
function isBuilt() {
  const changed = (name) =>
    statSync(path.join(root, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ["src", "scripts"].flatMap((folder) => [
    folder,
    ...readdirSync(path.join(root, folder), { recursive: true }).map((name) =>
      path.join(folder, name),
    ),
  ]);
  const settings = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.library.json"];
  const inputs = [...sources, ...settings];
  return inputs.every((name) => changed(name) < changed("dist"));
}

/** Runs Node with its output kept together. Returns whether it succeeded. */
async function run(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const keep = (piece) => {
    output += piece;
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  const code = await new Promise((resolve) => child.on("close", resolve));
  process.stdout.write(output);
  if (code !== 0) console.error(`failed: node ${args.join(" ")}`);
  return code === 0;
}
