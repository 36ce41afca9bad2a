import { sumNodes } from "../graph/node-values.js";
import { int64At } from "../profile/columns.js";
import { abs, compare } from "../units/int64.js";
import type { NodeIndex } from "../view/node-table.js";
import { buildNodes } from "../view/nodes.js";
import type { ReportInput } from "./input.js";

/** Returns at most `limit` functions and files that contain `part` in any case, by cum. */
export function findNames(input: ReportInput, part: string, limit: number): string[] {
  const { view, value } = input;
  const wanted = part.toLowerCase();
  const found = new Map<string, ReturnType<typeof abs>>();
  for (const granularity of ["functions", "files"] as const) {
    const nodes = buildNodes(view, { ...input.nodes, granularity, binaries: false });
    const { cum } = sumNodes(view, nodes, value);
    for (let node = 0 as NodeIndex; node < nodes.length; node++) {
      const size = abs(int64At(cum, node));
      if (size === 0) continue;
      const name = granularity === "files" ? nodes.file(node) : nodes.functionName(node);
      if (name === "" || !name.toLowerCase().includes(wanted)) continue;
      const known = found.get(name);
      if (known === undefined || compare(size, known) > 0) found.set(name, size);
    }
  }
  return [...found]
    .sort(([a, x], [b, y]) => compare(y, x) || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([name]) => name);
}
