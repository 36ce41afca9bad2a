import { isTerminal } from "./output.js";

/** Columns where nothing says how many there are. */
const DEFAULT_WIDTH = 80;

/** Where a report is shown to a person. */
export interface Screen {
  /** In columns. */
  readonly width: number;
  /** In rows; undefined where it has no end, as in a pipe. */
  readonly height?: number | undefined;
}

/** The screen that standard output is shown on; undefined where plain text is wanted. */
export function stdoutScreen(env: NodeJS.ProcessEnv = process.env): Screen | undefined {
  // Only a terminal is asked for its size: process.stdout takes a while to set up.
  return isTerminal() ? screenOf(process.stdout, env) : screenOf({}, env);
}

/**
 * The screen behind a stream: a terminal, or what reads a pipe where FORCE_COLOR asks for
 * colours. Undefined where plain text is wanted.
 */
export function screenOf(
  { isTTY, columns, rows }: Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows">>,
  env: NodeJS.ProcessEnv = process.env,
): Screen | undefined {
  if (isTTY) return { width: columns || widthFrom(env), height: rows || undefined };
  return forcesColours(env) ? { width: widthFrom(env) } : undefined;
}

/** Whether colours are wanted in a pipe, too. NO_COLOR wins, as https://no-color.org asks for. */
function forcesColours({ FORCE_COLOR = "", NO_COLOR }: NodeJS.ProcessEnv): boolean {
  return !NO_COLOR && !["", "0", "false"].includes(FORCE_COLOR);
}

function widthFrom({ COLUMNS = "" }: NodeJS.ProcessEnv): number {
  return /^[1-9][0-9]{0,3}$/.test(COLUMNS) ? Number(COLUMNS) : DEFAULT_WIDTH;
}
