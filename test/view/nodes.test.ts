import { describe, expect, it } from "vitest";
import { indexColumn } from "../../src/profile/columns.js";
import type { StringIndex } from "../../src/profile/indices.js";
import type { Profile } from "../../src/profile/profile.js";
import { encodeUtf8 } from "../../src/profile/utf8.js";
import { filterByName } from "../../src/view/name-filters.js";
import type { NodeIndex, NodeOptions, NodeTable } from "../../src/view/node-table.js";
import { buildNodes } from "../../src/view/nodes.js";
import { compileRe2 } from "../../src/view/re2.js";
import { type View, wholeProfile } from "../../src/view/view.js";
import { nodeIndices } from "../support/node-attributes.js";
import { profileOf } from "../support/text-profile.js";

const DEFAULTS: NodeOptions = {
  granularity: "functions",
  identity: "name",
  noInlines: false,
  showColumns: false,
  binaries: false,
  trimPath: "",
  sourcePath: "",
};

function nodesOf(view: View, options: Partial<NodeOptions> = {}): NodeTable {
  return buildNodes(view, { ...DEFAULTS, ...options });
}

const FIRST = 0 as NodeIndex;

/** The names of all nodes in the order of the table. */
function names(profile: Profile, options: Partial<NodeOptions> = {}): string[] {
  const nodes = nodesOf(wholeProfile(profile), options);
  return nodeIndices(nodes.length).map((node) => nodes.name(node));
}

/** Returns by location: the names of its nodes, outermost first. */
function byLocation(view: View, options: Partial<NodeOptions> = {}): string[] {
  const nodes = nodesOf(view, options);
  return Array.from({ length: nodes.locationOffsets.length - 1 }, (_, location) =>
    Array.from(nodes.locationNodes)
      .slice(nodes.locationOffsets[location], nodes.locationOffsets[location + 1])
      .map((node) => nodes.name(node))
      .reverse()
      .join(" > "),
  );
}

/** `f` inlines `g` twice in one line, at different columns and addresses. */
const program = profileOf(`
  main@m.c:1[/bin/app]#10;f@m.c:5:3>g@g.h:7:1[/bin/app]#20 1
  main@m.c:1[/bin/app]#10;f@m.c:5:9>g@g.h:7:2[/bin/app]#30 1
  main@m.c:1[/bin/app]#10;f@m.c:6>f@other.c:6[/bin/app]#40 1
`);

describe("granularity", () => {
  it("functions: a node for each name, whatever the file", () => {
    expect(names(program)).toEqual(["main", "g", "f"]);
    expect(byLocation(wholeProfile(program))).toEqual(["main", "f > g", "f > g", "f > f"]);
  });

  it("filefunctions: a node for each name and file", () => {
    expect(byLocation(wholeProfile(program), { granularity: "filefunctions" })).toEqual([
      "main m.c",
      "f m.c > g g.h",
      "f m.c > g g.h",
      "f m.c > f other.c",
    ]);
    expect(names(program, { granularity: "filefunctions" })).toHaveLength(4);
  });

  it("files: a node for each file", () => {
    expect(byLocation(wholeProfile(program), { granularity: "files" })).toEqual([
      "m.c",
      "m.c > g.h",
      "m.c > g.h",
      "m.c > other.c",
    ]);
    expect(names(program, { granularity: "files" })).toHaveLength(3);
  });

  it("lines: a node for each line, whatever the column", () => {
    expect(byLocation(wholeProfile(program), { granularity: "lines" })).toEqual([
      "main m.c:1",
      "f m.c:5 > g g.h:7",
      "f m.c:5 > g g.h:7",
      "f m.c:6 > f other.c:6",
    ]);
    expect(names(program, { granularity: "lines" })).toHaveLength(5);
  });

  it("addresses: a node for each line, column and address", () => {
    expect(byLocation(wholeProfile(program), { granularity: "addresses" })).toEqual([
      "0000000000000010 main m.c:1",
      "0000000000000020 f m.c:5:3 > 0000000000000020 g g.h:7:1",
      "0000000000000030 f m.c:5:9 > 0000000000000030 g g.h:7:2",
      "0000000000000040 f m.c:6 > 0000000000000040 f other.c:6",
    ]);
  });
});

describe("showColumns", () => {
  it("distinguishes the columns of a line", () => {
    expect(byLocation(wholeProfile(program), { granularity: "lines", showColumns: true })).toEqual([
      "main m.c:1",
      "f m.c:5:3 > g g.h:7:1",
      "f m.c:5:9 > g g.h:7:2",
      "f m.c:6 > f other.c:6",
    ]);
  });

  it("has no effect if nodes have no lines", () => {
    for (const granularity of ["functions", "filefunctions", "files"] as const) {
      expect(names(program, { granularity, showColumns: true })).toEqual(
        names(program, { granularity }),
      );
    }
  });

  it("prints a column only after a line", () => {
    const profile = profileOf("f@m.c:0:4 1");
    expect(names(profile, { granularity: "lines", showColumns: true })).toEqual(["f m.c"]);
  });
});

describe("noInlines", () => {
  const outermost = (options: Partial<NodeOptions>) =>
    byLocation(wholeProfile(program), { noInlines: true, ...options });

  it("keeps the function that the others were inlined into", () => {
    expect(outermost({})).toEqual(["main", "f", "f", "f"]);
    expect(outermost({ granularity: "filefunctions" })).toEqual([
      "main m.c",
      "f m.c",
      "f m.c",
      "f m.c",
    ]);
    expect(outermost({ granularity: "files" })).toEqual(["m.c", "m.c", "m.c", "m.c"]);
    expect(outermost({ granularity: "lines" })).toEqual([
      "main m.c:1",
      "f m.c:5",
      "f m.c:5",
      "f m.c:6",
    ]);
  });

  it("ignores columns at the addresses granularity, unless they are requested", () => {
    expect(outermost({ granularity: "addresses" })).toEqual([
      "0000000000000010 main m.c:1",
      "0000000000000020 f m.c:5",
      "0000000000000030 f m.c:5",
      "0000000000000040 f m.c:6",
    ]);
    expect(outermost({ granularity: "addresses", showColumns: true })[1]).toBe(
      "0000000000000020 f m.c:5:3",
    );
  });

  it("keeps the outermost of the lines that a filter shows", () => {
    const { view } = filterByName(wholeProfile(profileOf("a>b>c 1")), {
      focus: undefined,
      ignore: undefined,
      hide: compileRe2("a"),
      show: undefined,
    });
    expect(byLocation(view, { noInlines: true })).toEqual(["b"]);
  });
});

describe("locations without symbols", () => {
  const bare = profileOf(
    "[/bin/app]#10 1\n[/bin/app]#20 1\n[/lib/libc.so]#30 1\n#40 1\n#50 1\n? 1",
  );

  it("are identified by their binary if nodes have no addresses", () => {
    for (const granularity of ["functions", "filefunctions", "files", "lines"] as const) {
      expect(names(bare, { granularity })).toEqual(["[app]", "[libc.so]", "<unknown>"]);
    }
  });

  it("are identified by their address and binary if nodes have addresses", () => {
    expect(names(bare, { granularity: "addresses" })).toEqual([
      "0000000000000010 [app]",
      "0000000000000020 [app]",
      "0000000000000030 [libc.so]",
      "0000000000000040 <unknown>",
      "0000000000000050 <unknown>",
      "<unknown>",
    ]);
  });

  it("print all 64 bits of an address", () => {
    const profile = profileOf("f@m.c:1#ffffffff80000001 1");
    expect(names(profile, { granularity: "addresses" })).toEqual(["ffffffff80000001 f m.c:1"]);
    expect(nodesOf(wholeProfile(profile), { granularity: "addresses" }).address(FIRST)).toBe(
      0xffffffff80000001n,
    );
  });

  it("have the address 0 at all other granularities", () => {
    expect(nodesOf(wholeProfile(bare), { granularity: "lines" }).address(FIRST)).toBe(0n);
  });
});

describe("functions without a name", () => {
  const nameless = profileOf(`
    @a.c:1^1[/bin/app]#1 1
    @a.c:2^1[/bin/app]#2 1
    @a.c:9^8[/bin/app]#3 1
    @a.c:9^8[/bin/other]#4 1
    @#5 1
  `);

  it("are distinguished by their start line and their binary", () => {
    expect(names(nameless)).toEqual(["[app]", "[app]", "[other]", "<unknown>"]);
    expect(names(nameless, { granularity: "files" })).toEqual(["a.c", "a.c", "a.c", "<unknown>"]);
  });

  it("are printed with their file and line if the granularity has these", () => {
    expect(names(nameless, { granularity: "lines" })).toEqual([
      "a.c:1",
      "a.c:2",
      "a.c:9",
      "a.c:9",
      "<unknown>",
    ]);
  });

  it("make several rows for a file if only the name is missing", () => {
    // As in pprof, start lines and binaries distinguish nodes without names.
    const profile = profileOf("f@a.c:3^1 1\ng@a.c:9^8 1\nh@a.c:12^8 1");
    expect(names(profile, { granularity: "files" })).toEqual(["a.c", "a.c"]);
  });

  it("are not distinguished from named ones by their start line", () => {
    const profile = profileOf("f@a.c:3^1 1\nf@a.c:9^8 1");
    expect(names(profile, { granularity: "filefunctions" })).toEqual(["f a.c"]);
  });
});

describe("compareOrigins", () => {
  it("orders nodes without a name by start line, then by binary; nodes without a binary come last", () => {
    const profile = profileOf(`
      @a.c^9[/bin/a];@a.c^1[/bin/b];@a.c^1[/bin/a];@a.c^1;@a.c^-1[/bin/z] 1
    `);
    const nodes = nodesOf(wholeProfile(profile), { granularity: "files" });
    const sorted = nodeIndices(nodes.length).sort((a, b) => nodes.compareOrigins(a, b));
    // The positions of the functions in the stack above.
    expect(sorted).toEqual([4, 2, 1, 3, 0]);
  });
});

describe("line numbers", () => {
  it("are omitted if they are 0, and kept if they are negative or need 64 bits", () => {
    const profile = profileOf("f@m.c 1\nf@m.c:-1 1\nf@m.c:4294967297 1\nf@m.c:1 1");
    expect(names(profile, { granularity: "lines" })).toEqual([
      "f m.c",
      "f m.c:-1",
      "f m.c:4294967297",
      "f m.c:1",
    ]);
  });

  it("follow a colon even without a file", () => {
    expect(names(profileOf("f@:7 1"), { granularity: "lines" })).toEqual(["f :7"]);
  });
});

describe("files", () => {
  it("are cleaned, and equal ones are merged", () => {
    const profile = profileOf("f@a/../b//m.c 1\nf@b/m.c 1\nf@./b/m.c 1");
    expect(names(profile, { granularity: "filefunctions" })).toEqual(["f b/m.c"]);
  });

  it("lose the prefixes of trim_path before they are compared", () => {
    const profile = profileOf("f@/build/1/m.c 1\nf@/build/2/m.c 1\nf@m.c 1");
    expect(names(profile, { granularity: "files", trimPath: "/build/1:/build/2" })).toEqual([
      "m.c",
    ]);
    expect(names(profile, { granularity: "files", sourcePath: "/src/1" })).toEqual([
      "m.c",
      "/build/2/m.c",
    ]);
  });

  it("count as unknown if nothing is left", () => {
    expect(names(profileOf("f@/a/ 1"), { granularity: "filefunctions", trimPath: "/a" })).toEqual([
      "f",
    ]);
  });
});

describe("strings that a producer repeats", () => {
  it("do not distinguish nodes", () => {
    const text =
      "f@m.c:1[/bin/app]#1;g@m.c:2[/bin/app]#2 1\nf@m.c:3[/bin/app];f@x.c:4 1\n[/bin/app]#1 1";
    for (const granularity of [
      "functions",
      "filefunctions",
      "files",
      "lines",
      "addresses",
    ] as const) {
      expect(names(profileOf(text, { repeatStrings: true }), { granularity })).toEqual(
        names(profileOf(text), { granularity }),
      );
    }
  });
});

describe("binaries that are mapped twice under one name", () => {
  it("do not distinguish nodes, even if the name is repeated too", () => {
    const profile = profileOf("[/bin/app]#1 1\n[/bin/other]#2 1");
    const strings = profile.strings.extend([encodeUtf8("/bin/app")]);
    const file = Uint32Array.of(profile.mappings.file[0], strings.length - 1);
    const twice: Profile = {
      ...profile,
      strings,
      mappings: { ...profile.mappings, file: indexColumn<StringIndex>(file) },
    };
    expect(names(profile)).toEqual(["[app]", "[other]"]);
    expect(names(twice)).toEqual(["[app]"]);
  });
});

describe("hidden locations", () => {
  it("have no nodes", () => {
    const view = wholeProfile(profileOf("main;[/bin/app]#1;leaf 1"));
    const { view: filtered } = filterByName(view, {
      focus: undefined,
      ignore: undefined,
      hide: compileRe2("app|main"),
      show: undefined,
    });
    const nodes = nodesOf(filtered);
    expect(nodes.length).toBe(1);
    expect(byLocation(filtered).filter((text) => text !== "")).toEqual(["leaf"]);
  });
});

it("distinguishes hundreds of nodes, and finds them again", () => {
  const line = (i: number, address: number) =>
    `f${i % 7}@m${i % 50}.c:${i}#${address.toString(16)} 1`;
  const places = Array.from({ length: 700 }, (_, i) => i);
  // Each line has two addresses; the second ones follow after all lines.
  const profile = profileOf(
    [...places.map((i) => line(i, i + 1)), ...places.map((i) => line(i, i + 1001))].join("\n"),
  );
  expect(names(profile, { granularity: "addresses" })).toHaveLength(1400);
  expect(names(profile, { granularity: "lines" })).toHaveLength(700);
  expect(names(profile, { granularity: "filefunctions" })).toHaveLength(350);
  expect(names(profile)).toHaveLength(7);
});
