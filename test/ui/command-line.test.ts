import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { normalizeArgv } from "../../src/cli/argv.js";
import { defaultOptions, type Options } from "../../src/options/table.js";
import { type CommandLineRequest, commandLine } from "../../src/ui/command-line.js";

const options = (changes: Partial<Options>): Options => ({ ...defaultOptions(), ...changes });

const from = (...files: string[]) => ({ files, base: "", diff_base: "", normalize: false });

/** Splits the command into words, as a shell does. */
function words(request: CommandLineRequest): string[] {
  const line = commandLine(request);
  const script = `tsprof() { printf '%s\\0' "$@"; }; ${line}`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

describe("the command line for a report", () => {
  it("contains the options that differ from their defaults", () => {
    const plain = options({});
    const sources = from("a.pb.gz", "-");
    expect(commandLine({ report: "top", options: plain, sources })).toBe("tsprof top a.pb.gz -");
    expect(commandLine({ report: "list", options: plain, sources: from("a") })).toBe(
      "tsprof list REGEX a",
    );
    const changed = options({ focus: "json|xml", sort: "cum", trim: false, noinlines: true });
    expect(commandLine({ report: "top", options: changed, sources: from("cpu.pb.gz") })).toBe(
      "tsprof top '-focus=json|xml' -noinlines -cum -trim=false cpu.pb.gz",
    );
    const output = options({ output: "x", nodecount: 7, tagfocus: "k=a" });
    const compared = { ...from("new.pb"), diff_base: "old.pb", normalize: true };
    const request = { options: output, pattern: "^main$", sources: compared };
    expect(commandLine({ report: "peek", ...request })).toBe(
      "tsprof peek -diff_base=old.pb -normalize -tagfocus=k=a -nodecount=7 '^main$' new.pb",
    );
  });

  it("contains no options for servers", () => {
    const secret = options({ header: ["Authorization: Bearer secret"], tls_key: "key.pem" });
    expect(commandLine({ report: "raw", options: secret, sources: from("a") })).toBe(
      "tsprof raw a",
    );
  });

  it("is a single shell command for any pattern and name", () => {
    const hostile = ['it\'s; $(reboot) `id` \\ "x"', "a\nb\x1b[31m\\'c\u202e", "-rm", "~/*?!#"];
    for (const text of hostile) {
      const request = {
        report: "peek",
        options: options({ focus: text }),
        pattern: text,
        sources: from(text),
      } as const;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not reach a terminal
      expect(commandLine(request)).not.toMatch(/[\x00-\x1f\u202e]/);
      const { command, parameter, values, operands } = normalizeArgv(words(request));
      const given = parameter === undefined ? operands : ["peek", parameter, ...operands];
      expect([command?.name ?? given[0], given[1], values.get("focus")]).toEqual([
        "peek",
        text,
        text,
      ]);
      expect(given.slice(2)).toEqual([text.startsWith("-") ? `./${text}` : text]);
    }
  });
});
