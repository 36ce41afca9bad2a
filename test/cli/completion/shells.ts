import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../support/proto.js";
import { runProgram } from "../../support/run.js";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

export interface Offer {
  /** The whole word, including the typed part. */
  word: string;
  /** The description; empty if the shell shows none. */
  summary: string;
}

/**
 * What a shell offers for each of the command lines when tab is pressed at their end, in
 * no order. `script` is its completion script. `folder` is where it all happens, with
 * files that can be offered in `files`.
 */
export async function offersOf(
  shell: Shell,
  script: string,
  lines: readonly string[],
  folder: string,
): Promise<Offer[][]> {
  const file = path.join(folder, `tsprof.${shell}`);
  writeFileSync(file, script);
  const offers = await DRIVERS[shell](file, lines, folder);
  return offers.map((line) => line.map(({ word, summary }) => ({ word: bare(word), summary })));
}

/** Removes the slash that some shells put behind folders. */
const bare = (word: string) => word.replace(/\/$/, "");

type Driver = (script: string, lines: readonly string[], folder: string) => Promise<Offer[][]>;

/** An environment with a fixed locale, and without settings of the user. */
const environment = (folder: string) => ({
  LC_ALL: "C.UTF-8",
  TERM: "dumb",
  HOME: folder,
  XDG_CONFIG_HOME: folder,
  XDG_DATA_HOME: folder,
});

/**
 * Types into an interactive bash, where M-* inserts all that is offered; `tsprof` is a
 * function that says what it was called with.
 */
const bash: Driver = async (script, lines, folder) => {
  const input = [
    `source '${script}'`,
    'tsprof() { printf "%s\\n" "$@" end >&3; }',
    ...lines.map((line) => `${line}\u001b*`),
    "",
  ].join("\n");
  const { stdout } = await runProgram(
    "bash",
    ["-c", "exec bash --norc --noprofile -i 3>&1 >/dev/null 2>&1"],
    { input, cwd: path.join(folder, "files"), env: environment(folder), detached: true },
  );
  const calls = stdout.split("end\n").slice(0, -1);
  if (calls.length !== lines.length) throw new Error(`bash did not take all lines: ${stdout}`);
  return calls.map((call, i) => {
    const before = lines[i].split(" ").slice(1);
    const typed = before.pop() as string;
    const [first, ...others] = call.split("\n").slice(before.length, -1);
    // The typed text stays unchanged if there is no offer.
    if (first === undefined || first === typed) return [];
    // Readline replaces and repeats only the part behind the last = or :.
    const kept = typed.replace(/[^=:]*$/, "");
    return [first, ...others.map((word) => kept + word)].map((word) => ({ word, summary: "" }));
  });
};

const zsh: Driver = async (script, lines, folder) => {
  const [typed, out] = [path.join(folder, "zsh.lines"), path.join(folder, "zsh.out")];
  writeFileSync(typed, lines.join("\n"));
  const { stderr } = await runProgram(
    "zsh",
    ["-f", path.join(ROOT, "test/cli/completion/offers.zsh"), script, typed, out],
    { cwd: path.join(folder, "files"), env: environment(folder), detached: true },
  );
  if (stderr !== "") throw new Error(stderr);
  const offers: Offer[][] = lines.map(() => []);
  for (const line of readFileSync(out, "utf8").split("\n").filter(Boolean)) {
    const [number, word, shown] = line.split("\t");
    const known = offers[Number(number)];
    const summary = shown.split(/ +-- /).slice(1).join(" -- ");
    if (!known.some((offer) => offer.word === word)) known.push({ word, summary });
  }
  return offers;
};

const fish: Driver = async (script, lines, folder) => {
  const { stdout, stderr } = await runProgram(
    "fish",
    [
      "--no-config",
      "-c",
      "source $argv[1]; for line in $argv[2..]; complete -C $line; echo end; end",
      script,
      ...lines,
    ],
    { cwd: path.join(folder, "files"), env: environment(folder), detached: true },
  );
  if (stderr !== "") throw new Error(stderr);
  const answers = stdout.split(/^end\n/m).slice(0, -1);
  return answers.map((answer, i) =>
    answer
      .split("\n")
      // If no offer begins with the typed text, fish searches for its letters anywhere, even
      // in descriptions.
      .filter((line) => line !== "" && line.startsWith(lines[i].split(" ").at(-1) as string))
      .map((line) => {
        const [word, summary = ""] = line.split("\t");
        return { word, summary };
      }),
  );
};

const DRIVERS: Record<Shell, Driver> = { bash, zsh, fish };
