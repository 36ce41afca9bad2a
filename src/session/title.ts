import { existsSync } from "node:fs";
import path from "node:path";
import { maskQuery, maskSecrets } from "../fetch/secrets.js";
import type { SourceNames } from "../page/protocol.js";
import { STDIN } from "../platform/files/input.js";
import type { SourceRequest } from "./request.js";

/** The number of sources that a title names; further sources are only counted. */
const MAX_NAMES = 3;

/** Returns a short name for the sources: files without folders, URLs without secrets. */
export function titleOf({ sources, options }: SourceRequest): string {
  const names = sources.slice(0, MAX_NAMES).map(shortName).join(", ");
  const title =
    sources.length > MAX_NAMES ? `${names} and ${sources.length - MAX_NAMES} more` : names;
  const base = options.base || options.diff_base;
  return base === "" ? title : `${title} since ${shortName(base)}`;
}

/** Returns the sources without secrets. */
export function sourceNames({ sources, options }: SourceRequest): SourceNames {
  const nameOf = (source: string) => (existsSync(source) ? maskQuery(source) : maskSecrets(source));
  return mapNames(nameOf, sources, options);
}

/** Returns the sources without the folders of this machine, for pages that are passed on. */
export function sharedSourceNames({ files, ...others }: SourceNames): SourceNames {
  return mapNames((source) => (source === STDIN ? source : shortName(source)), files, others);
}

function mapNames(
  nameOf: (source: string) => string,
  files: readonly string[],
  { base, diff_base, normalize }: Omit<SourceNames, "files">,
): SourceNames {
  const named = (source: string) => (source === "" ? "" : nameOf(source));
  return {
    files: files.map(named),
    base: named(base),
    diff_base: named(diff_base),
    normalize,
  };
}

function shortName(source: string): string {
  if (source === STDIN) return "standard input";
  if (existsSync(source)) return maskQuery(path.basename(source));
  const url = maskSecrets(source);
  const [, socket, rest] = /^unix:(.+?)(:\/.*)?$/s.exec(url) ?? [];
  return socket === undefined ? url : `unix:${path.basename(socket)}${rest ?? ""}`;
}
