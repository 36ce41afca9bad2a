import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { gunzipWithPako } from "../../src/formats/gunzip-pako.js";
import { readProfile } from "../../src/formats/read.js";
import type { CommandName } from "../../src/options/commands.js";
import type { Options } from "../../src/options/table.js";
import type { Profile } from "../../src/profile/profile.js";
import { encodeUtf8 } from "../../src/profile/utf8.js";
import { flame } from "../../src/report/flame.js";
import { top } from "../../src/report/top.js";
import { exactPattern } from "../../src/view/exact-filters.js";
import { ROOT } from "../support/proto.js";
import { inputFor } from "../support/report-input.js";
import { SIMILAR_FUNCTIONS, v8Profile } from "../support/v8-profile.js";

const LIMIT = 1 << 28;

const read = (bytes: Uint8Array) => readProfile(bytes, gunzipWithPako, LIMIT);
const fixture = (name: string) => read(readFileSync(path.join(ROOT, "fixtures", name)));

const SIMILAR = await read(encodeUtf8(v8Profile(SIMILAR_FUNCTIONS)));

const PROFILES: Record<string, Profile> = {
  "similar functions": SIMILAR,
  "v8-cpu.cpuprofile": await fixture("v8-cpu.cpuprofile"),
  "go-cpu.pb.gz": await fixture("go-cpu.pb.gz"),
  "cpp-cpu-demangled.pb.gz": await fixture("cpp-cpu-demangled.pb.gz"),
};

const GRANULARITIES = [
  "functions",
  "filefunctions",
  "files",
  "packages",
  "modules",
  "lines",
  "addresses",
] as const;

interface Row {
  readonly name: string;
  readonly filterName?: string;
  readonly file?: string;
}

/** The number of nodes whose filters are tried, evenly distributed. */
const TRIED = 12;

function names(command: CommandName, profile: Profile, options: Partial<Options>): Row[] {
  const input = inputFor(command, profile, { options });
  return command === "top" ? [...top(input).rows] : flame(input).functions.slice(1);
}

const filterNameOf = ({ name, filterName = name }: Row) => filterName;

describe.each(Object.entries(PROFILES))("filters for nodes of %s", (name, profile) => {
  // Filters match whole binaries, too, and in C++, packages may have the name of a source file.
  const isCpp = name.startsWith("cpp");
  const tested = GRANULARITIES.filter(
    (granularity) => !isCpp || !["files", "packages", "modules"].includes(granularity),
  );
  it.each(tested)("find exactly the node's function at granularity %s", (granularity) => {
    for (const command of ["top", "flame"] as const) {
      const rows = names(command, profile, { granularity });
      const step = Math.max(1, Math.floor(rows.length / TRIED));
      for (const row of rows.filter((_, i) => i % step === 0)) {
        const show = exactPattern(filterNameOf(row));
        const shown = names(command, profile, { granularity, show });
        expect(shown.map(({ name }) => name)).toContain(row.name);
        expect([...new Set(shown.map(filterNameOf))]).toEqual([filterNameOf(row)]);
      }
    }
  });
});

/** Returns the files of rows, or their names if they are packages. */
const filesOf = (rows: readonly Row[]) => [...new Set(rows.map(({ name, file = name }) => file))];

describe("filters for nodes", () => {
  it("are about functions at granularity lines, and stay valid at others", () => {
    const rows = names("top", SIMILAR, { granularity: "lines" });
    expect(rows).toContainEqual(
      expect.objectContaining({ name: "run a.mjs:2", filterName: "run a.mjs:1" }),
    );
    for (const granularity of GRANULARITIES) {
      const show = exactPattern("run a.mjs:1");
      expect(filesOf(names("top", SIMILAR, { granularity, show }))).toHaveLength(1);
    }
  });

  it("are about whole paths at granularity files, and stay valid at others", () => {
    const file = "/srv/shop/node_modules/dep/lib/index.js";
    const rows = names("top", SIMILAR, { granularity: "files" });
    expect(rows).toContainEqual(
      expect.objectContaining({ name: "dep/lib/index.js", filterName: file }),
    );
    for (const granularity of GRANULARITIES) {
      const show = exactPattern(file);
      expect(filesOf(names("top", SIMILAR, { granularity, show }))).toHaveLength(1);
    }
  });

  it("accept files as they are printed", () => {
    const options = { granularity: "files", show: "^dep/lib/index\\.js$" } as const;
    expect(names("top", SIMILAR, options)).toHaveLength(1);
  });
});
