import { type CommandName, commandSpec } from "../../options/commands.js";
import { commandLine } from "../command-line.js";
import type { Page, Shown, State, View } from "../contract.js";
import { copyText, downloadText } from "../widgets/clipboard.js";
import { button, fill, h } from "../widgets/elements.js";
import type { SuggestField } from "../widgets/suggest-field.js";
import { patternField } from "./pattern-field.js";

/** The text reports, the most common first. */
const TEXT_REPORTS = [
  "top",
  "tree",
  "peek",
  "traces",
  "tags",
  "raw",
  "comments",
  "list",
  "disasm",
  "folded",
  "dot",
  "callgrind",
] as const satisfies readonly CommandName[];
type TextName = (typeof TEXT_REPORTS)[number];

const FIRST_CHARACTERS = 2_000_000;

/** File extensions that other programs expect. */
const FILE_EXTENSIONS: Partial<Record<TextName, string>> = {
  dot: ".dot",
  folded: ".folded",
  callgrind: ".callgrind",
};

/** A report as the command line prints it. */
export class TextView implements View {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #select: HTMLSelectElement;
  readonly #field: SuggestField;
  #state: State | undefined;
  readonly #summary = h("p", { class: "text-summary" });
  readonly #pre = h("pre", { tabindex: 0, role: "region", "aria-label": "The report" });
  readonly #rest = h("div", { class: "text-rest" });
  readonly #command = h("code", {
    tabindex: 0,
    "aria-label": "The command that prints this report",
  });
  readonly #said = h("span", { class: "count", role: "status" });
  #text = "";
  #report: TextName = "top";

  constructor(page: Page) {
    this.#page = page;
    this.#select = h(
      "select",
      { "aria-label": "Report", onchange: () => page.go({ report: this.#select.value }) },
      TEXT_REPORTS.map((name) =>
        h("option", { value: name }, `${name}: ${commandSpec(name).summary}`),
      ),
    );
    this.#field = patternField(page, () => this.#state, {
      label: "Function: a regular expression",
      placeholder: "Function (regular expression)",
    });
    const wraps = h("input", {
      type: "checkbox",
      onchange: () => this.#pre.classList.toggle("wraps", wraps.checked),
    });
    this.element = h(
      "section",
      { class: "text-view table-view", "aria-label": "Text" },
      h(
        "div",
        { class: "view-tools" },
        h("label", {}, "Report", this.#select),
        this.#field.element,
        button("Copy", () => void this.#copy(this.#text, "the report")),
        button("Download", () => downloadText(this.#text, this.#fileName)),
        h("label", {}, wraps, "Wrap lines"),
        this.#said,
      ),
      h(
        "div",
        { class: "command" },
        this.#command,
        button(
          "Copy command",
          () => void this.#copy(this.#command.textContent ?? "", "the command"),
        ),
      ),
      this.#summary,
      this.#pre,
      this.#rest,
    );
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    this.#state = state;
    const report = TEXT_REPORTS.find((name) => name === state.report) ?? "top";
    const takesPattern = commandSpec(report).parameter !== undefined;
    const pattern = takesPattern ? state.query || state.options.focus : "";
    const { options } = state;
    this.#report = report;
    this.#select.value = report;
    this.#field.element.hidden = !takesPattern;
    this.#field.value = pattern;
    const { sources } = this.#page;
    this.#command.textContent = commandLine({ report, options, pattern, sources });
    this.#said.textContent = "";
    try {
      if (takesPattern && pattern === "") {
        this.#put("");
        this.#summary.textContent = "Enter the name of a function, or a regular expression.";
        return { warnings: [] };
      }
      // Source files are on the server, or in a page that is a file; binaries only on a server.
      const isFromServer =
        report === "disasm" || (report === "list" && this.#page.host.kind === "server");
      const { text, warnings } = isFromServer
        ? await this.#fetch({ ...state, report, query: pattern }, signal)
        : await this.#make(report, state, pattern, signal);
      signal.throwIfAborted();
      this.#put(text);
      this.#summary.textContent = text === "" ? "The report is empty." : "";
      return { warnings };
    } catch (error) {
      if (!signal.aborted) {
        this.#put("");
        this.#summary.textContent = "";
      }
      throw error;
    }
  }

  press(event: KeyboardEvent): boolean {
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isSlash || this.#field.element.hidden) return false;
    this.#field.focus();
    return true;
  }

  async #make(report: TextName, { options }: State, pattern: string, signal: AbortSignal) {
    const answer = await this.#page.engine.text(report, options, pattern, signal);
    return { text: answer.report, warnings: answer.warnings };
  }

  /** Fetches a report. Throws an Error with the server's one-line message. */
  async #fetch(state: State, signal: AbortSignal) {
    const url = this.#page.host.textUrl(state);
    if (url === undefined) {
      throw new Error(
        `${state.report} needs the program's binaries; use tsprof serve or the command above`,
      );
    }
    const answer = await fetch(url, { signal, credentials: "same-origin" });
    const text = await answer.text();
    if (!answer.ok)
      throw new Error(text.split("\n", 1)[0] || `the server answered ${answer.status}`);
    return { text, warnings: [] };
  }

  #put(text: string): void {
    this.#text = text;
    const isCut = text.length > FIRST_CHARACTERS;
    const end = isCut
      ? text.lastIndexOf("\n", FIRST_CHARACTERS) + 1 || FIRST_CHARACTERS
      : text.length;
    this.#pre.hidden = text === "";
    this.#pre.textContent = text.slice(0, end);
    this.#pre.scrollTop = 0;
    if (!isCut) {
      fill(this.#rest);
      return;
    }
    const size = `${(text.length / 1e6).toFixed(1)} million characters`;
    const all = button("Show all", () => {
      this.#pre.textContent = text;
      fill(this.#rest);
    });
    fill(
      this.#rest,
      `Only the beginning of ${size} is shown. Copy and Download contain all of it.`,
      all,
    );
  }

  get #fileName(): string {
    return `${this.#report}${FILE_EXTENSIONS[this.#report] ?? ".txt"}`;
  }

  async #copy(text: string, what: string): Promise<void> {
    const isDone = await copyText(text);
    this.#said.textContent = isDone
      ? `Copied ${what}.`
      : "The browser does not allow this page to copy.";
  }
}
