import { existsSync } from "node:fs";
import path from "node:path";
import { maskQuery, maskSecrets } from "../fetch/secrets.js";
import type { SourceNames } from "../page/protocol.js";
import { STDIN } from "../platform/input.js";
import type { SourceRequest } from "./request.js";

/** So many sources are named in a title. */
const NAMED = 3;

/** What is looked at, in a few words: files without their folders, URLs without secrets. */
export function titleOf({ sources, options }: SourceRequest): string {
  const names = sources.slice(0, NAMED).map(shortName).join(", ");
  const title = sources.length > NAMED ? `${names} and ${sources.length - NAMED} more` : names;
  const base = options.base || options.diff_base;
  return base === "" ? title : `${title} since ${shortName(base)}`;
}

/** The sources as they may be told to others. */
export function sourceNames({ sources, options }: SourceRequest): SourceNames {
  const nameOf = (source: string) => (existsSync(source) ? maskQuery(source) : maskSecrets(source));
  return namesBy(nameOf, sources, options);
}

/** The same, without the folders of this machine: for pages that are passed on. */
export function sharedSourceNames({ files, ...others }: SourceNames): SourceNames {
  return namesBy((source) => (source === STDIN ? source : shortName(source)), files, others);
}

function namesBy(
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
