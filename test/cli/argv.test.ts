import { describe, expect, it } from "vitest";
import { normalizeArgv } from "../../src/cli/argv.js";
import { type Request, toRequest } from "../../src/cli/request.js";
import { commandSpec } from "../../src/options/commands.js";
import { OPTION_GROUPS } from "../../src/options/spec.js";
import { defaultOptions, OPTIONS, SAMPLE_SHORTHANDS } from "../../src/options/table.js";
import { UsageError } from "../../src/session/errors.js";

function request(...argv: string[]): Request {
  const made = toRequest(normalizeArgv(argv));
  if (!made) throw new Error("no request");
  return made;
}

describe("both grammars make the same request", () => {
  const expected = {
    command: commandSpec("top"),
    serves: false,
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
    expect(() => normalizeArgv(["-peek=a", "-list=a", "f"])).toThrow(/one report only/);
    expect(() => normalizeArgv(["-peek=a", "-top", "f"])).toThrow(/one report only/);
  });
});

describe("values", () => {
  it("may begin with a dash when they come after a space", () => {
    expect(request("top", "-sample_index", "-1", "f").options.sample_index).toBe("-1");
  });

  it("of switches need an equals sign", () => {
    expect(request("top", "-trim=false", "f").options.trim).toBe(false);
    expect(request("top", "-mean", "false").sources).toEqual(["false"]);
  });

  it("may be empty", () => {
    expect(request("top", "-focus=", "f").options.focus).toBe("");
  });

  it.each([
    ["-nodecount=abc", /-nodecount wants a whole number, not "abc"/],
    ["-nodecount=1.5", /whole number/],
    ["-nodefraction=x", /-nodefraction wants a number/],
    ["-nodefraction=", /-nodefraction wants a number/],
    ["-nodefraction=0x10", /-nodefraction wants a number/],
    ["-nodefraction= 1", /-nodefraction wants a number/],
    ["-trim=maybe", /-trim wants true or false/],
    ["-cum=maybe", /-cum wants true or false/],
    ["-sort=size", /-sort wants one of flat, cum/],
  ])("such as %s are refused", (word, message) => {
    expect(() => request("top", word, "f")).toThrow(UsageError);
    expect(() => request("top", word, "f")).toThrow(message);
  });

  it("that are missing are asked for", () => {
    expect(() => request("top", "f", "-focus")).toThrow(/-focus needs a value/);
  });
});

describe("switches", () => {
  it("may be taken back", () => {
    expect(request("top", "-cum", "-cum=false", "f").options.sort).toBe("flat");
    expect(request("top", "-lines", "-files", "-lines=no", "f").options.granularity).toBe("files");
    const { options } = request("top", "-inuse_space", "-inuse_space=false", "f");
    expect(options.sample_index).toBe("");
  });

  it("need a name", () => {
    expect(() => request("top", "-=x", "f")).toThrow(/-=x has no name/);
  });
});

describe("what cannot be together", () => {
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

  it("lose against -sample_index and against earlier ones, with a warning", () => {
    const { options, warnings } = request("top", "-inuse_space", "-alloc_space", "f");
    expect(options.sample_index).toBe("inuse_space");
    expect(warnings).toEqual(["-alloc_space is ignored, since another value was selected"]);
    expect(request("top", "-alloc_space", "-sample_index=1", "f").options.sample_index).toBe("1");
  });
});

describe("operands", () => {
  it("are - and everything behind --", () => {
    expect(request("top", "-").sources).toEqual(["-"]);
    expect(request("top", "--", "-cum").sources).toEqual(["-cum"]);
  });

  it("may be called like a command, once there is one", () => {
    expect(request("-top", "top").sources).toEqual(["top"]);
  });

  it("may hold the command even behind --", () => {
    expect(request("--", "top", "f").sources).toEqual(["f"]);
  });

  it("are needed", () => {
    expect(toRequest(normalizeArgv(["top"]))).toBeUndefined();
  });
});

describe("the option table", () => {
  it("names each option once, choices and shorthands included", () => {
    const names = [
      ...OPTIONS.flatMap((spec) =>
        spec.type === "choice" ? [spec.name, ...spec.choices.map(({ name }) => name)] : [spec.name],
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
