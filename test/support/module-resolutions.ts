import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./proto.js";
import { runProgram } from "./run.js";

/** A program that uses all entry points of the library with their types. */
const PROGRAM = `
import { createServer } from "node:http";
import "tsprof/auto";
import { applySourceMaps, compare, type Profile, readProfile, top } from "tsprof";
import { type PprofOptions, pprofHandler } from "tsprof/http";
import { type Labels, startCpuProfile, withLabels, writeProfile } from "tsprof/profiler";

const options: PprofOptions = { allow: () => true };
const labels: Labels = { route: "/" };
export async function run(base: Profile): Promise<number | bigint> {
  createServer(pprofHandler(options));
  const profiling = await startCpuProfile();
  withLabels(labels, () => undefined);
  const profile: Profile = await profiling.stop();
  const read = await readProfile(await writeProfile(profile));
  return top(compare(await applySourceMaps(read), { diff_base: base })).total;
}
`;

interface Project {
  readonly module: string;
  readonly moduleResolution: string;
  readonly files: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
}

/** TypeScript 7 lacks the resolution `node10`. */
const PROJECTS: Readonly<Record<string, readonly Project[]>> = {
  typescript: [
    {
      module: "nodenext",
      moduleResolution: "nodenext",
      files: ["es.mts", "common.cts"],
      // Checks the types of the library, too, and those of Node.js.
      options: { skipLibCheck: false },
    },
    { module: "node16", moduleResolution: "node16", files: ["es.mts", "common.cts"] },
    { module: "esnext", moduleResolution: "bundler", files: ["any.ts"] },
    { module: "commonjs", moduleResolution: "bundler", files: ["any.ts"] },
    { module: "preserve", moduleResolution: "bundler", files: ["es.mts", "common.cts"] },
  ],
  typescript6: ["commonjs", "esnext"].map((module) => ({
    ...{ module, moduleResolution: "node10", files: ["any.ts"] },
    options: { ignoreDeprecations: "6.0" },
  })),
};

/**
 * Compiles a program with every module resolution of TypeScript, in a new folder below `folder`.
 * Returns the errors of the compilers, which are empty if there are none.
 * @param packages a `node_modules` folder with tsprof
 */
export async function moduleResolutionErrors(folder: string, packages: string): Promise<string> {
  const place = path.join(folder, "resolutions");
  mkdirSync(place);
  symlinkSync(packages, path.join(place, "node_modules"), "dir");
  for (const name of ["any.ts", "es.mts", "common.cts"]) {
    writeFileSync(path.join(place, name), PROGRAM);
  }
  let errors = "";
  for (const [compiler, projects] of Object.entries(PROJECTS)) {
    const configs = projects.map(({ module, moduleResolution, files, options }) => {
      const config = path.join(place, `${compiler}-${moduleResolution}-${module}.json`);
      const compilerOptions = {
        ...{ module, moduleResolution, target: "es2022", strict: true, noEmit: true },
        ...{ skipLibCheck: true, types: ["node"] },
        typeRoots: [path.join(ROOT, "node_modules/@types")],
        ...options,
      };
      writeFileSync(config, JSON.stringify({ compilerOptions, files }));
      return config;
    });
    const tsc = path.join(ROOT, "node_modules", compiler, "bin/tsc");
    const { stdout } = await runProgram(process.execPath, [tsc, "-b", ...configs]);
    errors += stdout;
  }
  return errors;
}
