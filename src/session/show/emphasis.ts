import { terminalStyle } from "../../terminal/style.js";

/** Makes text bold for a terminal, unless NO_COLOR is set. */
export function emphasize(text: string, env: NodeJS.ProcessEnv = process.env): string {
  return terminalStyle(env).bold(text);
}
