import { type Amounts, type FlameTree, flameTree } from "../../graph/flame-tree.js";
import type { FlameKind } from "../../report/flame.js";
import type { FlameFunction, Grouping } from "../../report/flame-functions.js";
import type { ValueFormat } from "../../report/value-format.js";
import { type Int64, int64 } from "../../units/int64.js";
import { decodeBigInts, decodeNumbers, encodeNumbers } from "./digits.js";

/** The data from which the picture of a flame graph is drawn. Its texts are safe to show. */
export interface FlamePage {
  readonly title: string;
  readonly lines: readonly string[];
  readonly kind: FlameKind;
  readonly format: ValueFormat;
  readonly total: Int64;
  readonly functions: readonly FlameFunction[];
  readonly tree: FlameTree;
  readonly cutFrames: number;
  readonly grouping: Grouping;
}

/** The page as JSON. Each distinct text occurs once. {@link encodeNumbers} writes the numbers. */
interface PageData {
  title: string;
  lines: readonly string[];
  kind: FlameKind;
  format: ValueFormat;
  total: string;
  cutFrames: number;
  grouping: Grouping;
  names: string[];
  texts: string[];
  /** By function: rows of {@link texts}. */
  files: string;
  groups: string;
  /** By function: 1 for the user's own code; empty if there is none. */
  own: string;
  /** By frame, from frame 1 on: the number of levels from the previous frame down to its caller. */
  steps: string;
  functions: string;
  flags: string;
  plus: string;
  minus: string;
  /** Whether amounts need more than 53 bits. */
  wide: boolean;
}

export function encodePage(page: FlamePage): string {
  const { title, lines, kind, format, total, cutFrames, grouping, functions, tree } = page;
  const texts = new Map([["", 0]]);
  const numberOf = (text: string) => {
    const number = texts.get(text) ?? texts.size;
    texts.set(text, number);
    return number;
  };
  const files = encodeNumbers(functions.map(({ file }) => numberOf(file)));
  const groups = encodeNumbers(functions.map(({ group }) => numberOf(group)));
  const { depths, selfPlus, selfMinus } = tree;
  const data: PageData = {
    title,
    lines,
    kind,
    format,
    total: String(total),
    cutFrames,
    grouping,
    names: functions.map(({ name }) => name),
    texts: [...texts.keys()],
    files,
    groups,
    own: functions.some(({ isOwn }) => isOwn)
      ? encodeNumbers(functions.map(({ isOwn }) => (isOwn ? 1 : 0)))
      : "",
    steps: encodeNumbers(depths.subarray(1).map((depth, i) => depths[i] + 1 - depth)),
    functions: encodeNumbers(tree.functions),
    flags: encodeNumbers(tree.flags),
    plus: encodeNumbers(selfPlus),
    minus: selfMinus ? encodeNumbers(selfMinus) : "",
    wide: !(selfPlus instanceof Float64Array),
  };
  return JSON.stringify(data);
}

export function decodePage(text: string): FlamePage {
  const data = JSON.parse(text) as PageData;
  const { title, lines, kind, format, cutFrames, grouping, names, texts, wide } = data;
  const steps = decodeNumbers(data.steps);
  const depths = new Uint32Array(steps.length + 1);
  for (let i = 0; i < steps.length; i++) depths[i + 1] = depths[i] + 1 - steps[i];
  const files = decodeNumbers(data.files);
  const groups = decodeNumbers(data.groups);
  const own = decodeNumbers(data.own);
  const amounts = (column: string): Amounts =>
    wide ? decodeBigInts(column) : Float64Array.from(decodeNumbers(column));
  return {
    title,
    lines,
    kind,
    format,
    cutFrames,
    grouping,
    total: int64(BigInt(data.total)),
    functions: names.map((name, i) => ({
      name,
      file: texts[files[i]],
      group: texts[groups[i]],
      ...(own[i] && { isOwn: true as const }),
    })),
    tree: flameTree({
      depths,
      functions: Uint32Array.from(decodeNumbers(data.functions)),
      flags: Uint8Array.from(decodeNumbers(data.flags)),
      selfPlus: amounts(data.plus),
      selfMinus: data.minus === "" ? undefined : amounts(data.minus),
    }),
  };
}
