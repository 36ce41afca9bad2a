import { describe, expect, it } from "vitest";
import { normalizeArgv } from "../../src/cli/argv.js";
import { toRequest } from "../../src/cli/request.js";
import { UserError } from "../../src/errors/user-error.js";
import { applicabilityOf, ownersOf, unusedOptions } from "../../src/options/applicability.js";
import {
  COMMANDS,
  type Command,
  commandNamed,
  REPORT_COMMANDS,
  type ReportCommand,
} from "../../src/options/commands.js";
import { type OptionSpec, parseOption } from "../../src/options/spec.js";
import { defaultOptions, OPTIONS, type Options } from "../../src/options/table.js";
import { Session } from "../../src/session/session.js";

const SPECS: readonly OptionSpec[] = OPTIONS;

function option(name: string): OptionSpec {
  const spec = SPECS.find((candidate) => candidate.name === name);
  if (!spec) throw new Error(`no option ${name}`);
  return spec;
}

function command(name: string): Command {
  const spec = commandNamed(name);
  if (!spec) throw new Error(`no command ${name}`);
  return spec;
}

/** Values that change the reports in which an option matters. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  sample_index: ["0"],
  mean: ["true"],
  divide_by: ["2"],
  drop_negative: ["true"],
  relative_percentages: ["true"],
  focus: ["a"],
  ignore: ["a"],
  show: ["a"],
  hide: ["a"],
  show_from: ["a"],
  prune_from: ["a"],
  noinlines: ["true"],
  tagfocus: ["south", "4kb:"],
  tagignore: ["south", "4kb:"],
  tagshow: ["x"],
  taghide: ["region", "bytes"],
  tagroot: ["region", "bytes"],
  tagleaf: ["region", "bytes"],
  granularity: ["files", "lines", "addresses"],
  showcolumns: ["true"],
  call_tree: ["true"],
  sort: ["cum"],
  nodecount: ["3"],
  nodefraction: ["0.3"],
  edgefraction: ["0.3"],
  trim: ["false"],
  unit: ["hrs", "gb"],
  compact_labels: ["true"],
  source_path: ["fixtures/programs/go"],
  trim_path: ["example.com/orders"],
  intel_syntax: ["true"],
};

/** Reports without binaries and pictures; pictures have the same options as dot. */
const AS_TEXT = REPORT_COMMANDS.filter(
  ({ name, report }) =>
    name === report && !["disasm", "weblist", "svg", "png", "pdf", "ps", "gif"].includes(name),
);

async function textOf(
  session: Session,
  spec: ReportCommand,
  options: Options,
): Promise<string | undefined> {
  const request = { command: spec, parameter: spec.parameter && "a", options };
  const client = { warn: () => {}, compute: <T>(work: () => T) => work() };
  const made = (await session.report(request, client)).text();
  const pieces = typeof made === "string" ? [made] : made;
  let text = "";
  for await (const piece of pieces) {
    text += typeof piece === "string" ? piece : Buffer.from(piece).toString("latin1");
  }
  // Reports list tag filters even if they have no other effect.
  return text.replace(/^Active filters:\n( {3}.*\n)+/m, "");
}

describe("an option that is ignored in a report", () => {
  it.each(["fixtures/go-cpu.pb.gz", "fixtures/go-heap.pb.gz", "fixtures/cpp-cpu-demangled.pb.gz"])(
    "changes nothing in it: %s",
    { timeout: 60_000 },
    async (file) => {
      const session = await Session.open({ sources: [file], options: defaultOptions() }, () => {});
      const changed: string[] = [];
      for (const spec of AS_TEXT) {
        const ignored = Object.entries(VALUES).filter(
          ([name]) => applicabilityOf(option(name), spec) === "ignored",
        );
        if (ignored.length === 0) continue;
        const before = await textOf(session, spec, defaultOptions());
        for (const [name, values] of ignored) {
          for (const value of values) {
            const options = { ...defaultOptions(), [name]: parseOption(option(name), value) };
            const after = await textOf(session, spec, options);
            if (after !== before) changed.push(`${spec.name} -${name}=${value}`);
          }
        }
      }
      expect(changed).toEqual([]);
    },
  );
});

describe("applicabilityOf", () => {
  it.each([
    ["top", "nodecount", "applies"],
    ["top", "call_tree", "ignored"],
    ["top", "edgefraction", "applies"],
    ["web", "call_tree", "applies"],
    ["comments", "focus", "ignored"],
    ["top", "target", "refused"],
    ["top", "fail_on", "refused"],
    ["convert", "target", "applies"],
    ["convert", "to", "applies"],
    ["flame", "embed_sources", "refused"],
    ["html", "embed_sources", "applies"],
    ["diff", "call_tree", "refused"],
    ["diff", "alpha", "applies"],
    ["serve", "output", "refused"],
    ["serve", "no_browser", "applies"],
    ["info", "focus", "refused"],
    ["record", "heap", "applies"],
    ["help", "focus", "refused"],
  ])("%s -%s: %s", (name, optionName, expected) => {
    expect(applicabilityOf(option(optionName), command(name))).toBe(expected);
  });

  it("never refuses an option that pprof accepts with the same report", () => {
    const pprofs = [...Object.keys(VALUES), "base", "diff_base", "normalize", "symbolize", "tools"];
    const own = ["flame", "folded", "convert", "html"];
    for (const spec of REPORT_COMMANDS.filter(({ name }) => !own.includes(name))) {
      for (const name of pprofs) {
        expect(applicabilityOf(option(name), spec), `${spec.name} -${name}`).not.toBe("refused");
      }
    }
  });

  it("lets some command use each option", () => {
    for (const spec of SPECS) {
      const takers = COMMANDS.filter((taker) => applicabilityOf(spec, taker) === "applies");
      expect(takers, spec.name).not.toEqual([]);
    }
  });

  it("hides choices and shorthands with their option", () => {
    expect(unusedOptions(command("list"))).toEqual(
      expect.arrayContaining(["granularity", "lines", "files", "sort", "cum"]),
    );
    expect(unusedOptions(command("raw"))).toContain("inuse_space");
    expect(unusedOptions(command("top"))).not.toContain("inuse_space");
  });

  it("names the few commands that an option is for", () => {
    expect(ownersOf(option("target"))).toEqual(["convert"]);
    expect(ownersOf(option("alpha"))).toEqual(["diff"]);
    expect(ownersOf(option("pid"))).toEqual(["record", "leak"]);
    expect(ownersOf(option("nodecount"))).toEqual([]);
  });
});

describe("a command line", () => {
  const request = (line: string) => toRequest(normalizeArgv(line.split(" ")));

  it.each([
    ["top -to speedscope f", "-to is for tsprof convert"],
    ["-top -to=speedscope f", "-to is for tsprof convert"],
    ["flame -embed_sources=false f", "-embed_sources is for tsprof html"],
    ["top -interval=1ms f", "-interval is for tsprof record and leak"],
    ["diff -call_tree a b", "diff does not take -call_tree; see: tsprof help diff"],
    ["serve -o page.html f", "serve does not take -output; see: tsprof help serve"],
    ["comments -source_maps f", "comments does not take -source_maps; see: tsprof help comments"],
  ])("with an option of another command is refused: %s", (line, message) => {
    expect(() => request(line)).toThrow(UserError);
    expect(() => request(line)).toThrow(message);
  });

  it.each([
    "-top -call_tree f",
    "top -call_tree f",
    "-raw -nodecount=5 -cum f",
    "-comments -focus=x f",
    "-tags -edgefraction=0.1 -lines f",
    // The shell has all reports.
    "-to=folded -embed_sources=false -call_tree ./f",
    "-http=: -call_tree -nodecount=5 f",
  ])("of pprof is accepted: %s", (line) => {
    expect(request(line)).toBeDefined();
  });
});
