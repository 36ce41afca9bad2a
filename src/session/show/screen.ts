import { isTerminal } from "./output.js";

/** Width in columns, if neither the terminal nor COLUMNS gives one. */
const DEFAULT_WIDTH = 80;

export interface Screen {
  /** In columns. */
  readonly width: number;
  /** In rows; undefined if there is no limit, as in a pipe. */
  readonly height?: number | undefined;
}

/** Returns the screen for standard output; undefined for plain text. */
export function stdoutScreen(env: NodeJS.ProcessEnv = process.env): Screen | undefined {
  // process.stdout takes a while to set up, so it is used only for a terminal.
  return isTerminal() ? screenOf(process.stdout, env) : screenOf({}, env);
}

/** Returns the screen for a terminal, or a pipe with FORCE_COLOR; undefined for plain text. */
export function screenOf(
  { isTTY, columns, rows }: Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows">>,
  env: NodeJS.ProcessEnv = process.env,
): Screen | undefined {
  if (isTTY) return { width: columns || widthFrom(env), height: rows || undefined };
  return forcesColours(env) ? { width: widthFrom(env) } : undefined;
}

/** Whether FORCE_COLOR asks for colours in a pipe. NO_COLOR wins: see https://no-color.org. */
function forcesColours({ FORCE_COLOR = "", NO_COLOR }: NodeJS.ProcessEnv): boolean {
  return !NO_COLOR && !["", "0", "false"].includes(FORCE_COLOR);
}

function widthFrom({ COLUMNS = "" }: NodeJS.ProcessEnv): number {
  return /^[1-9][0-9]{0,3}$/.test(COLUMNS) ? Number(COLUMNS) : DEFAULT_WIDTH;
}
