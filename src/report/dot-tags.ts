import { MAX_TAGS } from "../graph/drawn-graph.js";
import {
  cumOfTag,
  flatOfTag,
  type NodeTags,
  type NumberTag,
  type TagSums,
  type TextTag,
} from "../graph/node-tags.js";
import { compareUtf8 } from "../profile/utf8.js";
import { abs, add, compare, type Int64, truncate } from "../units/int64.js";
import { scale, scaledLabel } from "../units/scale.js";
import { meanOf } from "../view/sample-value.js";

/** A box with a number or a range of numbers, attached to a node or to one of its tags. */
export interface NumberBox {
  /** The position among the boxes that could be drawn here. */
  readonly index: number;
  readonly text: string;
  readonly weight: Int64;
  /** Whether the weight includes samples in callees of the node. */
  readonly isCum: boolean;
}

/** A box with text labels, attached to a node. */
export interface TagBox {
  readonly index: number;
  readonly labels: readonly string[];
  readonly weight: Int64;
  readonly numbers: readonly NumberBox[];
}

export interface TagBoxes {
  readonly tags: readonly TagBox[];
  /** The numbers of samples without text labels. */
  readonly numbers: readonly NumberBox[];
}

export interface TagContext {
  labels(set: number): readonly string[];
  readonly unit: string;
  /** If the node has callees, its boxes show flat values: the callees have boxes of their own. */
  readonly callsOthers: boolean;
}

/** Chooses the heaviest tags of a node, and merges numbers into ranges if there are many. */
export function tagBoxes({ texts, numbers }: NodeTags, context: TagContext): TagBoxes {
  const { callsOthers, unit } = context;
  const boxesOf = (set: number) => numberBoxes(numbers.get(set) ?? [], unit, callsOthers);
  const nameOf = ({ set }: TextTag) => context.labels(set).join("\\n");
  const boxes = firstSorted(texts, MAX_TAGS, byWeight(callsOthers, nameOf)).map((tag, index) => {
    const weight = callsOthers ? flatOfTag(tag) : cumOfTag(tag);
    return { index, labels: context.labels(tag.set), weight, numbers: boxesOf(tag.set) };
  });
  return { tags: boxes.filter(({ weight }) => weight !== 0), numbers: boxesOf(0) };
}

/** Orders tags by cum and flat, or only by flat, heaviest first; equal ones by name. */
function byWeight<T extends TagSums>(
  flatOnly: boolean,
  nameOf: (tag: T) => string,
): (a: T, b: T) => number {
  return (a, b) =>
    (flatOnly ? 0 : compare(abs(b.cum), abs(a.cum))) ||
    compare(abs(b.flat), abs(a.flat)) ||
    compareUtf8(nameOf(a), nameOf(b));
}

/**
 * Returns the first `count` items of `list` in sorted order. The list may have a million items
 * whose names are slow to make, so most items are compared only with the last one found, by weight.
 */
function firstSorted<T>(
  list: readonly T[],
  count: number,
  compareItems: (a: T, b: T) => number,
): readonly T[] {
  const first: T[] = [];
  for (const item of list) {
    if (first.length === count && compareItems(item, first[count - 1]) >= 0) continue;
    let at = first.length;
    while (at > 0 && compareItems(item, first[at - 1]) < 0) at--;
    first.splice(at, 0, item);
    if (first.length > count) first.pop();
  }
  return first;
}

type NamedTag = TagSums & Pick<NumberTag, "name">;

const nameOfTag = ({ name }: NamedTag) => name;

function numberBoxes(
  numbers: readonly NumberTag[],
  unit: string,
  callsOthers: boolean,
): NumberBox[] {
  return mergeIntoRanges(numbers, unit, callsOthers)
    .map((tag, index) => {
      const flat = flatOfTag(tag);
      const cum = cumOfTag(tag);
      const isCum = !callsOthers && flat !== cum;
      return { index, text: tag.name, weight: isCum ? cum : flat, isCum };
    })
    .filter(({ weight }) => weight !== 0);
}

/** Merges numbers into {@link MAX_TAGS} groups around the heaviest ones, if there are more. */
function mergeIntoRanges(
  numbers: readonly NumberTag[],
  unit: string,
  callsOthers: boolean,
): NamedTag[] {
  const inOrder = byWeight(callsOthers, nameOfTag);
  const sorted = numbers.toSorted(inOrder);
  if (sorted.length <= MAX_TAGS) return sorted;
  const groups = sorted.slice(0, MAX_TAGS).map((tag) => [tag]);
  // As in pprof, the centre of a group is a double.
  const middles = groups.map(([{ number }]) => scale(number, unit, unit).value);
  for (const tag of sorted.slice(MAX_TAGS)) groups[nearest(middles, Number(tag.number))].push(tag);
  return groups.map((group) => mergeGroup(group, unit)).sort(inOrder);
}

/** Returns the position of the first centre that is closest to `number`. */
function nearest(middles: readonly number[], number: number): number {
  let position = 0;
  for (let i = 1; i < middles.length; i++) {
    if (Math.abs(number - middles[i]) < Math.abs(number - middles[position])) position = i;
  }
  return position;
}

/** Merges a group into one tag, named after its range. Means are divided here. */
function mergeGroup(group: readonly NumberTag[], unit: string): NamedTag {
  const [first, ...others] = group;
  const nameOf = (number: Int64) => scaledLabel(number, unit, "auto");
  let smallest = first.number;
  let largest = first.number;
  let { flat, cum, flatDivisor, cumDivisor } = first;
  for (const tag of others) {
    const number = truncate(scale(tag.number, unit, unit).value);
    if (number < smallest) smallest = tag.number;
    if (number > largest) largest = tag.number;
    flat = add(flat, tag.flat);
    cum = add(cum, tag.cum);
    flatDivisor = add(flatDivisor, tag.flatDivisor);
    cumDivisor = add(cumDivisor, tag.cumDivisor);
  }
  return {
    name: others.length === 0 ? nameOf(smallest) : `${nameOf(smallest)}..${nameOf(largest)}`,
    flat: meanOf(flat, flatDivisor),
    cum: meanOf(cum, cumDivisor),
    flatDivisor: 0,
    cumDivisor: 0,
  };
}
