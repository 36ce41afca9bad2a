import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { completionScript, SCRIPTS } from "../../../src/cli/completion/index.js";
import { completionModel } from "../../../src/cli/completion/model.js";
import { unusedOptions } from "../../../src/options/applicability.js";
import {
  COMMANDS,
  type Command,
  commandNamed,
  REPORT_COMMANDS,
} from "../../../src/options/commands.js";
import { OPTIONS, SAMPLE_SHORTHANDS } from "../../../src/options/table.js";
import { runProgram, tsprof } from "../../support/run.js";
import { offersOf, SHELLS } from "./shells.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-completion-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(path.join(folder, "files/folder"), { recursive: true });
for (const name of ["data.pb.gz", "with space.pb"]) {
  writeFileSync(path.join(folder, "files", name), "");
}
const FILES = ["data.pb.gz", "folder", "with space.pb"];

const ALL_COMMANDS = COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]);

/** Command lines up to the cursor, and the words that are offered there. */
const OFFERED: [string, string[]][] = [
  ["tsprof ", ALL_COMMANDS],
  ["tsprof t", ALL_COMMANDS.filter((name) => name.startsWith("t"))],
  ["tsprof comp", ["completion"]],
  ["tsprof da", ["data.pb.gz"]],
  // Options, with one dash and two.
  ["tsprof top -fo", ["-focus=", "-format="]],
  ["tsprof top --fo", ["--focus=", "--format="]],
  ["tsprof top -show_f", ["-show_from="]],
  ["tsprof top -show-f", ["-show-from="]],
  ["tsprof top --show-f", ["--show-from="]],
  ["tsprof top -cu", ["-cum"]],
  ["tsprof top -lin", ["-lines"]],
  ["tsprof top -mean_", ["-mean_delay"]],
  ["tsprof top -tri", ["-trim=", "-trim_path="]],
  ["tsprof top data.pb.gz -nodec", ["-nodecount="]],
  ["tsprof top -hel", ["-help"]],
  ["tsprof completion -hel", ["-help"]],
  // Reports as options, before any other report.
  ["tsprof -callg", ["-callgrind"]],
  ["tsprof --callg", ["--callgrind"]],
  ["tsprof -peek", ["-peek="]],
  ["tsprof data.pb.gz -callg", ["-callgrind"]],
  ["tsprof -vers", ["-version"]],
  ["tsprof top -versi", []],
  ["tsprof -top -versi", []],
  ["tsprof -top -fo", ["-focus=", "-format="]],
  // Values behind = or in the next word.
  ["tsprof top -sort=", ["-sort=flat", "-sort=cum"]],
  ["tsprof top --granularity=fi", ["--granularity=files", "--granularity=filefunctions"]],
  ["tsprof top -unit=mi", ["-unit=minimum"]],
  ["tsprof top -unit mi", ["minimum"]],
  ["tsprof top -normalize=", ["-normalize=true", "-normalize=false"]],
  ["tsprof top -lines=t", ["-lines=true"]],
  ["tsprof -top=f", ["-top=false"]],
  ["tsprof top -sample-index=inuse_s", ["-sample-index=inuse_space"]],
  ["tsprof top -symbolize=demangle=f", ["-symbolize=demangle=full"]],
  ["tsprof top -symbolize demangle=f", ["demangle=full"]],
  ["tsprof top -focus=da", []],
  ["tsprof top -focus da", []],
  ["tsprof top -nosuch=da", []],
  // Only options that have an effect in the command.
  ["tsprof top -call", []],
  ["tsprof dot -call", ["-call_tree"]],
  ["tsprof raw -lin", []],
  [
    "tsprof -convert -t",
    ["-tagfocus=", "-tagignore=", "-tagshow=", "-taghide=", "-tagroot="].concat([
      "-target=",
      "-tagleaf=",
      "-to=",
      "-tools=",
      "-timeout=",
      "-tls_cert=",
      "-tls_key=",
      "-tls_ca=",
      "-total_delay",
    ]),
  ],
  // Files.
  ["tsprof top ", FILES],
  ["tsprof top wi", ["with space.pb"]],
  ["tsprof top -cum da", ["data.pb.gz"]],
  ["tsprof top -focus x da", ["data.pb.gz"]],
  ["tsprof top -seconds 5 da", ["data.pb.gz"]],
  ["tsprof top data.pb.gz da", ["data.pb.gz"]],
  ["tsprof top -- da", ["data.pb.gz"]],
  ["tsprof top - da", ["data.pb.gz"]],
  ["tsprof -top da", ["data.pb.gz"]],
  ["tsprof top -output=da", ["-output=data.pb.gz"]],
  ["tsprof top -output da", ["data.pb.gz"]],
  ["tsprof top -o da", ["data.pb.gz"]],
  ["tsprof top -o=da", ["-o=data.pb.gz"]],
  ["tsprof top -n 5 da", ["data.pb.gz"]],
  ["tsprof peek -n 5 da", []],
  ["tsprof top -base=da", ["-base=data.pb.gz"]],
  ["tsprof top -diff-base da", ["data.pb.gz"]],
  ["tsprof top -source_path=fo", ["-source_path=folder"]],
  ["tsprof top -source_path=x:fo", ["-source_path=x:folder"]],
  // The pattern of a report comes first, unless it is a value.
  ["tsprof peek ", []],
  ["tsprof peek da", []],
  ["tsprof list -focus x da", []],
  ["tsprof peek x da", ["data.pb.gz"]],
  ["tsprof -peek=x da", ["data.pb.gz"]],
  ["tsprof -peek x da", ["data.pb.gz"]],
  ["tsprof -peek da", []],
  // Commands that make no report.
  ["tsprof help ", ALL_COMMANDS],
  ["tsprof help ra", ["raw"]],
  ["tsprof help top da", []],
  ["tsprof completion ", [...SHELLS]],
  ["tsprof completion bash da", []],
  ["tsprof version da", []],
  ["tsprof ver", ["version"]],
];

/** Every option as offered: `-name`, or `-name=` if it needs a value. */
const optionWords = (dash: string, idle: readonly string[] = []) =>
  [...OPTIONS, ...SAMPLE_SHORTHANDS]
    .filter(({ name }) => !idle.includes(name))
    .flatMap((spec) => {
      const choices =
        "choices" in spec && !("isWritten" in spec) ? spec.choices.map(({ name }) => name) : [];
      const isSwitch = !("type" in spec) || (spec.type === "bool" && !spec.default);
      return [isSwitch ? spec.name : `${spec.name}=`, ...choices].map((name) => dash + name);
    });

const sorted = (words: readonly string[]) => [...words].sort();
const wordsOf = (offers: readonly { word: string }[]) => sorted(offers.map(({ word }) => word));

describe.each(SHELLS)("completion in %s", (shell) => {
  it("offers the words that can follow", async () => {
    const lines = OFFERED.map(([line]) => line);
    const offers = await offersOf(shell, completionScript([shell]), lines, folder);
    const found = lines.map((line, i) => [line, wordsOf(offers[i])]);
    expect(found).toEqual(OFFERED.map(([line, words]) => [line, sorted(words)]));
  });

  it("offers every option and report, and with a command only its own options", async () => {
    const lines = [
      "tsprof top -",
      "tsprof text --",
      "tsprof -raw -",
      "tsprof info -",
      "tsprof diff -",
      "tsprof -",
    ];
    const offers = await offersOf(shell, completionScript([shell]), lines, folder);
    const none = offers.pop() ?? [];
    const idle = ["top", "top", "raw", "info", "diff"].map((name) =>
      unusedOptions(commandNamed(name) as Command),
    );
    expect(idle[0]).toContain("call_tree");
    expect(idle[0]).toContain("target");
    expect(idle[3]).toContain("inuse_space");
    expect(offers.map(wordsOf)).toEqual(
      idle.map((names, i) => {
        const dash = i === 1 ? "--" : "-";
        return sorted([...optionWords(dash, names), `${dash}help`]);
      }),
    );
    const reports = REPORT_COMMANDS.flatMap(({ name, aliases, ...spec }) =>
      [name, ...aliases].map((word) => ("parameter" in spec ? `-${word}=` : `-${word}`)),
    );
    // `record` has an option with the name of a report: -html.
    const all = new Set([...optionWords("-"), ...reports, "-help", "-version"]);
    expect(wordsOf(none)).toEqual(sorted([...all]));
  });

  it("shows summaries with any characters", async () => {
    // Summaries are shown unchanged if no character is special in a shell.
    const hostile = `it's "a" [b:c] \`touch ran\` $(touch ran) $HOME \\ \\\\ \\n %F{red} %s # ! ~ * ; | & é`;
    const model = completionModel([{ name: shell, summary: hostile }], {
      commands: [
        {
          kind: "report",
          name: "top",
          report: "top",
          aliases: ["newer"],
          nodeCount: 0,
          parameter: "REGEX",
          summary: `${hostile} 1`,
          description: "",
          examples: [],
        },
        {
          kind: "tool",
          name: "completion",
          aliases: [],
          operand: "shell",
          summary: `${hostile} 2`,
        },
      ],
      options: [
        {
          name: "quoted",
          type: "text",
          default: "",
          placeholder: "[%F'`$(x)]",
          group: "Display",
          summary: `${hostile}\n\t3`,
        },
        {
          name: "chosen",
          type: "choice",
          default: "a",
          choices: [{ name: "a", summary: `${hostile} 4` }],
          group: "Display",
          summary: `${hostile} 5`,
        },
        {
          name: "valued",
          type: "text",
          default: "",
          placeholder: "X",
          values: ["a:b", "c"],
          group: "Display",
          summary: hostile,
        },
      ],
      shorthands: [{ name: "short", sampleIndex: "x", mean: false, summary: `${hostile} 6` }],
    });
    const lines = [
      "tsprof top -",
      "tsprof top -chosen=",
      "tsprof c",
      "tsprof completion ",
      "tsprof ne",
    ];
    const more = ["tsprof top -valued=", "tsprof top -quoted=x"];
    const script = SCRIPTS[shell](model);
    const offers = await offersOf(shell, script, [...lines, ...more], folder);

    expect(offers.map(wordsOf)).toEqual([
      ["-a", "-chosen=", "-help", "-quoted=", "-short", "-valued="],
      ["-chosen=a"],
      ["completion"],
      [shell],
      ["newer"],
      ["-valued=a:b", "-valued=c"],
      [],
    ]);
    if (shell !== "bash") {
      const summaries = new Map(offers.flat().map(({ word, summary }) => [word, summary]));
      expect(Object.fromEntries(summaries)).toMatchObject({
        "-quoted=": `${hostile} 3`,
        "-a": `${hostile} 4`,
        "-chosen=": `${hostile} 5`,
        "-short": `${hostile} 6`,
        "-chosen=a": `${hostile} 4`,
        completion: `${hostile} 2`,
        [shell]: hostile,
      });
    }
    const syntax = await runProgram(shell, ["-n", path.join(folder, `tsprof.${shell}`)]);
    expect(syntax).toEqual({ code: 0, stdout: "", stderr: "" });
    const files = await runProgram("ls", [path.join(folder, "files")]);
    expect(files.stdout).not.toContain("ran");
  });

  it("completes at the tab key if installed as the help says", async () => {
    const home = mkdtempSync(path.join(folder, "home-"));
    const script = path.join(home, shell === "zsh" ? "_tsprof" : "script");
    writeFileSync(script, completionScript([shell]));
    const start = {
      bash: `source ${script}`,
      zsh: `fpath+=(${home}); autoload -Uz compinit; compinit -D -u`,
      fish: `source ${script}`,
    }[shell];
    const options = { bash: "--norc --noprofile", zsh: "-f", fish: "--no-config" }[shell];
    const tmux = async (...args: string[]) =>
      (await runProgram("tmux", ["-S", path.join(home, "socket"), "-f", "/dev/null", ...args]))
        .stdout;
    const screenWith = async (text: string) => {
      for (let i = 0; i < 300; i++) {
        if ((await tmux("capture-pane", "-p")).includes(text)) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`no ${text} on the screen: ${await tmux("capture-pane", "-p")}`);
    };
    const command = `env HOME=${home} TERM=screen ${shell} ${options} -i`;
    await tmux("new-session", "-d", "-x", "120", "-y", "30", command);
    try {
      await tmux("send-keys", `${start}; echo rea''dy`, "Enter");
      await screenWith("ready");
      // The value follows the = directly; a blank follows the name of a switch.
      await tmux("send-keys", "tsprof t", "Tab", "Tab");
      await screenWith("topproto");
      // Not C-c, which discards the keys typed directly after it.
      await tmux("send-keys", "C-u");
      await tmux("send-keys", "tsprof top -foc", "Tab");
      await screenWith("tsprof top -focus=");
      await tmux("send-keys", "main -cu", "Tab", "x");
      await screenWith("tsprof top -focus=main -cum x");
    } finally {
      await tmux("kill-server");
    }
  });

  it("is a script without syntax errors", async () => {
    const { code, stdout, stderr } = await tsprof(["completion", shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(completionScript([shell]));
    const file = path.join(folder, `checked.${shell}`);
    writeFileSync(file, stdout);
    expect(await runProgram(shell, ["-n", file])).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("tsprof completion", () => {
  it.each([
    [
      ["completion"],
      /^tsprof: .*the name of a shell; try: tsprof completion bash \(or zsh, fish\)\n$/,
    ],
    [["completion", "tcsh"], /^tsprof: .*"tcsh"; use one of: bash, zsh, fish\n$/],
    [["completion", "toString"], /^tsprof: .*"toString"; use one of: bash, zsh, fish\n$/],
    [["completion", "bash", "zsh"], /^tsprof: completion takes the name of one shell\n$/],
    [["completion", "bash", "-nosuch"], /^tsprof: unknown option '-nosuch'\n$/],
  ])("refuses %j as misuse", async (args, message) => {
    const { code, stdout, stderr } = await tsprof(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  it("has help about its installation", async () => {
    const explained = await tsprof(["help", "completion"]);
    expect(await tsprof(["completion", "--help"])).toEqual(explained);
    expect(explained.code).toBe(0);
    for (const line of [
      "source <(tsprof completion bash)",
      "source <(tsprof completion zsh)",
      "tsprof completion fish | source",
    ]) {
      expect(explained.stdout).toContain(line);
    }
    for (const line of explained.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect((await tsprof(["help"])).stdout).toContain("completion");
  });
});
