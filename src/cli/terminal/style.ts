import chalk, { Chalk, type ChalkInstance } from "chalk";

/** The colours of a terminal, or none where NO_COLOR asks for that (https://no-color.org). */
export function terminalStyle(env: NodeJS.ProcessEnv): ChalkInstance {
  return env.NO_COLOR ? new Chalk({ level: 0 }) : chalk;
}

/** A colour for a share between 0 and 1, from cold to hot. */
export function heat(style: ChalkInstance, share: number): ChalkInstance {
  if (share >= 0.2) return style.red.bold;
  if (share >= 0.05) return style.yellow;
  if (share >= 0.01) return style;
  return style.dim;
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of up to `width` columns for a share between 0 and 1; anything at all shows. */
export function bar(share: number, width: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(Math.min(1, share) * width * 8));
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}
