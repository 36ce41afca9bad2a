import chalk, { Chalk, type ChalkInstance } from "chalk";
import type { Int64 } from "../units/int64.js";

/** Returns the colours of a terminal, or none if NO_COLOR is set (https://no-color.org). */
export function terminalStyle(env: NodeJS.ProcessEnv): ChalkInstance {
  return env.NO_COLOR ? new Chalk({ level: 0 }) : chalk;
}

/** Returns the share of the total, without its sign. */
export function share(value: Int64, total: Int64): number {
  return total === 0 ? 0 : Math.abs(Number(value) / Number(total));
}

/** Returns the colour for a share between 0 and 1. */
export function heat(style: ChalkInstance, share: number): ChalkInstance {
  if (share >= 0.2) return style.red.bold;
  if (share >= 0.05) return style.yellow;
  if (share >= 0.01) return style;
  return style.dim;
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Returns a bar: solid for `flat`, light for the rest of `cum`. Tiny shares are visible. */
export function bar(flat: number, cum: number, width: number): string {
  const eighths = Math.max(flat > 0 ? 1 : 0, Math.round(Math.min(1, flat) * width * 8));
  const solid = "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
  const columns = Math.max(cum > 0 ? 1 : 0, Math.round(Math.min(1, cum) * width));
  return solid + "░".repeat(Math.max(0, columns - solid.length));
}
