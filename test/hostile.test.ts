import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { demangle } from "../src/demangle/index.js";
import { UserError } from "../src/errors/user-error.js";
import { readProfile } from "../src/formats/read.js";
import { commandSpec } from "../src/options/commands.js";
import { defaultOptions, type Options } from "../src/options/table.js";
import { gunzip } from "../src/platform/files/gunzip.js";
import { ProfileError } from "../src/profile/errors.js";
import type { Profile } from "../src/profile/profile.js";
import { renderTop } from "../src/render/top.js";
import { reportInput } from "../src/report/input.js";
import { top } from "../src/report/top.js";
import { prepareProfile } from "../src/view/prepare.js";
import { compileRe2 } from "../src/view/re2.js";
import { selectView } from "../src/view/select.js";
import { encodeWithProtobufjs, ROOT } from "./support/proto.js";
import { profileWithStacks } from "./support/random-profile.js";

/** Renders the whole report, like the command. */
function report(read: Profile, changes: Partial<Options>): string {
  const options = { ...defaultOptions(), ...changes };
  const { profile } = prepareProfile(read, options, { compile: compileRe2, demangle });
  const selection = selectView(profile, options, compileRe2);
  const made = top(reportInput(selection, options, commandSpec("top")));
  return renderTop(made, String, false);
}

const VARIANTS: Partial<Options>[] = [
  {},
  { granularity: "addresses", show_from: "a|main", tagroot: "k,bytes", mean: true },
  { granularity: "lines", hide: "a", tagfocus: "1:1000", prune_from: ".*", showcolumns: true },
];

let checked = 0;

/** Expects that a damaged profile leads to a report or to a user error, with the next variant. */
async function survive(bytes: Uint8Array): Promise<"report" | "error"> {
  try {
    const profile = await readProfile(bytes, gunzip, 1 << 22);
    const options = VARIANTS[checked++ % VARIANTS.length];
    expect(report(profile, options)).toContain("flat%   sum%");
    return "report";
  } catch (error) {
    if (!(error instanceof ProfileError || error instanceof UserError)) throw error;
    expect(error.message).not.toContain("\n");
    return "error";
  }
}

describe("a damaged profile gives a report or an error of one line", () => {
  const fixture = gunzipSync(readFileSync(path.join(ROOT, "fixtures/go-mutex.pb.gz")));

  it("when any one byte changes", async () => {
    const seen = { report: 0, error: 0 };
    for (let at = 0; at < fixture.length; at++) {
      const broken = Uint8Array.from(fixture);
      broken[at] ^= 1 << (at % 8);
      seen[await survive(broken)]++;
    }
    // A one-sided result would make the test meaningless.
    expect(seen.report).toBeGreaterThan(100);
    expect(seen.error).toBeGreaterThan(100);
  });

  it("when several bytes change", async () => {
    const change = fc.tuple(fc.nat(), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        profileWithStacks,
        fc.array(change, { minLength: 1, maxLength: 6 }),
        async (bytes, changes) => {
          const broken = Uint8Array.from(bytes);
          for (const [at, value] of changes) broken[at % broken.length] = value;
          await survive(broken);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe("unusual profiles are valid", () => {
  const strings = ["", "cpu", "nanoseconds", "f"];
  const base = {
    string_table: strings,
    sample_type: [{ type: 1, unit: 2 }],
    location: [{ id: 1, line: [{ function_id: 1 }] }],
    function: [{ id: 1, name: 3, system_name: 3 }],
  };
  const made = async (message: object) =>
    report(await readProfile(encodeWithProtobufjs({ ...base, ...message }), gunzip, 1 << 28), {});

  it("a stack of 100,000 frames, all of them the same", async () => {
    const location_id = new Array(100_000).fill(1);
    const text = await made({ sample: [{ location_id, value: [7] }] });
    expect(text).toContain("       7ns   100%   100%        7ns   100%  f\n");
  });

  it("a stack of 100,000 different functions", async () => {
    const ids = Array.from({ length: 100_000 }, (_, i) => i + 1);
    const text = await made({
      string_table: [...strings, ...ids.map((id) => `f${id}`)],
      sample: [{ location_id: ids, value: [7] }],
      location: ids.map((id) => ({ id, line: [{ function_id: id }] })),
      function: ids.map((id) => ({ id, name: strings.length + id - 1 })),
    });
    expect(text.split("\n")).toHaveLength(4 + 100_000);
    expect(text).toContain("       7ns   100%   100%        7ns   100%  f1\n");
    expect(text).toContain("         0     0%   100%        7ns   100%  f100000\n");
  });

  it("no samples, values of 0, negative sums", async () => {
    expect(await made({})).toContain("Showing nodes accounting for 0, 0% of 0 total\n");
    expect(await made({ sample: [{ location_id: [1], value: [0] }] })).toContain("of 0 total\n");
    expect(await made({ sample: [{ location_id: [1], value: [-5] }] })).toContain(
      "      -5ns   100%   100%       -5ns   100%  f\n",
    );
  });

  it("sums beyond 2^53, exactly", async () => {
    const value = ["4503599627370497"];
    const sample = Array.from({ length: 5 }, () => ({ location_id: [1], value }));
    const profile = await readProfile(
      encodeWithProtobufjs({ ...base, sample, sample_type: [{ type: 1 }] }),
      gunzip,
      1 << 20,
    );
    // 5 * (2^52 + 1) is not a double, so the nearest double is printed.
    expect(report(profile, { unit: "x" })).toContain(" of 22517998136852484x total\n");
  });
});
