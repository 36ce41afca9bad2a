import type { Run } from "./limits.mjs";

export function runOnce(args: readonly string[], cwd: string): Promise<Run>;
