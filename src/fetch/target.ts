import { MASK, maskSecrets } from "./secrets.js";

export interface Target {
  readonly protocol: "http:" | "https:";
  /** With the port, if there is one: `localhost:6060`, `[::1]:6060`. */
  readonly host: string;
  /** With the query. */
  readonly path: string;
  /** The URL's user and password, with their escapes decoded. */
  readonly user: User | undefined;
  /** Whether to accept any certificate of the server. */
  readonly isInsecure: boolean;
  /** The Unix socket to connect to, instead of the host. */
  readonly socket: string | undefined;
}

export interface User {
  readonly name: string;
  readonly password: string;
}

/** Returns a target as a URL for messages, with secrets masked. */
export function showTarget({ protocol, host, path, user, isInsecure, socket }: Target): string {
  const shown = maskSecrets(path);
  if (socket !== undefined) return `unix:${socket}:${shown}`;
  const scheme = isInsecure ? "https+insecure:" : protocol;
  return `${scheme}//${showUser(user)}${host}${shown}`;
}

function showUser(user: User | undefined): string {
  if (!user) return "";
  const name = encodeURIComponent(user.name);
  return user.password === "" ? `${MASK}@` : `${name}:${MASK}@`;
}
