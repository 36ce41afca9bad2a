/** A name, and what it means. */
export type Entry = readonly [string, string];

/** A word of the shell that neither makes a report nor is a variable. */
export interface ShellWord {
  readonly name: "options" | "config" | "help" | "quit";
  readonly aliases: readonly string[];
  readonly summary: string;
  /** How to write it, and what that means. */
  readonly usage: readonly [string, ...Entry[]];
}

/** In the order that help has them. */
export const SHELL_WORDS: readonly ShellWord[] = [
  {
    name: "options",
    aliases: ["o"],
    summary: "The options and their values",
    usage: [
      "options",
      ["NAME=VALUE", "sets an option"],
      ["NAME", "switches one on, or chooses between several (lines, cum)"],
    ],
  },
  {
    name: "config",
    aliases: [],
    summary: "Options under a name, shared with the web interface and with pprof",
    usage: [
      "config [save|load|delete NAME]",
      ["config", "what is saved"],
      ["config save NAME", "saves the options as they are"],
      ["config load NAME", "sets the options as they were saved"],
      ["config delete NAME", "forgets them"],
    ],
  },
  {
    name: "help",
    aliases: [],
    summary: "This text; with a name, what that does",
    usage: ["help [NAME]"],
  },
  {
    name: "quit",
    aliases: ["exit", "q"],
    summary: "Ends the shell, as Ctrl-D does",
    usage: ["quit"],
  },
];

/** The word that is meant by itself or by a short form. */
export function shellWordNamed(text: string): ShellWord | undefined {
  return SHELL_WORDS.find(({ name, aliases }) => [name, ...aliases].includes(text));
}
