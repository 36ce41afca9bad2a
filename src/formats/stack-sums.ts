import { type Budget, MAP_ENTRY_BYTES } from "../profile/budget.js";
import { Int64Builder, indexColumn, int64At } from "../profile/columns.js";
import type { LocationIndex } from "../profile/indices.js";
import { NO_SAMPLE, ObservationBuilder } from "../profile/observations.js";
import type { NewLabel, ProfileBuilder } from "../profile/profile-builder.js";
import type { Int64 } from "../units/int64.js";

/** The memory of a node, and of a row without its values, in bytes. */
const NODE_BYTES = MAP_ENTRY_BYTES + 24;
const ROW_BYTES = MAP_ENTRY_BYTES + 16;
const VALUE_BYTES = 8;
const LABEL_BYTES = 100;

/**
 * An upper bound for the numbers of locations and label sets, which memory for 32-bit numbers
 * cannot hold. Combined with a node they are a safe integer.
 */
const MAX_PARTNERS = 2 ** 26;

/** The empty stack, of the root. */
export const NO_STACK = 0;

export const NO_LABELS = 0;

/**
 * Sums up values by stack and labels, and keeps the times of observations. Stacks form a tree;
 * nothing recurses, however deep it is.
 */
export class StackSums {
  readonly #builder: ProfileBuilder;
  readonly #budget: Budget;
  readonly #parent = [NO_STACK];
  readonly #location = [0];
  readonly #depth = [0];
  readonly #children = new Map<number, number>();
  readonly #labels: (readonly NewLabel[])[] = [[]];
  readonly #labelSets = new Map<string, number>();
  /** By node and label set: the row of the sums. The other two map rows to nodes and label sets. */
  readonly #rows = new Map<number, number>();
  readonly #rowNode: number[] = [];
  readonly #rowLabels: number[] = [];
  readonly #values: readonly Int64Builder[];
  readonly #observations: ObservationBuilder;

  constructor(builder: ProfileBuilder, typeCount: number, budget: Budget) {
    this.#builder = builder;
    this.#budget = budget;
    this.#values = Array.from({ length: typeCount }, () => new Int64Builder());
    this.#observations = new ObservationBuilder(typeCount);
  }

  /** Returns the stack `parent` extended by a call to `location`. */
  child(parent: number, location: LocationIndex): number {
    const key = parent * MAX_PARTNERS + location;
    let node = this.#children.get(key);
    if (node === undefined) {
      this.#charge(NODE_BYTES, location);
      node = this.#parent.push(parent) - 1;
      this.#location.push(location);
      this.#depth.push(this.#depth[parent] + 1);
      this.#children.set(key, node);
    }
    return node;
  }

  /** Returns the number of a set of labels, for {@link add}. */
  labels(labels: readonly NewLabel[]): number {
    const key = JSON.stringify(
      labels.map(({ key, text, number, unit }) => [key, text, String(number), unit]),
    );
    let set = this.#labelSets.get(key);
    if (set === undefined) {
      this.#budget.chargeText(key);
      this.#charge(labels.length * LABEL_BYTES, this.#labels.length);
      set = this.#labels.push(labels) - 1;
      this.#labelSets.set(key, set);
    }
    return set;
  }

  /** Adds values, one per sample type, to the sums of a stack. */
  add(node: number, values: readonly Int64[], labels = NO_LABELS): void {
    const row = this.#row(node, labels);
    for (let type = 0; type < values.length; type++) this.#values[type].addAt(row, values[type]);
  }

  /** Adds a value of one sample type to the sums of a stack. */
  addOne(node: number, type: number, value: Int64, labels = NO_LABELS): void {
    this.#values[type].addAt(this.#row(node, labels), value);
  }

  /**
   * Adds values like {@link add}, observed at `time`, in nanoseconds since the recording began.
   * `duration` is how long the stack lasted, if the format records intervals.
   */
  observe(
    time: number,
    node: number,
    values: readonly Int64[],
    labels = NO_LABELS,
    duration = 0,
  ): void {
    this.#budget.charge(ObservationBuilder.bytesPerRow(values.length));
    const row = this.#row(node, labels);
    for (let type = 0; type < values.length; type++) this.#values[type].addAt(row, values[type]);
    this.#observations.push(row, time, duration, values);
  }

  #row(node: number, labels: number): number {
    const key = node * MAX_PARTNERS + labels;
    let row = this.#rows.get(key);
    if (row === undefined) {
      this.#charge(ROW_BYTES + this.#values.length * VALUE_BYTES, labels);
      row = this.#rowNode.push(node) - 1;
      this.#rowLabels.push(labels);
      this.#rows.set(key, row);
      for (const column of this.#values) column.push(0);
    }
    return row;
  }

  /** Adds a sample for each stack and label set with a value other than 0, and their observations. */
  finish(): void {
    const samples = new Int32Array(this.#rowNode.length).fill(NO_SAMPLE);
    let sampleCount = 0;
    const columns = this.#values.map((column) => column.finish());
    let stack = new Uint32Array(64);
    for (let row = 0; row < this.#rowNode.length; row++) {
      const values = columns.map((column) => int64At(column, row));
      if (values.every((value) => value === 0)) continue;
      samples[row] = sampleCount++;
      let node = this.#rowNode[row];
      const depth = this.#depth[node];
      if (depth > stack.length) stack = new Uint32Array(depth * 2);
      for (let i = 0; i < depth; i++) {
        stack[i] = this.#location[node];
        node = this.#parent[node];
      }
      const labels = this.#labels[this.#rowLabels[row]];
      this.#builder.addSample(indexColumn(stack.subarray(0, depth)), values, labels);
    }
    this.#builder.setObservations(this.#observations.finish((row) => samples[row]));
  }

  #charge(bytes: number, partner: number): void {
    this.#budget.charge(partner < MAX_PARTNERS ? bytes : Number.POSITIVE_INFINITY);
  }
}

/**
 * Divides `total` into whole parts in proportion to `weights`, which are not negative. The parts
 * add up to the total. If all weights are 0, the first part gets everything.
 */
export function shareOut(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum === 0) return weights.map((_, i) => (i === 0 ? total : 0));
  let seen = 0;
  let given = 0;
  return weights.map((weight) => {
    seen += weight;
    const upTo = seen === sum ? total : Math.round((total * seen) / sum);
    const part = upTo - given;
    given = upTo;
    return part;
  });
}
