import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REPORT_COMMANDS } from "../../src/options/commands.js";
import { OPTIONS } from "../../src/options/table.js";
import { encodeUtf8 } from "../../src/profile/utf8.js";
import { type CompletionModel, complete } from "../../src/shell/completion.js";
import { variableValue } from "../../src/shell/variable-value.js";
import { compileRe2 } from "../../src/view/re2.js";

const FUNCTIONS = [
  "main.main",
  "net/http.(*ServeMux).Handle",
  "net/http.(*ServeMux).HandleFunc",
  "net/http.(*conn).serve",
  "runtime.mallocgc",
  "runtime.main",
  "std::vector<int, long>::push_back",
  "Σ.sum",
];

const TAGS: Record<string, readonly string[]> = {
  tenant: ["acme", "a,b", "123"],
  "http.method": ["GET", "POST"],
};

const model: CompletionModel = {
  commands: REPORT_COMMANDS.flatMap(({ name, aliases, summary }) =>
    [name, ...aliases].map((word) => ({
      name: word,
      summary,
      about: name === "tags" ? ("tags" as const) : ("functions" as const),
    })),
  ),
  variables: OPTIONS.map((spec) => ({ ...spec, value: variableValue(spec) })),
  sampleTypes: () => ["alloc_space", "inuse_space", "\x1b[31m", "cpu time"],
  functionNames: () => FUNCTIONS,
  tagKeys: () => ["tenant", "http.method", "bad\x07key", "a key", "k=v"],
  tagValues: (key) => TAGS[key] ?? [],
  files: (prefix) =>
    ["out.svg", "out.txt", "src/", "src/a b.ts", "src/main.ts", "src/\x1b]0;x.ts"].filter((path) =>
      path.startsWith(prefix),
    ),
  savedConfigs: () => ["slow-requests", "slow-start", "alloc"],
};

const MARKS = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Returns the line after Tab at its end. */
function tab(line: string, of = model): string {
  const { start, text } = complete(line, of);
  return line.slice(0, start) + text;
}

/** Returns the list that a second Tab shows. */
function offers(line: string, of = model): string[] {
  const { candidates } = complete(line, of);
  return candidates.map(({ label }) => label);
}

/** A model with these functions. */
const withFunctions = (names: readonly string[]) => ({ ...model, functionNames: () => names });

describe("the first word", () => {
  it.each([
    ["pee", "peek "],
    ["foc", "focus="],
    ["focus", "focus="],
    ["relative", "relative_percentages "],
    // A choice sets itself.
    ["cu", "cum "],
    ["granularity", "granularity="],
    ["inuse_", "inuse_space "],
    ["mean_in", "mean_inuse_space "],
    ["  total_a", "  total_alloc_space "],
    ["PEE", "peek "],
    ["qu", "quit "],
    // Several names begin with it.
    ["tag", "tag"],
    ["nothing", "nothing"],
  ])("%j becomes %j", (line, completed) => {
    expect(tab(line)).toBe(completed);
  });

  it("is listed with its meaning", () => {
    const { candidates, total } = complete("gra", model);
    expect(candidates).toEqual([
      { text: "granularity=", label: "granularity=", summary: "Unit that a row represents" },
    ]);
    expect(total).toBe(1);
    expect(offers("tag")).toEqual([
      ...["tags", "tagfocus=", "tagignore=", "tagshow=", "taghide=", "tagroot=", "tagleaf="],
    ]);
  });

  it("has no name from a profile with control characters or blanks", () => {
    const types = offers("").filter((label) => label.startsWith("total_"));
    expect(types).toEqual(["total_alloc_space", "total_inuse_space"]);
  });
});

describe("the following words", () => {
  it.each([
    ["help foc", "help focus "],
    ["help line", "help lines "],
    ["help top focu", "help top focu"],
    ["config sa", "config save "],
    ["config load slow", "config load slow-"],
    ["config delete a", "config delete alloc "],
    ["config list ", "config list "],
    ["quit no", "quit no"],
    ["unknown runt", "unknown runt"],
    ["trim=", "trim="],
    ["trim=f", "trim=false"],
    ["sort=c", "sort=cum"],
    ["unit=mi", "unit=minimum"],
    ["sample_index=in", "sample_index=inuse_space"],
    ["sample_index=cpu", "sample_index=cpu time"],
    [" focus = runtime.mall", " focus = runtime.mallocgc"],
    ["focus=absent|runtime.mall", "focus=absent|runtime.mallocgc"],
    ["focus=^(main.main|^runtime.mall", "focus=^(main.main|^runtime.mallocgc"],
    ["nodecount=1", "nodecount=1"],
    ["tagshow=http.m", "tagshow=http.method"],
    ["tagroot=tenant,http", "tagroot=tenant,http.method"],
    ["tagfocus=ten", "tagfocus=tenant="],
    ["tagfocus=tenant=ac", "tagfocus=tenant=acme"],
    ["tagignore=http.method=GET,po", "tagignore=http.method=GET,POST"],
    // A comma would end the value, and a number would be compared as one.
    ["tagfocus=tenant=a,", "tagfocus=tenant=a,"],
    ["tagfocus=tenant=a.", "tagfocus=tenant=a.b"],
    ["tagfocus=tenant=1", "tagfocus=tenant=^123"],
    ["tags ten", "tags tenant="],
    ["tags -tenant=ac", "tags -tenant=acme "],
    ["output=ou", "output=out."],
    ["output=src/a", "output=src/a b.ts"],
    ["output=s", "output=src/"],
    ["source_path=/x:s", "source_path=/x:src/"],
    ["svg > out.s", "svg > out.svg "],
    ["svg >out.s", "svg >out.svg "],
    ["svg >s", "svg >src/"],
    ["svg >src/m", "svg >src/main.ts "],
  ])("%j becomes %j", (line, completed) => {
    expect(tab(line)).toBe(completed);
  });

  it("are listed in readable form", () => {
    expect(offers("output=src/")).toEqual(["a b.ts", "main.ts"]);
    expect(offers("svg > src/")).toEqual(["main.ts"]);
    expect(offers("tagfocus=")).toEqual(["tenant=", "http.method=", "a key="]);
    expect(offers("tags ")).toEqual(["tenant=", "http.method="]);
    expect(offers("tagroot=")).toEqual(["tenant", "http.method", "a key", "k=v"]);
    expect(offers("trim=")).toEqual(["true", "false"]);
    expect(offers("list HandleF")).toEqual(["net/http.(*ServeMux).HandleFunc"]);
  });

  it("are known for every option with a regular expression or a path", () => {
    const free = OPTIONS.filter((spec) => variableValue(spec).kind === "free");
    expect(
      free.filter((spec) => "placeholder" in spec && /REGEX|FILTER|KEY,/.test(spec.placeholder)),
    ).toEqual([]);
    expect(free.filter((spec) => "path" in spec)).toEqual([]);
  });
});

describe("function names", () => {
  it.each([
    ["top main", "top main.main "],
    ["top10 20 mallocg", "top10 20 runtime.mallocgc "],
    // A name with a part that begins with the text precedes names that only contain it.
    ["list serve", "list net/http.\\(\\*conn\\).serve "],
    ["list Serve", "list net/http.\\(\\*ServeMux\\).Handle"],
    ["list net/http.(*S", "list net/http.\\(\\*ServeMux\\).Handle"],
    ["list net/http.\\(\\*S", "list net/http.\\(\\*ServeMux\\).Handle"],
    ["list handlef", "list net/http.\\(\\*ServeMux\\).HandleFunc "],
    // The common beginning of these names does not contain the text.
    ["peek m", "peek main.main "],
    ["peek ain", "peek ain"],
    ["peek std::vector<int,\\sl", "peek std::vector<int,\\slong>::push_back "],
    ["top -mallocg", "top -runtime.mallocgc "],
    ["top -cu", "top -cum "],
    ["top -cum mallocg", "top -cum runtime.mallocgc "],
    ["top σ", "top Σ.sum "],
    ["top nothing", "top nothing"],
  ])("%j becomes %j", (line, completed) => {
    expect(tab(line)).toBe(completed);
  });

  it("are never mistaken for other words", () => {
    const odd = withFunctions(["42", "cum", "-flag", ">file", "a//:b", "a\nb\x1b[31m\u2028c"]);
    expect(tab("top 4", odd)).toBe("top ^42 ");
    expect(tab("top -4", odd)).toBe("top -^42 ");
    expect(tab("top fla", odd)).toBe("top \\-flag ");
    expect(tab("top fil", odd)).toBe("top \\>file ");
    expect(tab("focus=a/", odd)).toBe("focus=a/\\/:b");
    expect(tab("focus=a\\s", odd)).toBe("focus=a\\sb.\\[31m.c");
    expect(offers("top a", odd)).toEqual(["a//:b", "a b.[31m.c"]);
  });

  const odd = [..."aB.*-> \\\n\t(|^42\v\r\u00a0\u2028\udc9b/:,="];
  const name = fc.oneof(
    fc.string({ unit: "binary", minLength: 1 }),
    fc.string({ unit: fc.constantFrom(...odd), minLength: 1 }),
    fc.constantFrom("cum", "-cum", "2024", "//:", "=", "\ud83d\ude00\udcff"),
  );

  it("are one word that matches the whole function", () => {
    fc.assert(
      fc.property(name, fc.constantFrom("top ", "top -", "focus=", "focus=x|"), (name, line) => {
        // The name must not become the option of the same name.
        const isIgnored = line === "top -";
        fc.pre(!isIgnored || name !== "cum");
        const { candidates } = complete(line, withFunctions([name]));
        const { text, label } = candidates[isIgnored ? 1 : 0];
        expect(text).toMatch(/^\S+$/);
        expect(text + label).not.toMatch(MARKS);
        expect(text).not.toContain("//:");
        if (line === "top ") expect(text).not.toMatch(/^([->]|[+-]?\d+$)/);
        if (isIgnored) expect(text).not.toMatch(/^(\d+|-?cum)$/);
        const bytes = encodeUtf8(name);
        expect(compileRe2(text).test(bytes)).toBe(true);
        expect(compileRe2(`^(?:${text})$`).test(bytes)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("are found by any beginning of what was inserted", () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.nat(5), (names, length) => {
        const of = withFunctions(names);
        const [first] = complete("focus=", of).candidates;
        fc.pre(first !== undefined);
        const line = `focus=${first.label.slice(0, length).trimStart()}`;
        const before = complete(line, of);
        fc.pre(before.total > 0);
        const after = complete(tab(line, of), of);
        expect(after.total).toBeGreaterThan(0);
        expect(after.total).toBeLessThanOrEqual(before.total);
        // A second Tab changes nothing.
        expect(tab(tab(line, of), of)).toBe(tab(line, of));
      }),
      { numRuns: 500 },
    );
  });

  it("may be very many, and very long", () => {
    const many = Array.from({ length: 100_000 }, (_, i) => `pkg.f${i}\u0001`);
    const start = performance.now();
    const { candidates, total } = complete("top f9", withFunctions(many));
    expect(performance.now() - start).toBeLessThan(3000);
    expect(total).toBe(11_111);
    expect(candidates.length).toBe(1000);
    expect(tab("top lo", withFunctions(["long".repeat(1e6)])).length).toBeLessThan(1100);
  });
});
