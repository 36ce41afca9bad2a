import { statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { ProfileKind } from "../../v8/protocol.js";

/** The name of profiles in a folder. */
const FILE_NAME = "{kind}-{program}-{pid}.pb.gz";

export const DEFAULT_OUTPUT = FILE_NAME;

/** What the placeholders of a name describe. */
export interface Named {
  readonly kind: ProfileKind;
  readonly pid: number;
  /** The name of the script; may be empty. */
  readonly program: string;
  /** The start of the recording in nanoseconds. */
  readonly timeNanos: bigint;
}

const PLACEHOLDERS: Readonly<Record<string, (named: Named) => string>> = {
  "{kind}": ({ kind }) => kind,
  "{program}": ({ program }) => program.replace(/\.[cm]?[jt]s$/, "") || "node",
  "{pid}": ({ pid }) => String(pid),
  // Such as 20261130T172853Z, which sorts by time and has no colons.
  "{time}": ({ timeNanos }) =>
    new Date(Number(timeNanos / 1_000_000n)).toISOString().replace(/[-:]|\.[0-9]+/g, ""),
  "{host}": () => os.hostname(),
};

export function placeholdersIn(text: string): string[] {
  return text.match(/\{[^{}]*\}/g) ?? [];
}

export function hasPlaceholder(word: string): boolean {
  return Object.hasOwn(PLACEHOLDERS, word);
}

/**
 * Returns the path of a profile. `output` is a path with placeholders: of a file, or of a folder if
 * it ends with a slash or is one. `attempt` counts from 1; later names have that number.
 */
export function outputPath(output: string, named: Named, attempt = 1): string {
  const filled = fill(output, named);
  const isFolder = /[\\/]$/.test(filled) || isExistingFolder(filled);
  const file = isFolder ? path.join(filled, fill(FILE_NAME, named)) : filled;
  if (attempt === 1) return file;
  const [, stem, ending] = /^(.*?)((?:\.[a-z]+)*)$/is.exec(path.basename(file)) ?? [];
  return path.join(path.dirname(file), `${stem}-${attempt}${ending}`);
}

function fill(text: string, named: Named): string {
  return text.replace(/\{[^{}]*\}/g, (word) =>
    // The names of scripts and machines may contain anything.
    (PLACEHOLDERS[word]?.(named) ?? word).replace(/[^A-Za-z0-9._-]+/g, "_"),
  );
}

function isExistingFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
