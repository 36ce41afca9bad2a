import { expect } from "vitest";
import { useOneProcess } from "../support/one-process.js";
import type { Sums } from "./tally.js";

const tsprof = useOneProcess();

/** The fields of a row in JSON that identify it. Lines and columns count from 1. */
interface Identity {
  name: string;
  function?: string;
  file?: string;
  line?: number;
  column?: number;
  /** For lines: where their function begins. */
  start_line?: number;
  start_column?: number;
}

export interface Row extends Identity, Sums {}

/** A change of a value between the means of two sides. */
interface Change {
  base: number;
  new: number;
  real: boolean;
}

export interface DiffRow extends Identity {
  presence: "both" | "new" | "gone";
  flat: Change;
  cum: Change;
}

/** Values of time, and positions as V8 recorded them: packages ship source maps. */
const OPTIONS = ["-sample_index=wall", "-source_maps=none"];

/** Runs tsprof, which must succeed without a warning. Returns its standard output. */
export async function succeed(args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await tsprof(args);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
  return stdout;
}

/** Converts a profile to profile.proto. */
export async function convert(file: string, output: string): Promise<void> {
  const { stderr, code } = await tsprof(["convert", "-source_maps=none", "-output", output, file]);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
}

interface Top {
  total: number;
  rows: Row[];
}

const tops = new Map<string, Promise<Top>>();

/** Returns all rows of `top`, and the total. Runs tsprof once for equal arguments. */
export function topRows(file: string, ...options: string[]): Promise<Top> {
  const all = ["-format=json", "-nodecount=0", "-nodefraction=0"];
  const args = ["top", ...OPTIONS, ...all, ...options, file];
  const key = JSON.stringify(args);
  const known = tops.get(key) ?? succeed(args).then((text): Top => JSON.parse(text));
  tops.set(key, known);
  return known;
}

/** Returns the rows of `diff` for the profiles of both sides. */
export async function diffRows(
  base: readonly string[],
  changed: readonly string[],
  ...options: string[]
): Promise<DiffRow[]> {
  const sides = [...base.flatMap((file) => ["-base", file]), ...changed];
  return JSON.parse(await succeed(["diff", ...OPTIONS, "-format=json", ...options, ...sides])).rows;
}

/** Returns the texts that occurred before. */
export function repeated(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  return texts.filter((text) => seen.size === seen.add(text).size);
}
