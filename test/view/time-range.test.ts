import { describe, expect, it } from "vitest";
import { defaultOptions } from "../../src/options/table.js";
import { Budget } from "../../src/profile/budget.js";
import { indexColumn } from "../../src/profile/columns.js";
import { ObservationBuilder } from "../../src/profile/observations.js";
import type { Profile } from "../../src/profile/profile.js";
import { ProfileBuilder } from "../../src/profile/profile-builder.js";
import { decodeProfile } from "../../src/profile/wire/decode.js";
import { encodePieces } from "../../src/profile/wire/encode.js";
import { ProfileMerger } from "../../src/transforms/merge/merger.js";
import { scaleValues } from "../../src/transforms/scale-values.js";
import { materialize } from "../../src/view/materialize.js";
import { selectView } from "../../src/view/select.js";

/** Time in ns, sample, count, wall in ns, and duration in ns. */
type Row = readonly [time: number, sample: number, count: number, wall: number, duration?: number];

/** A profile with as many samples of one frame (`f0`, `f1`, …) as the rows name. */
function profileOf(rows: readonly Row[], timeNanos = 0): Profile {
  const builder = new ProfileBuilder(
    [
      { type: "samples", unit: "count" },
      { type: "wall", unit: "nanoseconds" },
    ],
    new Budget(),
  );
  const count = Math.max(...rows.map(([, sample]) => sample)) + 1;
  for (let sample = 0; sample < count; sample++) {
    const own = rows.filter((row) => row[1] === sample);
    const fn = builder.addFunction({ name: `f${sample}` });
    const location = builder.addLocation({ lines: [{ function: fn }] });
    builder.addSample(indexColumn(Uint32Array.of(location)), [
      own.reduce((sum, row) => sum + row[2], 0),
      own.reduce((sum, row) => sum + row[3], 0),
    ]);
  }
  const observations = new ObservationBuilder(2);
  for (const [time, sample, count, wall, duration = 0] of rows) {
    observations.push(sample, time, duration, [count, wall]);
  }
  builder.setObservations(observations.finish());
  return builder.finish({ timeNanos });
}

function rowsOf({ observations }: Profile): Row[] {
  if (!observations) return [];
  const { time, sample, values, duration } = observations;
  return Array.from(time, (at, i): Row => {
    const row = [at, sample[i], Number(values[0][i]), Number(values[1][i])] as const;
    return duration ? [...row, duration[i]] : row;
  });
}

function select(profile: Profile, options: Record<string, string | boolean>) {
  const neverCompiles = () => ({ test: () => true });
  const { view, value, total, warnings } = selectView(
    profile,
    { ...defaultOptions(), ...options },
    neverCompiles,
  );
  const values = [...view.samples].map((isIn, i) => (isIn ? Number(value.values[i]) : 0));
  return { values, total, warnings, profile: materialize(view) };
}

const ROWS: readonly Row[] = [
  [0, 0, 1, 10],
  [10, 1, 1, 20],
  [30, 0, 1, 5],
  [35, 1, 1, 65],
];

describe("observations", () => {
  it("are sorted by time", () => {
    expect(rowsOf(profileOf([ROWS[2], ROWS[0], ROWS[3], ROWS[1]]))).toEqual(ROWS);
  });

  it("survive encoding in tsprof's own field only", () => {
    for (const rows of [ROWS, [[-5, 0, 1, 3, 8] as const, ...ROWS]]) {
      const profile = profileOf(rows);
      const encoded = (keepsTimes: boolean) =>
        decodeProfile(Buffer.concat([...encodePieces(profile, keepsTimes)]));
      expect(encoded(true).observations).toEqual(profile.observations);
      expect(encoded(false).observations).toBeUndefined();
    }
  });

  it("that contradict each other are refused", () => {
    const profile = profileOf(ROWS);
    const { observations } = profile;
    if (!observations) throw new Error("no observations");
    const changes = [
      { sample: indexColumn(Uint32Array.of(0, 1, 0, 2)) },
      { values: observations.values.slice(1) },
      { time: Float64Array.of(0, 5, 3, 6) },
    ];
    for (const change of changes) {
      const bad = { ...profile, observations: { ...observations, ...change } } as Profile;
      expect(() => decodeProfile(Buffer.concat([...encodePieces(bad, true)]))).toThrow(
        "malformed profile: the times of samples contradict each other",
      );
    }
  });

  it("are kept by merging, placed by the time when each recording began", () => {
    const merge = (...profiles: Profile[]) => {
      const merger = new ProfileMerger();
      for (const profile of profiles) merger.add(profile);
      return rowsOf(merger.finish());
    };
    const late = profileOf([[0, 0, 1, 7]], 1_000_000);
    const early = profileOf([[2, 1, 1, 8]], 999_990);
    expect(merge(late, early)).toEqual([
      [2, 1, 1, 8],
      [10, 0, 1, 7],
    ]);
    expect(merge(profileOf([[4, 0, 1, 7]]), profileOf([[3, 0, 1, 8]]))).toEqual([
      [3, 0, 1, 8],
      [4, 0, 1, 7],
    ]);
  });

  it("are scaled like samples", () => {
    expect(rowsOf(scaleValues(profileOf([[1, 0, 1, 10]]), [1, -1]))).toEqual([[1, 0, 1, -10]]);
  });
});

describe("-from and -to", () => {
  it("select samples by time, up to but without the end", () => {
    const profile = profileOf(ROWS);
    expect(select(profile, { from: "10ns", to: "35ns" })).toMatchObject({
      values: [5, 20],
      total: 100,
      warnings: [],
    });
    expect(select(profile, { from: "35ns" }).values).toEqual([0, 65]);
    expect(select(profile, { to: "10ns" }).values).toEqual([10, 0]);
    expect(select(profile, { to: "10ns", relative_percentages: true }).total).toBe(10);
    expect(rowsOf(select(profile, { from: "10ns", to: "35ns" }).profile)).toEqual([
      [10, 1, 1, 20],
      [30, 0, 1, 5],
    ]);
  });

  it("have parts that add up to the whole", () => {
    const profile = profileOf(ROWS);
    const parts = ["0ns", "7ns", "10ns", "31ns", "1000ns"];
    const sums = [0, 0];
    for (let i = 1; i < parts.length; i++) {
      const { values } = select(profile, { from: parts[i - 1], to: parts[i] });
      values.forEach((value, sample) => {
        sums[sample] += value;
      });
    }
    expect(sums).toEqual([15, 85]);
  });

  it("cut intervals, whose counts belong to their beginnings", () => {
    const profile = profileOf([
      [0, 0, 1, 100, 100],
      [100, 1, 1, 50, 50],
    ]);
    const part = select(profile, { from: "40ns", to: "110ns" });
    expect(part.values).toEqual([60, 10]);
    expect(rowsOf(part.profile)).toEqual([
      [40, 0, 0, 60, 60],
      [100, 1, 1, 10, 10],
    ]);
  });

  it("select from a difference values that cancel out in the whole", () => {
    const merger = new ProfileMerger();
    merger.add(
      profileOf([
        [0, 0, 1, 10],
        [20, 1, 1, 10],
        [20, 2, 1, 5],
        [0, 3, 1, 7],
      ]),
    );
    const base = profileOf([
      [20, 0, 1, 10],
      [0, 1, 1, 10],
      [20, 2, 1, 5],
    ]);
    merger.add(scaleValues(base, [-1, -1]));
    const difference = merger.finish();
    expect(select(difference, {}).values).toEqual([0, 0, 0, 7]);
    expect(select(difference, {}).profile.samples.length).toBe(1);
    expect(select(difference, { to: "10ns" }).values).toEqual([10, -10, 0, 7]);
    expect(select(difference, { from: "10ns" }).values).toEqual([-10, 10, 0, 0]);
  });

  it("warn if the sample type has no times", () => {
    const profile = profileOf(ROWS);
    const { observations } = profile;
    if (!observations) throw new Error("no observations");
    const values = [new Float64Array(observations.length), observations.values[1]];
    const untimed = { ...profile, observations: { ...observations, values } };
    const { warnings } = select(untimed, { from: "10ns", sample_index: "samples" });
    expect(warnings).toEqual(["the sample type samples has no times, which -from and -to need"]);
    expect(select(untimed, { from: "10ns" }).warnings).toEqual([]);
  });

  it("are refused if they are no range, or the profile has no times", () => {
    const profile = profileOf(ROWS);
    expect(() => select(profile, { from: "2s", to: "1s" })).toThrow(
      "-from=2s must be before the end of the range, 1s",
    );
    expect(() => select(profile, { from: "soon" })).toThrow(
      '-from must be a time such as 1.5s or 2m30s, not "soon"',
    );
    const { observations: _, ...without } = profile;
    expect(() => select(without, { to: "1" })).toThrow(
      "-from and -to need the times of samples, which this profile does not have",
    );
    expect(select(profile, { from: "1h" }).warnings).toEqual(["-from=1h matched no samples"]);
  });
});
