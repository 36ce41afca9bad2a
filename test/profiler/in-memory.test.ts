import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { startCpuProfile } from "../../src/library/profiler.js";
import { int64At } from "../../src/profile/columns.js";
import { usePriority } from "../support/priority.js";

usePriority();

/** Vitest removes this type, so that the lines below move. */
interface Spinning {
  readonly millis: number;
}

function spin({ millis }: Spinning): number {
  const end = performance.now() + millis;
  let sum = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 100_000; i++) sum = Math.sqrt(sum + i); // The hot line.
  }
  return sum;
}

it("shows lines of TypeScript that was compiled in memory", async () => {
  const profiling = await startCpuProfile();
  spin({ millis: 200 });
  const { functions, lines, strings } = await profiling.stop();
  const found: number[] = [];
  for (let row = 0; row < lines.length; row++) {
    if (strings.get(functions.name[lines.function[row]]) === "spin") {
      found.push(Number(int64At(lines.line, row)));
    }
  }
  const source = readFileSync(fileURLToPath(import.meta.url), "utf8");
  const lineOf = (text: string) => source.slice(0, source.indexOf(text)).split("\n").length;
  expect(found).toContain(lineOf("; // The hot line."));
  expect(Math.min(...found)).toBeGreaterThanOrEqual(lineOf("function spin("));
  expect(Math.max(...found)).toBeLessThanOrEqual(lineOf("return sum;"));
});
