import { MASK, maskSecrets } from "./secrets.js";

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

/** How a target is written for people: with secrets masked. */
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
