import { restText } from "../../render/flame/notes.js";
import { shortName } from "../../render/flame/short-name.js";
import { toolButton } from "../flame-canvas/controls.js";
import { FrameSheet } from "../flame-canvas/frame-sheet.js";
import { SearchBar } from "../flame-canvas/search-bar.js";
import { button, fill, h } from "../widgets/elements.js";
import { TimelineView, type TimelineViewOptions } from "./timeline-view.js";
import { lengthText, shortTimeText } from "./times.js";

export interface TimelinePanelOptions
  extends Omit<TimelineViewOptions, "onChange" | "onSearchKey" | "onTap"> {
  onSearch(text: string): void;
}

/** A timeline with a toolbar and the selected range above it, and a legend below it. */
export class TimelinePanel {
  readonly element: HTMLElement;
  readonly timeline: TimelineView;
  readonly #search = new SearchBar({
    find: (pattern, ignoreCase) => this.timeline.search(pattern, ignoreCase),
    goToMatch: (step) => this.timeline.goToMatch(step),
    submit: (text) => this.#onSearch(text),
    leave: () => this.timeline.focus(),
  });
  readonly #visible = toolButton("Select visible", "Select the visible range of time (v)");
  readonly #reset = toolButton("Reset zoom", "Show the whole recording (0, Esc, double click)");
  readonly #status = h("div", { class: "timeline-status" });
  readonly #legend = h("div", { class: "flame-legend" });
  readonly #sheet = new FrameSheet(() => {});
  readonly #onSearch: (text: string) => void;
  /** The sum of the selected values, as text; empty until it is known. */
  #total = "";
  #shownStatus = "";
  #shownLegend = "";

  constructor(options: TimelinePanelOptions) {
    this.#onSearch = options.onSearch;
    this.timeline = new TimelineView({
      ...options,
      onChange: () => this.#update(),
      onSearchKey: () => this.#search.focus(),
      onTap: (tapped) => {
        if (!tapped) {
          this.#sheet.close();
          return;
        }
        const { timeline } = this;
        this.#sheet.show(tapped.details, [
          { text: "Zoom in", act: () => timeline.zoomToSelected(), keepsOpen: true },
          { text: "Select its time", act: () => timeline.selectTimeOfSelected() },
          {
            text: "Other views and filters…",
            act: (at) => options.onMenu(tapped.subject, at),
            keepsOpen: true,
          },
        ]);
      },
    });
    const tools = h(
      "div",
      { class: "flame-tools timeline-tools", role: "toolbar", "aria-label": "Timeline" },
      ...this.#search.controls,
      this.#search.found,
      h("span", { class: "flame-space" }),
      this.#visible,
      this.#reset,
    );
    this.#visible.addEventListener("click", () => this.timeline.selectVisible());
    this.#reset.addEventListener("click", () => {
      this.timeline.reset();
      this.timeline.focus();
    });
    this.element = h(
      "div",
      { class: "flame-panel" },
      tools,
      this.#status,
      this.timeline.element,
      this.#legend,
      this.#sheet.element,
    );
    this.#update();
  }

  get searchText(): string {
    return this.#search.text;
  }

  set searchText(text: string) {
    this.#search.text = text;
  }

  /** The sum of the values in the range, as text. */
  set total(text: string) {
    this.#total = text;
    this.#update();
  }

  #update(): void {
    const { timeline } = this;
    this.#search.show(timeline.found);
    this.#reset.disabled = !timeline.isZoomed;
    this.#visible.disabled = !timeline.isZoomed;
    this.#updateStatus();
    this.#updateLegend();
  }

  #updateStatus(): void {
    const { range, report } = this.timeline;
    const from = range && report ? Math.max(range.from, report.start) : 0;
    const to = range && report ? Math.min(range.to, report.end) : 0;
    const status = range ? `${from} ${to} ${this.#total}` : "none";
    if (status === this.#shownStatus) return;
    this.#shownStatus = status;
    if (!range) {
      fill(
        this.#status,
        matchMedia("(pointer: coarse)").matches
          ? "Zoom in and tap “Select visible” to show only that range of time in all views"
          : "Drag over the chart to show only a range of time in all views",
        h("span", { class: "timeline-keys" }, "The wheel zooms, Shift + drag pans"),
      );
      return;
    }
    const length = Math.max(0, to - from);
    const step = Math.max(1, length / 1000);
    fill(
      this.#status,
      h(
        "span",
        { role: "status" },
        "Selected ",
        h("strong", {}, `${shortTimeText(from, step)} – ${shortTimeText(to, step)}`),
        `, ${lengthText(length)} long`,
        this.#total !== "" && `, total ${this.#total}`,
      ),
      button("Zoom to it", () => this.timeline.zoomToRange()),
      button("Remove", () => {
        this.timeline.focus();
        this.timeline.removeRange();
      }),
    );
  }

  #updateLegend(): void {
    const { timeline } = this;
    const { swatches: entries, rest } = timeline.legend();
    const resolution = timeline.report?.resolution ?? 0;
    const shown = JSON.stringify([entries, rest, resolution]);
    if (shown === this.#shownLegend) return;
    this.#shownLegend = shown;
    const swatches = entries.map(({ color, meaning, isIdle }) => {
      const swatch = h("span", {
        class: isIdle ? "flame-swatch timeline-idle" : "flame-swatch",
        "aria-hidden": "true",
      });
      if (!isIdle) swatch.style.background = color;
      return h("span", {}, swatch, shortName(meaning, 40));
    });
    fill(
      this.#legend,
      swatches,
      rest > 0 && h("span", {}, restText(rest)),
      resolution > 0 &&
        h(
          "span",
          { class: "flame-note" },
          `Only the longest stack of each ${lengthText(resolution)} is shown, because there are too many frames. Zoom in to see the others.`,
        ),
      timeline.report?.lanes.every(({ starts }) => starts.length === 0) &&
        h("span", { class: "flame-note" }, "No stack is selected."),
    );
  }
}
