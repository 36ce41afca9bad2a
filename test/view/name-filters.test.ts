import { describe, expect, it } from "vitest";
import {
  dropFrames,
  filterByName,
  type NamePatterns,
  pruneFrom,
  showFrom,
} from "../../src/view/name-filters.js";
import { compileRe2 } from "../../src/view/re2.js";
import { type View, wholeProfile } from "../../src/view/view.js";
import { drawView, profileOf } from "../support/text-profile.js";

function viewOf(text: string): View {
  return wholeProfile(profileOf(text));
}

function filter(view: View, patterns: { [Name in keyof NamePatterns]?: string }) {
  const compile = (pattern: string | undefined) =>
    pattern === undefined ? undefined : compileRe2(pattern);
  const { view: filtered, matched } = filterByName(view, {
    focus: compile(patterns.focus),
    ignore: compile(patterns.ignore),
    hide: compile(patterns.hide),
    show: compile(patterns.show),
  });
  return { lines: drawView(filtered), matched, view: filtered };
}

const program = viewOf(`
  main;parse;read 1
  main;parse;alloc 2
  main;render;alloc 3
  main;render>paint>blend;alloc 4
  idle 5
`);

describe("without patterns", () => {
  it("returns the same view, even with an empty stack in it", () => {
    const view = viewOf("main 1\n- 2");
    expect(filter(view, {}).view).toBe(view);
    expect(filter(view, {}).matched).toEqual({ focus: true, ignore: true, hide: true, show: true });
  });
});

describe("focus", () => {
  it("keeps samples with a function whose name matches", () => {
    expect(filter(program, { focus: "^parse$" }).lines).toEqual([
      "main;parse;read 1",
      "main;parse;alloc 2",
    ]);
  });

  it("sees inlined functions", () => {
    expect(filter(program, { focus: "paint" }).lines).toEqual(["main;render>paint>blend;alloc 4"]);
  });

  it("matches source files and binaries as well as names, anywhere in the text", () => {
    const view = viewOf("a@src/io/read.c 1\nb[/lib/libc.so] 2\nc@src/x.c 3\n[/lib/libc.so]#40 4");
    expect(filter(view, { focus: "io/" }).lines).toEqual(["a@src/io/read.c 1"]);
    expect(filter(view, { focus: "libc" }).lines).toEqual([
      "b[/lib/libc.so] 2",
      "[/lib/libc.so]#40 4",
    ]);
  });

  it("supports alternatives and flags of RE2", () => {
    expect(filter(program, { focus: "READ" }).lines).toEqual([]);
    expect(filter(program, { focus: "(?i)READ|IDLE" }).lines).toEqual([
      "main;parse;read 1",
      "idle 5",
    ]);
  });

  it("drops samples without frames, even if the pattern matches everything", () => {
    expect(filter(viewOf("main 1\n- 2"), { focus: "" }).lines).toEqual(["main 1"]);
  });

  it("reports whether it matched anything", () => {
    expect(filter(program, { focus: "nowhere" }).lines).toEqual([]);
    expect(filter(program, { focus: "nowhere" }).matched.focus).toBe(false);
    expect(filter(program, { focus: "paint" }).matched.focus).toBe(true);
  });
});

describe("ignore", () => {
  it("drops samples whose stack matches", () => {
    const { lines, matched } = filter(program, { ignore: "alloc|idle" });
    expect(lines).toEqual(["main;parse;read 1"]);
    expect(matched.ignore).toBe(true);
  });

  it("drops samples without frames even if it matches nothing", () => {
    const { lines, matched } = filter(viewOf("main 1\n- 2"), { ignore: "nowhere" });
    expect(lines).toEqual(["main 1"]);
    expect(matched.ignore).toBe(false);
  });

  it("takes precedence over focus", () => {
    expect(filter(program, { focus: "main", ignore: "read" }).lines).toEqual([
      "main;parse;alloc 2",
      "main;render;alloc 3",
      "main;render>paint>blend;alloc 4",
    ]);
  });

  it("leaves nothing to focus on if it matches the same locations", () => {
    const { lines, matched } = filter(program, { focus: "idle", ignore: "idle" });
    expect(lines).toEqual([]);
    expect(matched).toEqual({ focus: false, ignore: true, hide: true, show: true });
  });
});

describe("hide", () => {
  it("removes frames and keeps their samples", () => {
    const { lines, matched } = filter(program, { hide: "alloc|parse" });
    expect(lines).toEqual([
      "main;read 1",
      "main 2",
      "main;render 3",
      "main;render>paint>blend 4",
      "idle 5",
    ]);
    expect(matched.hide).toBe(true);
  });

  it("removes single lines of a location", () => {
    expect(filter(program, { focus: "paint", hide: "paint" }).lines).toEqual([
      "main;render>blend;alloc 4",
    ]);
    expect(filter(program, { focus: "paint", hide: "render|blend" }).lines).toEqual([
      "main;paint;alloc 4",
    ]);
  });

  it("drops samples that have no frames left", () => {
    expect(filter(program, { hide: "idle|main|parse|read" }).lines).toEqual([
      "alloc 2",
      "render;alloc 3",
      "render>paint>blend;alloc 4",
    ]);
  });

  it("hides a whole location if its binary matches, with or without symbols", () => {
    const view = viewOf("main;a>b[/lib/libc.so] 1\nmain;[/lib/libc.so]#40 2\nmain;[/bin/x]#41 3");
    expect(filter(view, { hide: "libc" }).lines).toEqual([
      "main 1",
      "main 2",
      "main;[/bin/x]#41 3",
    ]);
  });

  it("keeps locations without symbols that do not match", () => {
    const { lines, matched } = filter(viewOf("?;#40 1"), { hide: "nowhere" });
    expect(lines).toEqual(["?;#40 1"]);
    expect(matched.hide).toBe(false);
  });

  it("does not change what focus and ignore match", () => {
    expect(filter(program, { focus: "blend", hide: "blend" }).lines).toEqual([
      "main;render>paint;alloc 4",
    ]);
    expect(filter(program, { ignore: "alloc", hide: "alloc" }).lines).toEqual([
      "main;parse;read 1",
      "idle 5",
    ]);
  });
});

describe("show", () => {
  it("keeps only matching frames, and samples that have some", () => {
    const { lines, matched } = filter(program, { show: "main|alloc|paint" });
    expect(lines).toEqual(["main 1", "main;alloc 2", "main;alloc 3", "main;paint;alloc 4"]);
    expect(matched.show).toBe(true);
  });

  it("shows all lines of a location if its binary matches", () => {
    const view = viewOf("main;a>b[/lib/libc.so];c@libc.h 1");
    expect(filter(view, { show: "libc" }).lines).toEqual(["a>b[/lib/libc.so];c@libc.h 1"]);
  });

  it("removes locations without symbols, even if the binary matches", () => {
    expect(filter(viewOf("main;[/bin/x]#40 1"), { show: "main|/bin/x" }).lines).toEqual(["main 1"]);
  });

  it("drops everything if it matches nothing", () => {
    const { lines, matched } = filter(program, { show: "nowhere" });
    expect(lines).toEqual([]);
    expect(matched.show).toBe(false);
  });

  it("applies to the frames that hide has left", () => {
    expect(filter(program, { show: "main|alloc", hide: "main" }).lines).toEqual([
      "alloc 2",
      "alloc 3",
      "alloc 4",
    ]);
  });

  it("does not match frames that hide has removed", () => {
    const { lines, matched } = filter(program, { show: "idle", hide: "idle" });
    expect(lines).toEqual([]);
    expect(matched).toEqual({ focus: true, ignore: true, hide: true, show: false });
  });
});

describe("all name patterns together", () => {
  it("select samples by their whole stacks, and then frames", () => {
    const { lines, matched } = filter(program, {
      focus: "render",
      ignore: "paint",
      hide: "main",
      show: "main|render|alloc",
    });
    expect(lines).toEqual(["render;alloc 3"]);
    expect(matched).toEqual({ focus: true, ignore: true, hide: true, show: true });
  });

  it("skip samples that an earlier filter has dropped", () => {
    const samples = program.samples.slice();
    samples[0] = 0;
    expect(filter({ ...program, samples }, { focus: "parse" }).lines).toEqual([
      "main;parse;alloc 2",
    ]);
  });

  it("do not change the given view", () => {
    const before = drawView(program);
    filter(program, { focus: "render", hide: "paint", show: "blend" });
    expect(drawView(program)).toEqual(before);
  });
});

describe("showFrom", () => {
  // The example in a comment of pprof: A is the root of A;B;C;B.
  const from = (pattern: string, text = "A;B;C;B 1") => {
    const { view, matched } = showFrom(viewOf(text), compileRe2(pattern));
    return { lines: drawView(view), matched };
  };

  it("removes the callers above the outermost match", () => {
    expect(from("A").lines).toEqual(["A;B;C;B 1"]);
    expect(from("B").lines).toEqual(["B;C;B 1"]);
    expect(from("C").lines).toEqual(["C;B 1"]);
  });

  it("drops samples without a match, and reports if there is no match at all", () => {
    expect(from("C", "A;B;C 1\nA;B 2\n- 3")).toEqual({ lines: ["C 1"], matched: true });
    expect(from("D")).toEqual({ lines: [], matched: false });
  });

  it("cuts within a location above the outermost match, wherever the location occurs", () => {
    expect(from("B", "A;x>B>y;C;x>B>y 1").lines).toEqual(["B>y;C;B>y 1"]);
    expect(from("B", "A;B>B>y 1").lines).toEqual(["B>B>y 1"]);
  });

  it("keeps all lines if the binary matches", () => {
    expect(from("libc", "A;x>y[/lib/libc.so];z 1").lines).toEqual(["x>y[/lib/libc.so];z 1"]);
  });

  it("matches source files, and locations without symbols by their binary", () => {
    expect(from("w[.]c", "A;B@w.c:3;C 1").lines).toEqual(["B@w.c:3;C 1"]);
    expect(from("app", "A;[/bin/app]#40;C 1").lines).toEqual(["[/bin/app]#40;C 1"]);
  });

  it("does not match frames that were hidden before", () => {
    const hidden = filter(viewOf("A;B;C;B 1"), { hide: "B" }).view;
    const { view, matched } = showFrom(hidden, compileRe2("B"));
    expect(drawView(view)).toEqual([]);
    expect(matched).toBe(false);
  });
});

describe("pruneFrom", () => {
  const prune = (pattern: string, text: string) =>
    drawView(pruneFrom(viewOf(text), compileRe2(pattern)).view);

  // The example in a comment of pprof, root first.
  it("removes the callees of the innermost match, which stays", () => {
    expect(prune("A", "D;B;C;B;A 1")).toEqual(["D;B;C;B;A 1"]);
    expect(prune("B", "D;B;C;B;A 1")).toEqual(["D;B;C;B 1"]);
  });

  it("keeps samples without a match and samples without frames", () => {
    expect(prune("X", "A;B 1\n- 2")).toEqual(["A;B 1", "- 2"]);
  });

  it("cuts within a location below its innermost match", () => {
    expect(prune("B", "A;x>B>y;C 1")).toEqual(["A;x>B 1"]);
    expect(prune("B", "A;B>B>y;C 1")).toEqual(["A;B>B 1"]);
  });

  it("matches names without their arguments, but no source files or binaries", () => {
    expect(prune("^run$", 'A;"run(int, char)";C 1')).toEqual(['A;"run(int, char)" 1']);
    expect(prune("int", 'A;"run(int, char)";C 1')).toEqual(['A;"run(int, char)";C 1']);
    expect(prune("x[.]c|libc", "A;B@x.c;C 1\nA;B[libc];C 1")).toEqual([
      "A;B@x.c;C 1",
      "A;B[libc];C 1",
    ]);
  });

  it("recognizes names in which a parenthesis does not begin the arguments", () => {
    expect(prune("call$", 'A;"(anonymous namespace)::call(int)";C 1')).toEqual([
      "A;(anonymous namespace)::call(int) 1"
        .replace("(anonymous", '"(anonymous')
        .replace(" 1", '" 1'),
    ]);
    expect(prune("operator..$", "A;Less::operator()(int);C 1")).toEqual([
      "A;Less::operator()(int) 1",
    ]);
    expect(prune("^dot$", "A;.dot(int);C 1")).toEqual(["A;.dot(int) 1"]);
  });
});

describe("dropFrames", () => {
  const drop = (pattern: string, text: string, keep?: string) =>
    drawView(
      dropFrames(
        viewOf(text),
        compileRe2(`^(${pattern})$`),
        keep === undefined ? undefined : compileRe2(`^(${keep})$`),
      ),
    );

  // An example of pprof, root first.
  it("removes the outermost match with all its callees", () => {
    expect(drop("A", "D;B;C;B;A 1")).toEqual(["D;B;C;B 1"]);
    expect(drop("B", "D;B;C;B;A 1")).toEqual(["D 1"]);
  });

  it("keeps functions that match the keep pattern", () => {
    expect(drop("malloc.*", "main;mallocA;x 1\nmain;mallocB;x 2", "mallocB")).toEqual([
      "main 1",
      "main;mallocB;x 2",
    ]);
  });

  it("removes nothing above the first frame that stays, so that no stack becomes empty", () => {
    expect(drop("start", "start 1\nstart;start 2\nstart;main;work;start;x 3")).toEqual([
      "start 1",
      "start;start 2",
      "start;main;work 3",
    ]);
  });

  it("cuts a location above the outermost match", () => {
    expect(drop("B", "A;x>B>y;C 1")).toEqual(["A;x 1"]);
    expect(drop("B", "A;x>B>z>B>y;C 1")).toEqual(["A;x 1"]);
  });

  it("removes a location if its outermost line matches", () => {
    expect(drop("B", "A;B>x;C 1")).toEqual(["A 1"]);
  });

  it("shortens a matching location even if no stack is cut", () => {
    // As in pprof, the location itself loses its inner lines.
    expect(drop("B", "x>B>y;C 1")).toEqual(["x;C 1"]);
  });

  it("matches whole names without their arguments", () => {
    expect(drop("malloc", "main;malloc(int);x 1\nmain;mallocs;x 2")).toEqual([
      "main 1",
      "main;mallocs;x 2",
    ]);
  });

  it("does not match functions without a name", () => {
    expect(drop(".*", "main@a.c:1;@b.c:2 1", "main")).toEqual(["main@a.c:1;@b.c:2 1"]);
  });
});
