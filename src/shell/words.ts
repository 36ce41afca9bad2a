export type Entry = readonly [string, string];

/** A command of the shell that does not make a report. */
export interface ShellWord {
  readonly name: "options" | "config" | "help" | "quit";
  readonly aliases: readonly string[];
  readonly summary: string;
  /** The usage line, and the meanings of its forms. */
  readonly usage: readonly [string, ...Entry[]];
}

export const SHELL_WORDS: readonly ShellWord[] = [
  {
    name: "options",
    aliases: ["o"],
    summary: "The options and their values",
    usage: [
      "options",
      ["NAME=VALUE", "sets an option"],
      ["NAME", "switches an option on, or selects a choice (lines, cum)"],
    ],
  },
  {
    name: "config",
    aliases: [],
    summary: "Named options, shared with the web interface and with pprof",
    usage: [
      "config [save|load|delete NAME]",
      ["config", "lists the saved options"],
      ["config save NAME", "saves the current options"],
      ["config load NAME", "sets the options to the saved values"],
      ["config delete NAME", "deletes the saved options"],
    ],
  },
  {
    name: "help",
    aliases: [],
    summary: "This text, or the help for a name",
    usage: ["help [NAME]"],
  },
  {
    name: "quit",
    aliases: ["exit", "q"],
    summary: "Ends the shell, as Ctrl-D does",
    usage: ["quit"],
  },
];

/** Returns the command with this name or alias. */
export function shellWordNamed(text: string): ShellWord | undefined {
  return SHELL_WORDS.find(({ name, aliases }) => [name, ...aliases].includes(text));
}
