import { type CommandName, commandSpec } from "../../options/commands.js";
import { commandLine } from "../command-line.js";
import type { Page, Shown, State, View } from "../contract.js";
import { copyText, downloadBlob } from "../widgets/clipboard.js";
import { button, fill, h } from "../widgets/elements.js";
import type { SuggestField } from "../widgets/suggest-field.js";
import { patternField } from "./pattern-field.js";
import { BodySource, blobOf, type TextSource } from "./text-source.js";

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

/** The characters that are shown at first, and those that each click on "Show more" adds. */
const SHOWN_CHARACTERS = 2_000_000;

/** Longer reports are too long for the clipboard. */
const MAX_COPIED = 50_000_000;

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
  /** The end of the report, if not all of it is shown. */
  #unread: TextSource | undefined;
  /** Starts to read the report that is shown. */
  #open: ((signal: AbortSignal) => Promise<TextSource>) | undefined;
  #report: TextName = "top";
  /** The report that is shown, as JSON. */
  #shown = "";
  #warnings: readonly string[] = [];
  /** Aborted when another report is shown, so that the rest of this one is not made. */
  #reading = new AbortController();

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
        button("Copy", () => void this.#act(() => this.#copyReport())),
        button("Download", () => void this.#act(() => this.#download())),
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
    const key = JSON.stringify([report, options, pattern]);
    if (key === this.#shown) return { warnings: this.#warnings };
    this.#shown = "";
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const stop = () => reading.abort(signal.reason);
    signal.addEventListener("abort", stop);
    this.#report = report;
    this.#select.value = report;
    this.#field.element.hidden = !takesPattern;
    this.#field.value = pattern;
    const { sources } = this.#page;
    this.#command.textContent = commandLine({ report, options, pattern, sources });
    this.#said.textContent = "";
    try {
      if (takesPattern && pattern === "") {
        this.#clear("Enter the name of a function, or a regular expression.");
        return { warnings: [] };
      }
      // Source files are on the server, or in a page that is a file; binaries only on a server.
      const isFromServer =
        report === "disasm" || (report === "list" && this.#page.host.kind === "server");
      this.#open = isFromServer
        ? (signal) => this.#fetch({ ...state, report, query: pattern }, signal)
        : async (signal) => this.#make(report, state, pattern, signal);
      const source = await this.#open(reading.signal);
      const { text, isLast } = await source.next(SHOWN_CHARACTERS);
      signal.throwIfAborted();
      this.#clear(text === "" ? "The report is empty." : "");
      this.#append(text, isLast ? undefined : source);
      this.#shown = key;
      this.#warnings = source.warnings;
      return { warnings: source.warnings };
    } catch (error) {
      if (!signal.aborted) this.#clear("");
      throw error;
    } finally {
      // The rest of the report may be read later.
      signal.removeEventListener("abort", stop);
    }
  }

  press(event: KeyboardEvent): boolean {
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isSlash || this.#field.element.hidden) return false;
    this.#field.focus();
    return true;
  }

  #make(report: TextName, { options }: State, pattern: string, signal: AbortSignal): TextSource {
    const { engine } = this.#page;
    let from = 0;
    let warnings: readonly string[] = [];
    return {
      get warnings() {
        return warnings;
      },
      async next(length) {
        const answer = await engine.text(report, options, pattern, { from, length }, signal);
        from += answer.report.text.length;
        warnings = answer.warnings;
        return answer.report;
      },
    };
  }

  /** Fetches a report. Throws an Error with the server's one-line message. */
  async #fetch(state: State, signal: AbortSignal): Promise<TextSource> {
    const url = this.#page.host.textUrl(state);
    if (url === undefined) {
      throw new Error(
        `${state.report} needs the program's binaries; use tsprof serve or the command above`,
      );
    }
    const answer = await fetch(url, { signal, credentials: "same-origin" });
    if (answer.ok) return new BodySource(answer);
    const text = await answer.text();
    throw new Error(text.split("\n", 1)[0] || `the server answered ${answer.status}`);
  }

  #clear(summary: string): void {
    this.#summary.textContent = summary;
    this.#pre.hidden = true;
    this.#pre.textContent = "";
    this.#pre.scrollTop = 0;
    fill(this.#rest);
  }

  /** Shows more of the report; `rest` is what follows. */
  #append(text: string, rest: TextSource | undefined): void {
    this.#unread = rest;
    this.#pre.hidden &&= text === "";
    this.#pre.append(text);
    if (!rest) {
      fill(this.#rest);
      return;
    }
    const more = button("Show more", () => void this.#act(() => this.#showMore()));
    fill(this.#rest, "Only the beginning is shown. Copy and Download contain all of it.", more);
  }

  async #showMore(): Promise<void> {
    const source = this.#unread;
    if (!source) return;
    const reading = this.#reading;
    const { text, isLast } = await source.next(SHOWN_CHARACTERS);
    if (reading === this.#reading) this.#append(text, isLast ? undefined : source);
  }

  /** Does what a button asks for, and says why if that fails. */
  async #act(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#said.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /** Reads the whole report, whatever part of it is shown. */
  async #whole(): Promise<Blob> {
    if (!this.#unread) return new Blob([this.#pre.textContent ?? ""]);
    const source = await this.#open?.(this.#reading.signal);
    if (!source) return new Blob([]);
    return blobOf(source, (characters) => {
      this.#said.textContent = `${(characters / 1e6).toFixed(1)} million characters…`;
    });
  }

  async #download(): Promise<void> {
    const name = this.#fileName;
    downloadBlob(await this.#whole(), name);
    this.#said.textContent = "";
  }

  async #copyReport(): Promise<void> {
    const blob = await this.#whole();
    if (blob.size > MAX_COPIED) {
      this.#said.textContent = "The report is too long to copy. Download it instead.";
    } else await this.#copy(await blob.text(), "the report");
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
