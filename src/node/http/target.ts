/** What one request is sent to. */
export interface Target {
  readonly protocol: "http:" | "https:";
  /** With the port where it is given: `localhost:6060`, `[::1]:6060`. */
  readonly host: string;
  /** With the query, as it is sent. */
  readonly path: string;
  /** The user and the password of the URL, not escaped any more; undefined without both. */
  readonly user: User | undefined;
  /** Whether any certificate of the server will do. */
  readonly isInsecure: boolean;
  /** The Unix socket that is connected to, instead of the host. */
  readonly socket: string | undefined;
}

export interface User {
  readonly name: string;
  readonly password: string;
}

/** How a target is written for people: with a password masked. */
export function showTarget({ protocol, host, path, user, isInsecure, socket }: Target): string {
  if (socket !== undefined) return `unix:${socket}:${path}`;
  const scheme = isInsecure ? "https+insecure:" : protocol;
  return `${scheme}//${showUser(user)}${host}${path}`;
}

function showUser(user: User | undefined): string {
  if (!user) return "";
  const name = encodeURIComponent(user.name);
  return user.password === "" ? `${name}@` : `${name}:${MASK}@`;
}

/** Stands for a password; the word that Go uses. */
export const MASK = "xxxxx";

/**
 * Text that may have a password in the form of a URL, with what may be one masked: for
 * names that are shown although they could not be understood.
 */
export function maskPassword(text: string): string {
  return text.replace(/^((?:[a-z][a-z0-9+.-]*:)?\/\/)?([^:@/?#]*):(.*)@/is, `$1$2:${MASK}@`);
}
