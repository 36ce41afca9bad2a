import type { ColorMode } from "../../render/flame/colors.js";
import type { FrameDetails } from "../../render/flame/details.js";
import type { FlameFunction } from "../../report/flame-functions.js";
import type { TimelineReport } from "../../report/timeline.js";
import type { SearchResult } from "../flame-canvas/marked-frames.js";
import { h } from "../widgets/elements.js";
import { BlockSums } from "./block-sums.js";
import { BoxSearch } from "./box-search.js";
import { type BoxRef, Chart, rowCount } from "./chart.js";
import { ChartCamera } from "./chart-camera.js";
import { ChartColors, chartMode, type LegendEntry } from "./chart-colors.js";
import { describeBox } from "./describe-box.js";
import { Overview } from "./overview.js";
import type { TimeRange } from "./time-range.js";
import { pressTimelineKey, type TimelineActions } from "./timeline-keys.js";
import { type Scenery, TimelineStage } from "./timeline-stage.js";
import { AXIS_HEIGHT, type Viewport } from "./viewport.js";

/** Boxes narrower than this are zoomed in on when keys go to them, in CSS pixels. */
const MIN_FOLLOWED_WIDTH = 3;
/** Lanes are not folded if they fill at most this part of the window. */
const MAX_UNFOLDED_PART = 0.7;
/** The zoomed box fills this part of the width. */
const ZOOMED_PART = 0.8;

export interface TimelineViewOptions {
  /** The user asks for the menu of a frame, at a point of the window. */
  onMenu(subject: FlameFunction, at: { readonly x: number; readonly y: number }): void;
  /** A finger has selected a box; `undefined` where there is none. */
  onTap(at: { readonly details: FrameDetails; readonly subject: FlameFunction } | undefined): void;
  /** The user selects or removes a range; `step` is the length of time of a pixel. */
  onRange(range: TimeRange | undefined, step: number): void;
  /** Something that a toolbar shows has changed. */
  onChange(): void;
  /** The user pressed the key for searching. */
  onSearchKey(): void;
  /** Other times are visible now, in nanoseconds. */
  onMove(view: Viewport): void;
}

/** A timeline on a canvas, with an overview of the whole recording above it. */
export class TimelineView {
  readonly element: HTMLElement;
  readonly #options: TimelineViewOptions;
  readonly #search = new BoxSearch();
  readonly #overview = new Overview({ show: (left, right) => this.#showPart(left, right) });
  readonly #stage: TimelineStage;
  readonly #camera: ChartCamera;
  readonly #folded = new Set<number>();
  #scenery: Scenery | undefined;
  #selected: BoxRef | undefined;
  #range: TimeRange | undefined;
  #colorMode: ColorMode | "" = "";

  constructor(options: TimelineViewOptions) {
    this.#options = options;
    this.#stage = new TimelineStage({
      camera: () => this.#camera,
      scenery: () => this.#scenery,
      selected: () => this.#selected,
      range: () => this.#range,
      onSelect: (at) => this.#select(at),
      onMenu: (at, point) => this.#openMenu(at, point),
      onToggleLane: (lane) => this.#toggleLane(lane),
      onDoubleClick: () => this.reset(),
      onTap: (at) => this.#tap(at),
      // The view may have moved between the two taps.
      onDoubleTap: () => this.zoomToSelected(),
      onRange: (range, isDone) => this.#setRange(range, isDone),
      onResize: () => this.#resize(),
      onPaint: (view) => {
        this.#overview.showWindow(this.#camera.now);
        this.#options.onMove(view);
      },
    });
    this.#camera = new ChartCamera({
      surface: () => this.#stage.surface,
      chartHeight: () => this.#scenery?.chart.height ?? 0,
      onMove: () => {
        this.#stage.paintSoon();
        this.#options.onChange();
      },
    });
    this.element = h("div", { class: "flame-view" }, this.#overview.element, this.#stage.element);
  }

  /** Draws a report. With `keepsCamera`, only its boxes differ from the drawn one. */
  show(report: TimelineReport, { keepsCamera = false } = {}): void {
    if (!keepsCamera && report.lanes.length !== this.#scenery?.chart.report.lanes.length) {
      this.#foldMost(report);
    }
    const chart = new Chart(report, this.#folded);
    const colors = new ChartColors(report, chartMode(report, this.#colorMode));
    this.#selected = keepsCamera ? this.#follow(chart) : undefined;
    this.#scenery = { chart, colors, sums: [] };
    if (!keepsCamera) this.#search.search(chart);
    this.#stage.forgetPointer();
    if (this.#stage.theme) this.#color();
    this.#camera.put(this.#camera.goal);
    if (!keepsCamera) this.#drawOverview();
    this.#options.onChange();
  }

  readTheme(): void {
    // A detached element has no style: read the theme once the element is back in the page.
    this.#stage.theme = undefined;
    if (!this.element.isConnected) return;
    this.#stage.readTheme();
    this.#color();
    this.#drawOverview();
    this.#options.onChange();
  }

  get report(): TimelineReport | undefined {
    return this.#scenery?.chart.report;
  }

  get isZoomed(): boolean {
    return this.#camera.isZoomed;
  }

  get range(): TimeRange | undefined {
    return this.#range;
  }

  /** The selected range, which is marked. */
  set range(range: TimeRange | undefined) {
    this.#setRange(range, false);
  }

  legend() {
    const { theme } = this.#stage;
    if (!this.#scenery || !theme) return { swatches: [], rest: 0 };
    const { swatches, rest } = this.#scenery.colors.legend;
    const colored = (swatch: LegendEntry) => ({
      ...swatch,
      color: theme.swatches[swatch.className],
    });
    return { swatches: swatches.map(colored), rest };
  }

  get colorMode(): ColorMode | "" {
    return this.#colorMode;
  }

  /** The meaning of the colours in flame graphs; "" is the default. */
  set colorMode(mode: ColorMode | "") {
    if (mode === this.#colorMode) return;
    this.#colorMode = mode;
    if (!this.#scenery) return;
    const { report } = this.#scenery.chart;
    const colors = new ChartColors(report, chartMode(report, mode));
    this.#scenery = { ...this.#scenery, colors, sums: [] };
    if (this.#stage.theme) this.#color();
    this.#options.onChange();
  }

  get found(): SearchResult {
    return this.#search.result;
  }

  /** Marks the frames that match a regular expression; an empty one marks none. */
  search(pattern: string, ignoreCase: boolean): void {
    if (!this.#search.setPattern(pattern, ignoreCase) || !this.#scenery) return;
    this.#search.search(this.#scenery.chart);
    if (this.#stage.theme) this.#color();
    this.#options.onChange();
  }

  /** Goes to the next match, or with -1 to the previous one. */
  goToMatch(step: 1 | -1): void {
    const chart = this.#scenery?.chart;
    const start = this.#stage.view?.from ?? 0;
    const match = chart && this.#search.next(chart, this.#selected, step, start);
    if (match) this.#goTo(match);
  }

  focus(): void {
    this.#stage.host.focus({ preventScroll: true });
  }

  reset(): void {
    this.#camera.showRange(0, 1);
  }

  zoomToRange(): void {
    const chart = this.#scenery?.chart;
    if (!chart || !this.#range) return;
    const { start, end } = chart.report;
    const from = Math.max(start, this.#range.from);
    const to = Math.min(end, this.#range.to);
    const margin = (to - from) * 0.05;
    this.#showTimes(from - margin, to + margin);
  }

  zoomToSelected(): void {
    const chart = this.#scenery?.chart;
    if (!chart || !this.#selected) return;
    const [start, end] = [chart.startOf(this.#selected), chart.endOf(this.#selected)];
    const margin = ((end - start) * (1 / ZOOMED_PART - 1)) / 2;
    this.#showTimes(start - margin, end + margin);
  }

  /** Makes the time of the selected box the selected range. */
  selectTimeOfSelected(): void {
    const chart = this.#scenery?.chart;
    const at = this.#selected;
    if (!chart || !at) return;
    this.#options.onRange({ from: chart.startOf(at), to: chart.endOf(at) }, 1);
  }

  selectVisible(): void {
    const { view } = this.#stage;
    const report = this.#scenery?.chart.report;
    if (!view || !report) return;
    this.#setRange(
      { from: Math.max(report.start, view.from), to: Math.min(report.end, view.to) },
      true,
    );
  }

  removeRange(): void {
    if (this.#range) this.#setRange(undefined, true);
  }

  /** Acts on a key that is not meant for something else; returns whether it did. */
  press(event: KeyboardEvent): boolean {
    return this.#scenery !== undefined && pressTimelineKey(event, this.#stage.host, this.#actions);
  }

  readonly #actions: TimelineActions = {
    step: (direction) => {
      const chart = this.#scenery?.chart;
      if (!chart) return;
      const at = this.#selected;
      const next = at ? chart.neighbour(at, direction) : this.#firstVisible(chart);
      if (next) this.#goTo(next);
    },
    zoomBy: (factor) => this.#camera.zoomBy(factor, this.#zoomCentre()),
    panBy: (across, down) => this.#camera.panBy(across, down),
    goToEdge: (edge) => {
      const { left, right } = this.#camera.goal;
      const from = edge === "start" ? 0 : 1 - (right - left);
      this.#camera.showRange(from, from + right - left);
    },
    zoomToSelected: () => this.zoomToSelected(),
    selectRange: (what) => {
      if (what === "visible") this.selectVisible();
      else this.selectTimeOfSelected();
    },
    removeRange: () => this.removeRange(),
    reset: () => this.reset(),
    escape: () => {
      if (this.isZoomed) this.reset();
      else if (this.#range) this.removeRange();
      else return false;
      return true;
    },
    toggleLane: () => this.#toggleLane(this.#selected?.lane ?? 0),
    goToMatch: (step) => this.goToMatch(step),
    startSearch: () => this.#options.onSearchKey(),
    openMenu: () => this.#selected !== undefined && this.#stage.openMenuOf(this.#selected),
  };

  /** Returns the box of another chart at the place of the selected one. */
  #follow(chart: Chart): BoxRef | undefined {
    const before = this.#scenery?.chart;
    const at = this.#selected;
    if (!before || !at || at.row >= rowCount(chart.laneOf(at.lane))) return undefined;
    return chart.nearest(at.lane, at.row, before.startOf(at), 0);
  }

  /** Returns the position of the selected box in the visible part, or the middle. */
  #zoomCentre(): number {
    const { view } = this.#stage;
    const chart = this.#scenery?.chart;
    if (!view || !chart || !this.#selected) return 0.5;
    const middle = (chart.startOf(this.#selected) + chart.endOf(this.#selected)) / 2;
    const about = view.xOf(middle) / view.width;
    return about > 0 && about < 1 ? about : 0.5;
  }

  #firstVisible(chart: Chart): BoxRef | undefined {
    const { view } = this.#stage;
    const { first } = chart;
    if (!view || !first) return first;
    return chart.nearest(first.lane, 0, view.from + (view.to - view.from) / 2, Number.MAX_VALUE);
  }

  #tap(at: BoxRef | undefined): void {
    const chart = this.#scenery?.chart;
    if (at) this.#select(at);
    this.#options.onTap(
      at &&
        chart && {
          details: describeBox(chart, at, this.#stage.view?.perPixel ?? 1),
          subject: chart.report.functions[chart.functionOf(at)],
        },
    );
  }

  #select(at: BoxRef): void {
    this.#selected = at;
    this.#stage.announce(at);
    this.#stage.paintSoon();
  }

  /** Selects a box, and moves the camera so that it is visible. */
  #goTo(at: BoxRef): void {
    if (this.#folded.has(at.lane)) this.#toggleLane(at.lane);
    const chart = this.#scenery?.chart;
    if (!chart) return;
    this.#select(at);
    const [start, end] = [chart.startOf(at), chart.endOf(at)].map(
      (time) => (time - chart.report.start) / chart.length,
    );
    const { surface } = this.#stage;
    const { goal, maxTop } = this.#camera;
    let { left, right } = goal;
    const span = right - left;
    const isInView = end > left && start < right;
    if (!isInView || ((end - start) / span) * surface.width < MIN_FOLLOWED_WIDTH) {
      const wanted = Math.min(span, Math.max((end - start) * 4, 1e-9));
      left = (start + end - wanted) / 2;
      right = left + wanted;
    }
    const y = chart.topOf(at);
    const most = Math.max(0, y - 60);
    const least = y - (surface.height - AXIS_HEIGHT) + 60;
    const top = Math.min(maxTop, Math.max(Math.min(goal.top, most), least, 0));
    this.#camera.send({ left, right, top }, () => this.#stage.showTooltipOf(at));
  }

  #openMenu(at: BoxRef, point: { readonly x: number; readonly y: number }): void {
    const chart = this.#scenery?.chart;
    if (chart) this.#options.onMenu(chart.report.functions[chart.functionOf(at)], point);
  }

  /** Folds all lanes but the first if they do not fit into the window. */
  #foldMost(report: TimelineReport): void {
    this.#folded.clear();
    if (new Chart(report, this.#folded).height < MAX_UNFOLDED_PART * window.innerHeight) return;
    for (let lane = 1; lane < report.lanes.length; lane++) this.#folded.add(lane);
  }

  #toggleLane(lane: number): void {
    if (!this.#scenery) return;
    if (!this.#folded.delete(lane)) this.#folded.add(lane);
    this.#scenery = {
      ...this.#scenery,
      chart: new Chart(this.#scenery.chart.report, this.#folded),
    };
    this.#stage.forgetPointer();
    this.#camera.put(this.#camera.goal);
  }

  #setRange(range: TimeRange | undefined, isDone: boolean): void {
    const report = this.#scenery?.chart.report;
    const { view } = this.#stage;
    if (isDone && report && view) {
      const from = range && Math.max(report.start, range.from);
      const to = range && Math.min(report.end, range.to);
      const isEmpty = from === undefined || to === undefined || !(from < to);
      this.#options.onRange(isEmpty ? undefined : { from, to }, view.perPixel / 2);
      return;
    }
    this.#range = range;
    if (this.#scenery) this.#overview.showRange(range, this.#scenery.chart);
    this.#stage.paintSoon();
    this.#options.onChange();
  }

  #showTimes(from: number, to: number): void {
    const chart = this.#scenery?.chart;
    if (!chart) return;
    const { start } = chart.report;
    this.#camera.showRange((from - start) / chart.length, (to - start) / chart.length);
  }

  #showPart(left: number, right: number): void {
    this.#camera.put({ ...this.#camera.now, left, right });
  }

  #resize(): void {
    if (!this.#stage.theme) this.readTheme();
    this.#camera.put(this.#camera.goal);
    this.#drawOverview();
  }

  #color(): void {
    const { theme } = this.#stage;
    if (!this.#scenery || !theme) return;
    const { chart, colors } = this.#scenery;
    colors.paint(theme, this.#search.functions);
    const sums = chart.report.lanes.map((lane) => new BlockSums(lane, colors.fills));
    this.#scenery = { ...this.#scenery, sums };
    this.#stage.paintSoon();
  }

  #drawOverview(): void {
    const { theme, surface } = this.#stage;
    if (!this.#scenery || !theme || surface.width === 0) return;
    this.#overview.draw(this.#scenery.chart, theme, surface.width, surface.ratio);
    this.#overview.showRange(this.#range, this.#scenery.chart);
  }
}
