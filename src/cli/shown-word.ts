import { maskSecrets } from "../fetch/secrets.js";
import { quotePosix } from "./completion/quote.js";

/** URLs, and addresses with a port. */
const ADDRESS = /:\/\/|^unix:|^[^\s/]+:[0-9]+(?:[/?]|$)/;

/** Prepares a word of a command line for a hint: quotes it for the shell and masks secrets. */
export function shownWord(word: string): string {
  return quotePosix(ADDRESS.test(word) ? maskSecrets(word) : word);
}
