import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../support/proto.js";

const run = promisify(execFile);

const SAMPLING_MICROS = 500;

/** The largest number of source files that a program reads. */
const MAX_SOURCES = 12;

const inRoot = (...parts: string[]) => path.join(ROOT, ...parts);
const sources = (folder: string, ending: string) =>
  readdirSync(inRoot(folder))
    .filter((name) => name.endsWith(ending))
    .slice(0, MAX_SOURCES)
    .map((name) => inRoot(folder, name));

/** Programs that JavaScript developers run, each with a small input from this repository. */
export const PROGRAMS = ["tsc", "eslint", "prettier", "vite build", "Fastify service"] as const;
export type Program = (typeof PROGRAMS)[number];

/** Returns the arguments of Node that run a program. Writes its files to `folder`. */
function command(program: Program, folder: string): string[] {
  switch (program) {
    case "tsc":
      return [
        inRoot("node_modules/typescript6/lib/tsc.js"),
        ..."--noEmit --ignoreConfig --strict --skipLibCheck".split(" "),
        ..."--target es2022 --module nodenext".split(" "),
        ...sources("src/units", ".ts"),
      ];
    case "eslint":
      writeFileSync(path.join(folder, "eslint.config.mjs"), ESLINT_CONFIG);
      // ESLint ignores files outside the folder of its configuration.
      for (const file of sources("scripts", ".mjs"))
        copyFileSync(file, path.join(folder, path.basename(file)));
      return [inRoot("node_modules/eslint/bin/eslint.js"), "."];
    case "prettier":
      // Differences from Prettier's style must not be an error.
      return [
        inRoot("node_modules/prettier/bin/prettier.cjs"),
        "--no-config",
        ...sources("scripts", ".mjs"),
      ];
    case "vite build":
      writeSite(folder);
      return [inRoot("node_modules/vite/bin/vite.js"), "build", folder];
    case "Fastify service":
      return [inRoot("test/real/programs/service.mjs")];
  }
}

const ESLINT_CONFIG = `export default [
  {
    rules: {
      complexity: ["warn", 100],
      indent: "warn",
      "no-shadow": "warn",
      "no-unused-vars": "warn",
      "prefer-const": "warn",
    },
  },
];
`;

/** Writes a web page whose scripts import each other. */
function writeSite(folder: string): void {
  const count = 60;
  const names = Array.from({ length: count }, (_, i) => `part${i}`);
  names.forEach((name, i) => {
    const next = i + 1 < count ? `import { part${i + 1} } from "./part${i + 1}.ts";` : "";
    const call = i + 1 < count ? `part${i + 1}(value)` : "value";
    const text = `${next}\nexport const ${name} = (value: number): number => ${call} + ${i};\n`;
    writeFileSync(path.join(folder, `${name}.ts`), text);
  });
  writeFileSync(path.join(folder, "style.css"), "body { margin: 0; color: rgb(1 2 3 / 50%); }\n");
  const main = `import "./style.css";\nimport { part0 } from "./part0.ts";\nconsole.log(part0(1));\n`;
  writeFileSync(path.join(folder, "main.ts"), main);
  const html = `<!doctype html><title>Site</title><script type="module" src="/main.ts"></script>`;
  writeFileSync(path.join(folder, "index.html"), html);
}

/** Runs a program under V8's profiler. Returns the file of the main thread's profile. */
export async function profileProgram(program: Program, folder: string): Promise<string> {
  const own = path.join(folder, program.replaceAll(" ", "-"));
  mkdirSync(own);
  return profiled(command(program, own), own);
}

/** Runs Node with these arguments. Returns the file of the main thread's profile. */
export async function profiled(args: readonly string[], folder: string): Promise<string> {
  const to = path.join(folder, "profiles");
  const profiler = ["--cpu-prof", `--cpu-prof-dir=${to}`, "--cpu-prof-interval"];
  await run(process.execPath, [...profiler, String(SAMPLING_MICROS), ...args], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: "production" },
    maxBuffer: 1 << 26,
  });
  // The names are CPU.DATE.TIME.PROCESS.THREAD.NUMBER.cpuprofile, and the main thread is 0.
  const names = readdirSync(to).filter((name) => name.split(".")[4] === "0");
  return path.join(to, names[names.length - 1]);
}
