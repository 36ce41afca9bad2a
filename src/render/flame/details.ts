import { type FlameFunctionIndex, FrameFlags } from "../../graph/flame-tree.js";
import { formatValue } from "../../report/value-format.js";
import { fixed2 } from "../../units/format.js";
import { exactDifference, exactSum, type Int64 } from "../../units/int64.js";
import { percentage } from "../../units/percentage.js";
import type { FrameAmounts } from "./frames.js";
import type { FlamePage } from "./page.js";
import { fullName } from "./short-name.js";

export interface FrameDetails {
  readonly name: string;
  readonly notes: readonly string[];
  readonly figures: readonly { readonly label: string; readonly text: string }[];
}

/** The neighbour of a frame: its caller, or in the inverted graph its callee. */
export interface Neighbor {
  readonly label: "Of its caller" | "Of its callee";
  readonly amounts: FrameAmounts;
}

/** Describes a frame of function `fn` with these amounts. */
export function frameDetails(
  page: FlamePage,
  fn: FlameFunctionIndex,
  amounts: FrameAmounts,
  beside: Neighbor | undefined,
): FrameDetails {
  const { name, file } = page.functions[fn];
  const notes: string[] = [];
  if (file !== "") notes.push(fullName(file));
  const inlining = amounts.flags & (FrameFlags.inlined | FrameFlags.called);
  if (inlining === FrameFlags.inlined) notes.push("inlined");
  if (inlining === (FrameFlags.inlined | FrameFlags.called)) notes.push("partially inlined");
  if (amounts.flags & FrameFlags.cut)
    notes.push("callees left out, because their values are small");
  const change = page.kind === "compared" ? changeNote(amounts, fn) : "";
  if (change !== "") notes.push(change);
  return { name: fullName(name), notes, figures: figuresOf(page, amounts, beside) };
}

function changeNote({ plus, minus }: FrameAmounts, fn: FlameFunctionIndex): string {
  if (fn === 0) return "";
  if (Number(minus) === 0) return "new: not in the base";
  return Number(plus) === 0 ? "gone: only in the base" : "";
}

type Figures = FrameDetails["figures"][number][];

function figuresOf(page: FlamePage, amounts: FrameAmounts, beside: Neighbor | undefined): Figures {
  if (page.kind === "plain") return plainFigures(page, amounts, beside);
  return page.kind === "compared"
    ? comparedFigures(page, amounts)
    : signedFigures(page, amounts, beside);
}

function plainFigures(
  page: FlamePage,
  { plus, own }: FrameAmounts,
  beside: Neighbor | undefined,
): Figures {
  const figures: Figures = [{ label: "Total (cum)", text: withShare(page, plus) }];
  if (beside)
    figures.push({
      label: beside.label,
      text: formatShare(plus, beside.amounts.plus),
    });
  if (own) figures.push({ label: "Self (flat)", text: withShare(page, own.plus) });
  return figures;
}

function comparedFigures(page: FlamePage, { plus, minus, own }: FrameAmounts): Figures {
  const now = page.tree.plus[0];
  const before = page.tree.minus?.[0] ?? 0;
  const one = (amount: Int64, whole: Int64) =>
    `${formatAmount(page, amount)} (${formatShare(amount, whole)})`;
  const figures: Figures = [
    { label: "Base", text: one(minus, before) },
    { label: "New", text: one(plus, now) },
    {
      label: "Change",
      text: `${formatSigned(page, exactDifference(plus, minus))}, ${points(plus, now, minus, before)}`,
    },
  ];
  if (own && (own.plus !== 0 || own.minus !== 0)) {
    figures.push({
      label: "Self (flat)",
      text: `${formatAmount(page, own.minus)} → ${formatAmount(page, own.plus)}`,
    });
  }
  return figures;
}

function signedFigures(
  page: FlamePage,
  { plus, minus }: FrameAmounts,
  beside: Neighbor | undefined,
): Figures {
  const net = exactDifference(plus, minus);
  const figures: Figures = [
    { label: "More", text: formatAmount(page, plus) },
    { label: "Less", text: formatAmount(page, minus) },
    { label: "Net", text: `${formatSigned(page, net)} (${formatShare(net, page.total)})` },
  ];
  if (beside) {
    const size = exactSum(beside.amounts.plus, beside.amounts.minus);
    figures.push({
      label: beside.label,
      text: formatShare(exactSum(plus, minus), size),
    });
  }
  return figures;
}

/** Returns the figures behind the name in a wide box, such as `17.7 % · 1.12 s`. */
export function boxFigures(page: FlamePage, { plus, minus }: FrameAmounts): string {
  if (page.kind !== "plain") return spaced(formatSigned(page, exactDifference(plus, minus)));
  const share = Number(page.total) === 0 ? 0 : (Number(plus) / Number(page.total)) * 100;
  const percent = share > 0 && share < 0.05 ? "<0.1" : share.toFixed(1).replace(/^100\.0$/, "100");
  return `${percent} % · ${spaced(formatAmount(page, plus))}`;
}

/** Puts a space between a number and its unit. */
function spaced(value: string): string {
  return value.replace(/(\d)([^\d.,].*)$/, "$1 $2");
}

export function formatAmount({ format }: Pick<FlamePage, "format">, amount: Int64): string {
  return formatValue(format, amount);
}

/** Formats `amount` with its unit and its share of the total. */
export function withShare(page: FlamePage, amount: Int64): string {
  return `${formatAmount(page, amount)} (${formatShare(amount, page.total)})`;
}

export function formatShare(amount: Int64, whole: Int64): string {
  return percentage(amount, whole).trim();
}

/** Formats `amount` with its unit and always with a sign. */
export function formatSigned(page: Pick<FlamePage, "format">, amount: Int64): string {
  return `${amount > 0 ? "+" : ""}${formatAmount(page, amount)}`;
}

/** Formats the change of a share in percentage points. */
function points(now: Int64, nowWhole: Int64, before: Int64, beforeWhole: Int64): string {
  const percent = (part: Int64, whole: Int64) =>
    Number(whole) === 0 ? 0 : (Number(part) / Number(whole)) * 100;
  const change = percent(now, nowWhole) - percent(before, beforeWhole);
  // Adding 0 turns -0 into 0.
  const text = fixed2(Math.round(change * 100) / 100 + 0);
  return `${change > 0 && text !== "0.00" ? "+" : ""}${text} points`;
}
