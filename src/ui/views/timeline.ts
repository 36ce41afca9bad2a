import { isColorMode } from "../../render/flame/colors.js";
import type { TimelineReport } from "../../report/timeline.js";
import { formatValue } from "../../report/value-format.js";
import { percentage } from "../../units/percentage.js";
import type { Page, Shown, State, View } from "../contract.js";
import { TimelinePanel } from "../timeline/panel.js";
import { rangeOf, textsOf } from "../timeline/time-range.js";
import type { Viewport } from "../timeline/viewport.js";
import { h } from "../widgets/elements.js";

export { TIMELINE_STYLE } from "../timeline/style.js";

/** The maximum number of boxes: less than a hundred megabytes. */
const MAX_BOXES = 3_000_000;

/** More detail is requested when the visible part has not changed for this long. */
const REST_MS = 150;

/** Creates the timeline view. */
export function createTimeline(page: Page): View {
  return new Timeline(page);
}

class Timeline implements View {
  readonly element = h("section", { class: "view-flamegraph", "aria-label": "Timeline" });
  readonly #page: Page;
  readonly #panel: TimelinePanel;
  #state: State | undefined;
  /** The timeline of the whole recording, which may lack details. */
  #whole: TimelineReport | undefined;
  /** The options that are drawn, as JSON. */
  #drawn = "";
  /** The options whose total is shown, as JSON. */
  #summed = "";
  #warnings: readonly string[] = [];
  /** The last search text, from the user or from an address. */
  #query = "";
  #signal: AbortSignal | undefined;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  /** The visible part for which details were requested last. */
  #detailed = "";

  constructor(page: Page) {
    this.#page = page;
    this.#panel = new TimelinePanel({
      onMenu: (subject, at) => page.openMenu(subject, at),
      onSearch: (query) => {
        this.#query = query;
        page.go({ query }, { replace: true });
      },
      onRange: (range, step) => {
        if (!this.#state) return;
        const texts = range ? textsOf(range, step) : { from: "", to: "" };
        page.go({ options: { ...this.#state.options, ...texts } });
      },
      onMove: (view) => this.#rest(view),
    });
    this.element.append(this.#panel.element);
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    const { options, query } = state;
    const { engine } = this.#page;
    this.#state = state;
    this.#signal = signal;
    if (query !== this.#query || this.#drawn === "") {
      this.#query = query;
      this.#panel.searchText = query;
    }
    const whole = { ...options, from: "", to: "" };
    const wanted = JSON.stringify(whole);
    const { timeline } = this.#panel;
    if (wanted !== this.#drawn) {
      const { report, warnings } = await engine.timeline(whole, { limit: MAX_BOXES }, signal);
      signal.throwIfAborted();
      timeline.show(report);
      this.#whole = report;
      this.#drawn = wanted;
      this.#warnings = warnings;
      this.#detailed = "";
    }
    timeline.colorMode = isColorMode(state.color) ? state.color : "";
    timeline.range = rangeOf(options);
    return { warnings: [...this.#warnings, ...(await this.#sum(state, signal))] };
  }

  press(event: KeyboardEvent): boolean {
    return this.#panel.timeline.press(event);
  }

  readTheme(): void {
    this.#panel.timeline.readTheme();
  }

  /** Shows the sum of the selected range; returns the warnings about it. */
  async #sum({ options }: State, signal: AbortSignal): Promise<readonly string[]> {
    const { from, to } = options;
    if (from === "" && to === "") {
      this.#summed = "";
      return [];
    }
    const wanted = JSON.stringify(options);
    if (wanted === this.#summed) return [];
    this.#panel.total = "";
    const { report, warnings } = await this.#page.engine.selectedTotal(options, signal);
    signal.throwIfAborted();
    const { selected, total, format } = report;
    const text = `${formatValue(format, selected)} of ${formatValue(format, total)}`;
    this.#panel.total = `${text} (${percentage(selected, total).trim()})`;
    this.#summed = wanted;
    return warnings.filter((line) => !this.#warnings.includes(line));
  }

  /** Requests the details of the visible part if only some of the boxes are drawn. */
  #rest(view: Viewport): void {
    if (!this.#whole || this.#whole.resolution === 0) return;
    clearTimeout(this.#restTimer);
    const { timeline } = this.#panel;
    const { report = this.#whole } = timeline;
    if (!isInside(view, report)) timeline.show(this.#whole, { keepsCamera: true });
    this.#restTimer = setTimeout(() => void this.#detail(view), REST_MS);
  }

  async #detail(view: Viewport): Promise<void> {
    const { from, to, perPixel } = view;
    const { timeline } = this.#panel;
    const { report } = timeline;
    const signal = this.#signal;
    if (!report || !signal || signal.aborted || !this.#state) return;
    if (isInside(view, report) && report.resolution <= perPixel / 4) return;
    // Load more than is visible, so that the user can pan.
    const margin = to - from;
    const part = {
      from: Math.max(report.start, from - margin),
      to: Math.min(report.end, to + margin),
    };
    const wanted = JSON.stringify([part, this.#drawn]);
    if (wanted === this.#detailed) return;
    this.#detailed = wanted;
    const whole = { ...this.#state.options, from: "", to: "" };
    try {
      const request = { limit: MAX_BOXES, ...part };
      const { report } = await this.#page.engine.timeline(whole, request, signal);
      if (signal.aborted || this.#detailed !== wanted) return;
      timeline.show(report, { keepsCamera: true });
    } catch {
      // Keep what is drawn; the next move tries again.
      this.#detailed = "";
    }
  }
}

/** Returns whether a report has all boxes of the visible part of its recording. */
function isInside(view: Viewport, { from, to, start, end }: TimelineReport): boolean {
  return Math.max(view.from, start) >= from && Math.min(view.to, end) <= to;
}
