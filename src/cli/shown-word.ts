import { maskSecrets } from "../fetch/secrets.js";
import { quotePosix } from "./completion/quote.js";

/** Words that are addresses, with their scheme or their port. */
const ADDRESS = /:\/\/|^unix:|^[^\s/]+:[0-9]+(?:[/?]|$)/;

/** A word of a command line as a hint shows it: quoted for the shell, addresses without secrets. */
export function shownWord(word: string): string {
  return quotePosix(ADDRESS.test(word) ? maskSecrets(word) : word);
}
