import { MAX_TAGS } from "../graph/drawn-graph.js";
import {
  cumOfTag,
  flatOfTag,
  type NodeTags,
  type NumberTag,
  type TagSums,
} from "../graph/node-tags.js";
import { compareUtf8 } from "../profile/utf8.js";
import { abs, add, compare, divide, type Int64, truncate } from "../units/int64.js";
import { scale, scaledLabel } from "../units/scale.js";

/** A box with a number, or a range of numbers, at a node or at one of its tags. */
export interface NumberBox {
  /** Its position among those that could be drawn here. */
  readonly index: number;
  readonly text: string;
  readonly weight: Int64;
  /** The weight is of samples that go on to other nodes, too. */
  readonly isCum: boolean;
}

/** A box with text labels at a node. */
export interface TagBox {
  readonly index: number;
  readonly labels: readonly string[];
  readonly weight: Int64;
  readonly numbers: readonly NumberBox[];
}

/** The boxes at one node. */
export interface TagBoxes {
  readonly tags: readonly TagBox[];
  /** Numbers of samples without text labels. */
  readonly numbers: readonly NumberBox[];
}

/** What the choice of boxes needs to know. */
export interface TagContext {
  /** The labels of a set of them. */
  labels(set: number): readonly string[];
  /** The unit of numbers. */
  readonly unit: string;
  /** The node calls others: its boxes show flat values, since these have boxes of their own. */
  readonly callsOthers: boolean;
}

/** Chooses the heaviest tags of a node, and ranges of numbers where there are many. */
export function tagBoxes({ texts, numbers }: NodeTags, context: TagContext): TagBoxes {
  const { callsOthers, unit } = context;
  const boxesOf = (set: number) => numberBoxes(numbers.get(set) ?? [], unit, callsOthers);
  const tags = Array.from(texts, ([set, sums]) => {
    const labels = context.labels(set);
    return { set, labels, name: labels.join("\\n"), ...sums };
  });
  const boxes = tags
    .sort(byWeight(callsOthers))
    .slice(0, MAX_TAGS)
    .map(({ set, labels, ...sums }, index) => {
      const weight = callsOthers ? flatOfTag(sums) : cumOfTag(sums);
      return { index, labels, weight, numbers: boxesOf(set) };
    });
  return { tags: boxes.filter(({ weight }) => weight !== 0), numbers: boxesOf(0) };
}

/** Heaviest first: by cum and flat, or by flat alone. */
function byWeight(flatOnly: boolean): (a: Weighed, b: Weighed) => number {
  return (a, b) =>
    (flatOnly ? 0 : compare(abs(b.cum), abs(a.cum))) ||
    compare(abs(b.flat), abs(a.flat)) ||
    compareUtf8(a.name, b.name);
}

type Weighed = Pick<NumberTag, "name" | "flat" | "cum">;

function numberBoxes(
  numbers: readonly NumberTag[],
  unit: string,
  callsOthers: boolean,
): NumberBox[] {
  return collapse(numbers, unit, callsOthers)
    .map((tag, index) => {
      const flat = flatOfTag(tag);
      const cum = cumOfTag(tag);
      const isCum = !callsOthers && flat !== cum;
      return { index, text: tag.name, weight: isCum ? cum : flat, isCum };
    })
    .filter(({ weight }) => weight !== 0);
}

/** Gathers numbers into {@link MAX_TAGS} groups around the heaviest ones, where there are more. */
function collapse(
  numbers: readonly NumberTag[],
  unit: string,
  callsOthers: boolean,
): (TagSums & { name: string })[] {
  const sorted = numbers.toSorted(byWeight(callsOthers));
  if (sorted.length <= MAX_TAGS) return sorted;
  const groups = sorted.slice(0, MAX_TAGS).map((tag) => [tag]);
  for (const tag of sorted.slice(MAX_TAGS)) {
    const distances = groups.map(([{ number }]) => distance(tag.number, number, unit));
    groups[distances.indexOf(Math.min(...distances))].push(tag);
  }
  return groups.map((group) => merged(group, unit)).sort(byWeight(callsOthers));
}

/** The other number goes through its unit, and so through a double. */
function distance(number: Int64, other: Int64, unit: string): number {
  return Math.abs(Number(number) - scale(other, unit, unit).value);
}

/** One tag for a group: named by its range, its means already divided. */
function merged(group: readonly NumberTag[], unit: string): TagSums & { name: string } {
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
    flat: flatDivisor === 0 ? flat : divide(flat, flatDivisor),
    cum: cumDivisor === 0 ? cum : divide(cum, cumDivisor),
    flatDivisor: 0,
    cumDivisor: 0,
  };
}
