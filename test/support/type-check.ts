import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./proto.js";

/**
 * Returns the TypeScript compiler's errors about programs (file names without `.mts`) in a folder
 * whose node_modules has their imports; nothing if there are none. `options` are added.
 */
export function typeCheck(
  folder: string,
  programs: Readonly<Record<string, string>>,
  options: Readonly<Record<string, unknown>> = {},
): string {
  for (const [name, code] of Object.entries(programs)) {
    writeFileSync(path.join(folder, `${name}.mts`), code);
  }
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        module: "NodeNext",
        target: "ES2023",
        strict: true,
        noEmit: true,
        types: ["node"],
        typeRoots: [path.join(ROOT, "node_modules/@types")],
        ...options,
      },
      include: Object.keys(programs).map((name) => `${name}.mts`),
    }),
  );
  const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
  return spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" }).stdout;
}
