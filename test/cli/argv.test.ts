import { describe, expect, it } from "vitest";
import { normalizeArgv } from "../../src/cli/argv.js";
import { type Request, toRequest } from "../../src/cli/request.js";
import { UserError } from "../../src/errors/user-error.js";
import { COMMANDS, commandSpec } from "../../src/options/commands.js";
import { OPTION_GROUPS } from "../../src/options/spec.js";
import { defaultOptions, OPTIONS, SAMPLE_SHORTHANDS } from "../../src/options/table.js";

/** A valid value for each type of option. */
const VALUES = {
  bool: "true",
  int: "1",
  float: "1",
  size: "1mb",
  text: "x",
  list: "x",
  choice: "",
} as const;

function request(...argv: string[]): Request {
  const made = toRequest(normalizeArgv(argv));
  if (!made) throw new Error("no request");
  return made;
}

describe("both grammars make the same request", () => {
  const expected = {
    kind: "report",
    command: commandSpec("top"),
    parameter: undefined,
    options: { ...defaultOptions(), sort: "cum", nodecount: 5, focus: "a=b", granularity: "lines" },
    sources: ["cpu.pb.gz"],
    warnings: [],
  };

  it.each([
    ["top -cum -nodecount=5 -focus=a=b -lines cpu.pb.gz"],
    ["top --cum --nodecount 5 --focus a=b --lines cpu.pb.gz"],
    ["-top -cum -nodecount=5 -focus=a=b -lines cpu.pb.gz"],
    ["-cum -top=true -nodecount 5 -focus a=b -lines=1 cpu.pb.gz"],
    ["text cpu.pb.gz -sort=cum -nodecount=5 -focus=a=b -granularity=lines"],
    ["-text -cum -flat=false -nodecount=9 -nodecount=5 -focus=a=b -lines -- cpu.pb.gz"],
  ])("%s", (line) => {
    expect(request(...line.split(" "))).toEqual(expected);
  });

  it("with hyphens for underscores", () => {
    expect(request("top", "--show-from=x", "f").options.show_from).toBe("x");
  });
});

describe("commands with a pattern", () => {
  it.each([
    ["peek a|b cpu.pb.gz -cum"],
    ["peek -cum a|b cpu.pb.gz"],
    ["-peek=a|b -cum cpu.pb.gz"],
    ["--peek a|b cpu.pb.gz -cum"],
    ["-cum -top=false -list= -peek=a|b cpu.pb.gz"],
  ])("%s", (line) => {
    expect(request(...line.split(" "))).toMatchObject({
      command: { name: "peek" },
      parameter: "a|b",
      options: { sort: "cum" },
      sources: ["cpu.pb.gz"],
    });
  });

  it("want the pattern and a profile", () => {
    expect(() => normalizeArgv(["-peek"])).toThrow(/-peek needs a value/);
    expect(toRequest(normalizeArgv(["peek"]))).toBe(undefined);
    expect(toRequest(normalizeArgv(["peek", "a"]))).toBe(undefined);
    expect(toRequest(normalizeArgv(["-peek=", "f"]))).toBe(undefined);
  });

  it("are one at a time", () => {
    expect(() => normalizeArgv(["-peek=a", "-list=a", "f"])).toThrow(/only one report is possible/);
    expect(() => normalizeArgv(["-peek=a", "-top", "f"])).toThrow(/only one report is possible/);
  });
});

/** An existing file. */
const FILE = "fixtures/go-cpu.pb.gz";
const OTHER = "fixtures/go-cpu-slow.pb.gz";

describe("words from other programs", () => {
  it.each<[string, string, string[], object]>([
    [`${FILE} top`, "top", [FILE], {}],
    [`${FILE} top -cum`, "top", [FILE], { options: { sort: "cum" } }],
    ["missing.pb.gz top", "top", ["missing.pb.gz"], {}],
    [`${FILE} ${OTHER} tree`, "tree", [FILE, OTHER], {}],
    ["http://localhost:6060 flame", "flame", ["http://localhost:6060"], {}],
    ["localhost:6060 top", "top", ["localhost:6060"], {}],
    ["- top", "top", ["-"], {}],
    [`peek ${"x".repeat(5000)} ${FILE}`, "peek", [FILE], {}],
    [`top -top ${FILE}`, "top", [FILE], {}],
    [`${FILE} -top`, "top", [FILE], {}],
    [`flamegraph ${FILE}`, "flame", [FILE], {}],
    [`-flamegraph ${FILE}`, "flame", [FILE], {}],
    [`top -n 10 ${FILE}`, "top", [FILE], { options: { nodecount: 10 } }],
    [`top -n=10 ${FILE}`, "top", [FILE], { options: { nodecount: 10 } }],
    [`top ${FILE} -n10`, "top", [FILE], { options: { nodecount: 10 } }],
    [`top 10 ${FILE}`, "top", [FILE], { options: { nodecount: 10 } }],
    [`top ${FILE} 10`, "top", [FILE], { options: { nodecount: 10 } }],
    [`top10 ${FILE}`, "top", [FILE], { options: { nodecount: 10 } }],
    [`${FILE} top10`, "top", [FILE], { options: { nodecount: 10 } }],
    [`top10 -n 5 ${FILE}`, "top", [FILE], { options: { nodecount: 5 } }],
    [`svg -o x.svg ${FILE}`, "svg", [FILE], { options: { output: "x.svg" } }],
    [`svg --o=x.svg ${FILE}`, "svg", [FILE], { options: { output: "x.svg" } }],
    [`peek ${FILE} Price`, "peek", [FILE], { parameter: "Price" }],
    [`list ${FILE} ${OTHER} a.b`, "list", [FILE, OTHER], { parameter: "a.b" }],
    [`${FILE} peek Price`, "peek", [FILE], { parameter: "Price" }],
    [`${FILE} peek Price ${OTHER}`, "peek", [OTHER, FILE], { parameter: "Price" }],
    // In the usual order, tsprof does not look for files.
    [`peek src ${FILE}`, "peek", [FILE], { parameter: "src" }],
    [`peek Price missing.pb.gz`, "peek", ["missing.pb.gz"], { parameter: "Price" }],
    [`peek ${FILE} ${OTHER}`, "peek", [OTHER], { parameter: FILE }],
    [`raw 10 ${FILE}`, "raw", ["10", FILE], {}],
  ])("%s", (line, name, sources, expected) => {
    const words = line.split(" ");
    expect(request(...words)).toMatchObject({ command: { name }, sources, ...expected });
  });

  it("work for commands that make no report", () => {
    expect(request(FILE, "serve")).toMatchObject({ kind: "serve", sources: [FILE] });
    expect(request(FILE, "info")).toMatchObject({ kind: "task", task: "info", sources: [FILE] });
    const diff = request(OTHER, "diff", FILE);
    expect(diff).toMatchObject({ kind: "diff", sources: [OTHER, FILE] });
  });

  it("do not apply to files that are called like commands", () => {
    // package.json exists.
    expect(request("-top", "package.json", FILE).sources).toEqual(["package.json", FILE]);
    expect(request("top", "list").sources).toEqual(["list"]);
  });

  it.each([
    [`top -svg ${FILE}`, `top and svg; try: tsprof top ${FILE}, or: tsprof -svg ${FILE}`],
    [`${FILE} top -svg`, `top and svg; try: tsprof ${FILE} top, or: tsprof ${FILE} -svg`],
    [`top --svg -cum ${FILE}`, `try: tsprof top -cum ${FILE}, or: tsprof --svg -cum ${FILE}`],
    [`top svg ${FILE}`, `try: tsprof top ${FILE}, or: tsprof svg ${FILE}`],
    [`top -peek=x ${FILE}`, `try: tsprof top ${FILE}, or: tsprof '-peek=x' ${FILE}`],
    [`top -peek x ${FILE}`, `try: tsprof top ${FILE}, or: tsprof -peek x ${FILE}`],
    [`-peek x -list=y ${FILE}`, "leave out -list"],
    [`-svg=x.svg ${FILE}`, `-svg does not take a file; try: tsprof -svg '-output=x.svg' ${FILE}`],
    [`record node app.js -n 5`, "record does not take -nodecount; options of the program go after"],
  ])("is misuse if it is ambiguous: %s", (line, message) => {
    const words = line.split(" ");
    expect(() => request(...words)).toThrow(UserError);
    expect(() => request(...words)).toThrow(message);
  });
});

describe("values", () => {
  it("may begin with a dash when they come after a space", () => {
    expect(request("top", "-sample_index", "-1", "f").options.sample_index).toBe("-1");
  });

  it("of boolean options need an equals sign", () => {
    expect(request("top", "-trim=false", "f").options.trim).toBe(false);
    expect(request("top", "-mean", "false").sources).toEqual(["false"]);
  });

  it("may be empty", () => {
    expect(request("top", "-focus=", "f").options.focus).toBe("");
  });

  it.each([
    ["-nodecount=abc", /-nodecount must be a whole number, not "abc"/],
    ["-nodecount=1.5", /whole number/],
    ["-nodefraction=x", /-nodefraction must be a number/],
    ["-nodefraction=", /-nodefraction must be a number/],
    ["-nodefraction=0x10", /-nodefraction must be a number/],
    ["-nodefraction= 1", /-nodefraction must be a number/],
    ["-trim=maybe", /-trim must be true or false/],
    ["-cum=maybe", /-cum must be true or false/],
    ["-sort=size", /-sort must be one of flat, cum/],
  ])("such as %s are refused", (word, message) => {
    expect(() => request("top", word, "f")).toThrow(UserError);
    expect(() => request("top", word, "f")).toThrow(message);
  });

  it("that are missing are an error", () => {
    expect(() => request("top", "f", "-focus")).toThrow(/-focus needs a value/);
  });
});

describe("switches", () => {
  it("may be turned off again", () => {
    expect(request("top", "-cum", "-cum=false", "f").options.sort).toBe("flat");
    expect(request("top", "-lines", "-files", "-lines=no", "f").options.granularity).toBe("files");
    const { options } = request("top", "-inuse_space", "-inuse_space=false", "f");
    expect(options.sample_index).toBe("");
  });

  it("need a name", () => {
    expect(() => request("top", "-=x", "f")).toThrow(/-=x is not an option/);
  });
});

describe("contradictory choices", () => {
  it("are two orders or two granularities", () => {
    expect(() => request("top", "-cum", "-flat", "f")).toThrow(/-cum and -flat exclude/);
    expect(() => request("top", "-files", "-lines", "f")).toThrow(/-files and -lines exclude/);
  });
});

describe("shorthands for sample values", () => {
  it("select a value", () => {
    expect(request("top", "-alloc_space", "f").options.sample_index).toBe("alloc_space");
    expect(request("top", "-mean_delay", "f").options).toMatchObject({
      sample_index: "delay",
      mean: true,
    });
  });

  it("yield to -sample_index and to earlier shorthands, with a warning", () => {
    const { options, warnings } = request("top", "-inuse_space", "-alloc_space", "f");
    expect(options.sample_index).toBe("inuse_space");
    expect(warnings).toEqual(["-alloc_space is ignored, because another sample type was selected"]);
    expect(request("top", "-alloc_space", "-sample_index=1", "f").options.sample_index).toBe("1");
  });
});

describe("operands", () => {
  it("are - and all words behind --", () => {
    expect(request("top", "-").sources).toEqual(["-"]);
    expect(request("top", "--", "-cum").sources).toEqual(["-cum"]);
  });

  it("may have the name of a report or a tool behind a command", () => {
    expect(request("-top", "top").sources).toEqual(["top"]);
    expect(request("-top", "help").sources).toEqual(["help"]);
  });

  it("may include the command even behind --", () => {
    expect(request("--", "top", "f").sources).toEqual(["f"]);
  });

  it("are needed", () => {
    expect(toRequest(normalizeArgv(["top"]))).toBeUndefined();
  });
});

describe("commands of other kinds", () => {
  it.each([
    ["serve f", { kind: "serve", sources: ["f"] }],
    ["-http=:8080 f", { kind: "serve", sources: ["f"] }],
    ["./f", { kind: "shell", sources: ["./f"] }],
    ["diff a b", { kind: "diff", bases: [], sources: ["a", "b"] }],
    ["diff --base a --base b c d", { kind: "diff", bases: ["a", "b"], sources: ["c", "d"] }],
    ["info a b", { kind: "task", task: "info", sources: ["a", "b"] }],
    ["trim a", { kind: "task", task: "pgo", sources: ["a"] }],
  ])("%s", (line, expected) => {
    expect(request(...line.split(" "))).toMatchObject(expected);
  });

  it.each([
    ["serve top f", /shows all reports; leave out top/],
    ["-peek=x serve f", /shows all reports; leave out peek/],
    ["top -http=: f", /shows all reports; leave out top, or -http/],
    ["diff -top a b", /diff does not make reports; leave out top/],
    ["info -peek=x a", /info does not make reports; leave out peek/],
    ["info -focus=x a", /info does not take -focus/],
    ["info -inuse_space a", /info does not take -inuse_space/],
    ["top -keep=1 a", /-keep is for tsprof pgo/],
    ["top -fail-on=cum>5% a", /-fail_on is for tsprof diff/],
    ["serve -alpha=0.1 a", /-alpha is for tsprof diff/],
    ["diff -keep=1 a b", /-keep is for tsprof pgo/],
    ["top -no-browser a", /-no_browser is only for -http/],
    ["serve -format=json a", /-format=json is only for reports/],
    ["diff -http=: a b", /diff does not take -http/],
  ])("refuse options of other commands: %s", (line, message) => {
    expect(() => request(...line.split(" "))).toThrow(UserError);
    expect(() => request(...line.split(" "))).toThrow(message);
  });

  it("that have nothing to do with profiles make no request", () => {
    expect(toRequest(normalizeArgv(["help", "top"]))).toBeUndefined();
    expect(toRequest(normalizeArgv(["completion", "bash"]))).toBeUndefined();
  });
});

describe("names of options", () => {
  /** All options of the table, each with a valid value. */
  const written = [
    ...OPTIONS.map((spec): [string, string] => [spec.name, VALUES[spec.type]]),
    ...SAMPLE_SHORTHANDS.map(({ name }): [string, string] => [name, "true"]),
  ].filter(([name]) => name.includes("_"));

  it.each(written)("may have dashes for underscores: %s", (name, value) => {
    const args = (written: string) => normalizeArgv([`${written}=${value}`, "f"]);
    const expected = args(`-${name}`);
    expect(expected.unknown).toEqual([]);
    expect(args(`-${name.replaceAll("_", "-")}`)).toEqual(expected);
    expect(args(`--${name.replaceAll("_", "-")}`)).toEqual(expected);
    expect(args(`--${name.replace("_", "-")}`)).toEqual(expected);
  });

  it("leave the dashes of values and of files alone", () => {
    const { values, operands } = normalizeArgv([
      "top",
      "--tag-focus",
      "a-b_c",
      "f-g",
      "--",
      "-h-i",
    ]);
    expect(values.get("tag_focus")).toBeUndefined();
    expect(operands).toEqual(["a-b_c", "f-g", "-h-i"]);
    expect(normalizeArgv(["--show-from", "a-b"]).values.get("show_from")).toBe("a-b");
  });
});

describe("the command table", () => {
  it("names each command once, aliases included", () => {
    const names = COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("the option table", () => {
  it("names each option once, choices and shorthands included", () => {
    const names = [
      ...OPTIONS.flatMap((spec) =>
        spec.type === "choice" && !("isWritten" in spec)
          ? [spec.name, ...spec.choices.map(({ name }) => name)]
          : [spec.name],
      ),
      ...SAMPLE_SHORTHANDS.map(({ name }) => name),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it("has help for every option, in a group that is shown", () => {
    for (const spec of OPTIONS) {
      expect(spec.summary).toMatch(/^[A-Za-z].{10,}[^.]$/);
      expect(OPTION_GROUPS).toContain(spec.group);
    }
  });
});
