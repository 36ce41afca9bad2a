import { viewerOf } from "../options/commands.js";
import type { Options } from "../options/table.js";
import { expandHome } from "../platform/paths.js";
import type { ReportRequest } from "../session/request.js";
import type { Session } from "../session/session.js";
import { type Destination, showReport } from "../session/show/show.js";
import { oneLine } from "../terminal/fit.js";
import { selectSampleValue } from "../view/sample-value.js";
import { parseLine, type ShellCommand, withArguments } from "./command-line.js";
import { ShellConfigs } from "./configs.js";
import { helpText } from "./help.js";
import { inShellWords } from "./messages.js";
import { shortcutsFor } from "./shortcuts.js";
import { type Assignment, assign } from "./variables.js";

/** How a shell talks with whoever gives it commands. */
export interface ShellUi {
  /** Takes a line about what was done or went wrong. */
  tell(line: string): void;
  /** Of what explains, in columns. */
  readonly width: number;
  /** Takes a text that was asked for, such as help. */
  explain(text: string): Promise<void>;
  /** The options as text, for those who asked for them. */
  listOptions(options: Options, sampleTypes: readonly string[], sampleType: string): string;
  /** Where a report goes that has no place of its own. */
  readonly screen: Destination;
  readonly compute: <T>(work: () => T) => T;
}

/** What comes after a line. */
export type Outcome = "continue" | "quit";

/**
 * Runs commands on a profile, with options that last from one to the next. Knows nothing
 * of keys and screens.
 */
export class Shell {
  readonly #session: Session;
  readonly #ui: ShellUi;
  readonly configs: ShellConfigs;
  readonly sampleTypes: readonly string[];
  readonly #shortcuts: ReturnType<typeof shortcutsFor>;
  #options: Options;

  constructor(session: Session, options: Options, ui: ShellUi) {
    const { sampleTypes, strings } = session.profile;
    this.#session = session;
    this.#ui = ui;
    this.configs = new ShellConfigs(process.env, process.platform);
    this.sampleTypes = sampleTypes.map(({ type }) => strings.get(type));
    this.#shortcuts = shortcutsFor(this.sampleTypes);
    // What a profile is does not change from one report to the next: it is told once.
    this.#options = { ...options, compact_labels: true };
  }

  get options(): Options {
    return this.#options;
  }

  /** The type of the value that reports are about; what was asked for where there is none. */
  get sampleType(): string {
    const { sample_index: selection } = this.#options;
    try {
      return this.sampleTypes[selectSampleValue(this.#session.profile, selection, false).index];
    } catch {
      return selection;
    }
  }

  /** The lines to print before the first command. Text from the profile does not add lines. */
  greeting(): string {
    const lines: string[] = [];
    try {
      const { lines: legend, total } = this.#session.legend(this.#options);
      lines.push(...legend.map(oneLine));
      if (total === 0 && this.sampleTypes.length > 1) {
        lines.push(
          "No samples were found with the default sample value type.",
          'Try "sample_index" command to analyze different sample values.',
          "",
        );
      }
    } catch {
      // Whatever is wrong with the options is told by the first report.
    }
    lines.push('Entering interactive mode (type "help" for commands, "o" for options)');
    return lines.join("\n");
  }

  /** Runs a line; throws an Error of one line where that cannot be done. */
  async run(line: string): Promise<Outcome> {
    for (const expanded of this.#shortcuts.get(line.trim()) ?? [line]) {
      if ((await this.#do(parseLine(expanded))) === "quit") return "quit";
    }
    return "continue";
  }

  async #do(command: ShellCommand): Promise<Outcome> {
    switch (command.kind) {
      case "nothing":
        break;
      case "quit":
        return "quit";
      case "help":
        await this.#ui.explain(helpText(command.topic, this.#ui.width));
        break;
      case "options":
        await this.#ui.explain(
          this.#ui.listOptions(this.#options, this.sampleTypes, this.sampleType),
        );
        break;
      case "configs":
        this.#options = this.configs.run(command.words, this.#options, this.#ui.tell);
        break;
      case "assign":
        this.#assign(command.assignment);
        break;
      case "report": {
        const { command: spec, parameter, arguments: words } = command;
        const options = withArguments(this.#options, spec, words);
        const isLimited = words.nodeCount === undefined && this.#options.nodecount === -1;
        await this.#report({ command: spec, parameter, options }, isLimited);
        break;
      }
    }
    return "continue";
  }

  #assign(assignment: Assignment): void {
    const options = assign(this.#options, assignment);
    if (assignment.name === "source_path") {
      options.source_path = expandHome(options.source_path, process.env);
    }
    if (assignment.name === "normalize") {
      this.#ui.tell("normalize counts when profiles are read: start tsprof with -normalize");
    }
    if (assignment.name === "sample_index") {
      const { index } = selectSampleValue(this.#session.profile, options.sample_index, false);
      options.sample_index = this.sampleTypes[index];
    }
    this.#options = options;
  }

  /** `isLimited` says that nobody asked for the number of rows. */
  async #report(request: ReportRequest, isLimited: boolean): Promise<void> {
    const { tell, compute } = this.#ui;
    const warn = (line: string) => tell(inShellWords(line));
    const report = await this.#session.report(request, { warn, compute });
    const destination = this.#destinationOf(request, isLimited);
    if (destination.to === "file") tell(`Generating report in ${destination.path}`);
    const file = await showReport(report, destination, { warn, compute });
    if (destination.to === "newFile") tell(`Generating report in ${file}`);
  }

  /** As in pprof, what no person can read never goes to the screen, whatever that is. */
  #destinationOf({ command, options }: ReportRequest, isLimited: boolean): Destination {
    const { output } = options;
    if (output !== "") return { to: "file", path: expandHome(output, process.env) };
    const viewer = viewerOf(command) ?? command.shownBy;
    if (viewer) return { to: "viewer", viewer };
    if (command.fileEnding) return { to: "newFile", ending: command.fileEnding };
    const { screen } = this.#ui;
    if (screen.to !== "terminal" || command.isWhole || !isLimited) return screen;
    return { ...screen, rest: `${command.name} 0 shows all` };
  }
}
