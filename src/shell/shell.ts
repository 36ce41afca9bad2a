import { viewerOf } from "../options/commands.js";
import type { Options } from "../options/table.js";
import { expandHome } from "../platform/files/paths.js";
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

export interface ShellUi {
  /** Shows a message in one line. */
  notify(line: string): void;
  /** The width of help texts in columns. */
  readonly width: number;
  /** Shows a text that the user requested, such as help. */
  explain(text: string): Promise<void>;
  /** Formats the list of options. */
  listOptions(options: Options, sampleTypes: readonly string[], sampleType: string): string;
  /** The default destination of reports. */
  readonly screen: Destination;
  readonly compute: <T>(work: () => T) => T;
}

/** What the shell does after a line. */
export type Outcome = "continue" | "quit";

/** Runs commands on a profile, and keeps the options between them. */
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
    // Only the greeting shows the labels of the profile, not every report.
    this.#options = { ...options, compact_labels: true };
  }

  get options(): Options {
    return this.#options;
  }

  /** The sample type of reports; the value of sample_index, if the profile has no such type. */
  get sampleType(): string {
    const { sample_index: selection } = this.#options;
    try {
      return this.sampleTypes[selectSampleValue(this.#session.profile, selection, false).index];
    } catch {
      return selection;
    }
  }

  /** Returns the lines before the first command. Text from the profile cannot add lines. */
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
      // The first report shows the error in the options.
    }
    lines.push('Entering interactive mode (type "help" for commands, "o" for options)');
    return lines.join("\n");
  }

  /** Runs a line. Throws a {@link UserError} if the line is wrong or the report fails. */
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
        this.#options = this.configs.run(command.words, this.#options, this.#ui.notify);
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
      this.#ui.notify("normalize applies when profiles are read: start tsprof with -normalize");
    }
    if (assignment.name === "sample_index") {
      const { index } = selectSampleValue(this.#session.profile, options.sample_index, false);
      options.sample_index = this.sampleTypes[index];
    }
    this.#options = options;
  }

  /** `isLimited` is set if the user gave no number of rows. */
  async #report(request: ReportRequest, isLimited: boolean): Promise<void> {
    const { notify, compute } = this.#ui;
    const warn = (line: string) => notify(inShellWords(line));
    const destination = this.#destinationOf(request, isLimited);
    const onTerminal = destination.to === "terminal";
    const report = await this.#session.report({ ...request, onTerminal }, { warn, compute });
    if (destination.to === "file") notify(`Generating report in ${destination.path}`);
    const file = await showReport(report, destination, { warn, compute });
    if (destination.to === "newFile") notify(`Generating report in ${file}`);
  }

  /** As in pprof, reports that people cannot read go to a file even if the output is a pipe. */
  #destinationOf({ command, options }: ReportRequest, isLimited: boolean): Destination {
    const { output } = options;
    if (output !== "") return { to: "file", path: expandHome(output, process.env) };
    const viewer = viewerOf(command) ?? command.terminalViewer;
    if (viewer) return { to: "viewer", viewer };
    if (command.fileEnding) return { to: "newFile", ending: command.fileEnding };
    const { screen } = this.#ui;
    if (screen.to !== "terminal" || command.isUntrimmed || !isLimited) return screen;
    return { ...screen, moreRowsHint: `${command.name} 0 shows all` };
  }
}
