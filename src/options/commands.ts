/** A report that can be asked for: `tsprof NAME`, or `tsprof -NAME` as in pprof. */
export interface CommandSpec {
  readonly name: string;
  readonly aliases: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
  /** A few sentences for `tsprof help NAME`. */
  readonly description: string;
  readonly examples: readonly { readonly line: string; readonly meaning: string }[];
}

export const COMMANDS = [
  {
    name: "top",
    aliases: ["text"],
    summary: "The places that take the most, as a table",
    description:
      "Lists functions (or lines, files, addresses) by what they take: flat is the place itself, " +
      "cum is the place with all that it calls, sum% adds flat% up from the top.",
    examples: [
      { line: "tsprof top cpu.pprof", meaning: "where the CPU time went" },
      { line: "tsprof top -cum -nodecount=20 cpu.pprof", meaning: "the 20 heaviest callers" },
      { line: "tsprof top -inuse_objects -lines heap.pprof", meaning: "lines by live objects" },
      { line: "tsprof top -focus='json' -hide='^runtime' cpu.pprof", meaning: "a part of it" },
      { line: "tsprof top -tagfocus=tenant=acme cpu.pprof", meaning: "samples with a label" },
      { line: "cat cpu.pprof | tsprof top -", meaning: "from standard input" },
    ],
  },
] as const satisfies readonly CommandSpec[];

export type CommandName = (typeof COMMANDS)[number]["name"];
