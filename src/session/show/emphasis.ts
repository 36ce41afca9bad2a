import { terminalStyle } from "../../terminal/style.js";

/** Sets text for a terminal apart from what is around it, unless NO_COLOR asks for none of that. */
export function emphasize(text: string, env: NodeJS.ProcessEnv = process.env): string {
  return terminalStyle(env).bold(text);
}
