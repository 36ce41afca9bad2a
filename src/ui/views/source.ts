import { weblistInTheme } from "../../render/weblist-html.js";
import type { Page, Shown, State, View } from "../contract.js";
import { fill, h } from "../widgets/elements.js";
import type { SuggestField } from "../widgets/suggest-field.js";
import { heaviest, heaviestList } from "./heaviest.js";
import { patternField } from "./pattern-field.js";

/** The height of a printed listing has a limit, because its frame reports any number. */
const MAX_PRINTED_PX = 1_000_000;

/** Source code with the cost of each line; with a server, also machine code and inlined calls. */
export class SourceView implements View {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #field: SuggestField;
  readonly #body = h("div", { class: "source-body" });
  #state: State | undefined;
  /** The URL or HTML that the frame shows. */
  #source: string | undefined;

  constructor(page: Page) {
    this.#page = page;
    this.#field = patternField(page, () => this.#state, {
      label: "Function or file: a regular expression",
      placeholder: "Function or file",
    });
    this.element = h(
      "section",
      { class: "source-view", "aria-label": "Source" },
      h("div", { class: "source-bar" }, this.#field.element, helpOf(page)),
      this.#body,
    );
    this.#printWhole();
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    this.#state = state;
    const pattern = state.query || state.options.focus;
    this.#field.value = pattern;
    if (pattern === "") {
      const { report, warnings } = await heaviest(this.#page, state.options, signal);
      signal.throwIfAborted();
      this.#source = undefined;
      fill(
        this.#body,
        report.rows.length === 0
          ? h("p", { class: "source-note" }, "No function has a cost.")
          : h("div", { class: "source-list" }, heaviestList(this.#page, report)),
      );
      return { warnings };
    }
    const url = this.#page.host.weblistUrl(state);
    if (url !== undefined) {
      if (withTheme(url) !== this.#source) await this.#check(url, signal);
      this.#showFrame(withTheme(url), (frame, address) => {
        frame.src = address;
      });
      return { warnings: [] };
    }
    const { report, warnings } = await this.#page.engine.weblist(state.options, pattern, signal);
    signal.throwIfAborted();
    this.#showFrame(themed(report), (frame, html) => {
      frame.srcdoc = html;
    });
    return { warnings };
  }

  press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key !== "/") return false;
    this.#field.focus();
    return true;
  }

  readTheme(): void {
    const state = this.#state;
    if (state && this.#source !== undefined) {
      // The view keeps its old colours if this fails.
      this.show(state, new AbortController().signal).catch(() => {});
    }
  }

  /**
   * Checks that the server can make a listing; rejects with its one-line error message. A frame
   * would show the browser's error page instead. The frame requests the listing again.
   */
  async #check(url: string, signal: AbortSignal): Promise<void> {
    const answer = await fetch(url, { signal, credentials: "same-origin" });
    signal.throwIfAborted();
    if (answer.ok) return answer.body?.cancel();
    const text = await answer.text();
    // The content belongs to another pattern.
    this.#source = undefined;
    fill(this.#body);
    throw new Error(text.split("\n", 1)[0] || `the server answered ${answer.status}`);
  }

  #showFrame(source: string, load: (frame: HTMLIFrameElement, source: string) => void): void {
    if (source === this.#source) return;
    this.#source = source;
    // The listing has its own scripts, which must not reach this page.
    const frame = h("iframe", {
      class: "source-frame",
      title: "Source code with the cost of each line",
      sandbox: "allow-scripts",
    });
    load(frame, source);
    fill(this.#body, frame);
  }

  /** Makes the frame as high as its content while the page is printed. */
  #printWhole(): void {
    let height = 0;
    const frame = () => this.#body.querySelector("iframe");
    addEventListener("message", ({ source, data }: MessageEvent<unknown>) => {
      if (source === null || source !== frame()?.contentWindow) return;
      const { weblistHeight } = (data ?? {}) as { weblistHeight?: unknown };
      if (typeof weblistHeight === "number") height = Math.min(weblistHeight, MAX_PRINTED_PX);
    });
    const setHeight = (text: string) => {
      const shown = frame();
      if (shown) shown.style.height = text;
    };
    addEventListener("beforeprint", () => height > 0 && setHeight(`${height}px`));
    addEventListener("afterprint", () => setHeight(""));
  }
}

function helpOf({ host }: Page): HTMLElement {
  const [first, then] =
    host.kind === "server"
      ? [
          "tsprof looks for source files at their paths in the profile. If they are elsewhere, start it with",
          "Machine code is shown if the binaries are found.",
        ]
      : [
          "This page contains the source files that were found when it was written. If some are missing, write it again with",
          "Machine code needs the binaries: use tsprof serve.",
        ];
  return h(
    "details",
    { class: "source-help" },
    h("summary", {}, "No source?"),
    h(
      "p",
      {},
      `${first} `,
      h("code", {}, "-source_path=DIR"),
      " (folders to search) and ",
      h("code", {}, "-trim_path=PREFIX"),
      " (a prefix to remove from the paths in the profile). ",
      then,
    ),
  );
}

/** Returns the user's theme if it differs from the system's. */
function chosenTheme(): "dark" | "light" | undefined {
  const { theme } = document.documentElement.dataset;
  return theme === "dark" || theme === "light" ? theme : undefined;
}

function withTheme(url: string): string {
  const theme = chosenTheme();
  return theme === undefined ? url : `${url}${url.includes("?") ? "&" : "?"}theme=${theme}`;
}

function themed(page: string): string {
  const theme = chosenTheme();
  return theme === undefined ? page : weblistInTheme(page, theme);
}
