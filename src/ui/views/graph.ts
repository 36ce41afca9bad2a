import { renderDot } from "../../render/dot.js";
import { graphvizText } from "../../render/graphviz-text.js";
import type { FormatTime } from "../../render/legend.js";
import type { DotReport } from "../../report/dot.js";
import { type Facts, GraphFacts } from "../call-graph/facts.js";
import { NodeIds } from "../call-graph/node-ids.js";
import { GraphPicture } from "../call-graph/picture.js";
import type { GraphRenderer, LoadGraphProgram } from "../call-graph/renderer.js";
import { pngOf, svgFile } from "../call-graph/svg-file.js";
import type { Page, Shown, State, View, ViewExport } from "../contract.js";
import { textMatcher } from "../search/name-search.js";
import { selectionOf, selectionText } from "../selection.js";
import { button, fill, h } from "../widgets/elements.js";
import { PanZoom } from "../widgets/pan-zoom.js";

/** Larger graphs are not animated: the animation would stutter. */
const MAX_ANIMATED = 150;

/** Graphviz would block the page for too long on larger graphs. */
const MAX_EDGES = 1500;

const FIT_MARGIN_PX = 12;

/** A note appears when drawing takes longer than this. */
const NOTE_DELAY_MS = 150;

export interface GraphParts {
  /** Loads the script that draws (`client:graph`). */
  readonly loadProgram: LoadGraphProgram;
  readonly formatTime: FormatTime;
}

/** The call graph, laid out by Graphviz. */
export class GraphView implements View {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #parts: GraphParts;
  readonly #ids = new NodeIds();
  readonly #camera: PanZoom;
  readonly #picture: GraphPicture;
  readonly #stage = h("div", {
    class: "graph-stage",
    role: "graphics-document",
    "aria-roledescription": "call graph",
    "aria-label": "Call graph. Arrow keys go to callers and callees, Enter opens a menu.",
  });
  readonly #frame = h("div", { class: "graph-frame" }, this.#stage);
  readonly #tools = h("div", { class: "graph-bar" });
  readonly #note = h("div", { class: "graph-note", role: "status", hidden: true });
  readonly #search = h("input", {
    type: "search",
    class: "graph-search",
    placeholder: "Find functions",
    "aria-label": "Find functions: text or a regular expression",
    spellcheck: "false",
    autocomplete: "off",
    oninput: () => {
      this.#query = this.#search.value;
      this.#find();
      this.#page.go({ query: this.#query }, { replace: true });
    },
    onkeydown: (event) => this.#pressInSearch(event),
  });
  readonly #found = h("span", { class: "graph-found", role: "status" });
  readonly #steps = h("span", { class: "graph-steps", hidden: true });
  readonly #tip = h("div", { class: "graph-tip", hidden: true });
  #renderer: Promise<GraphRenderer> | undefined;
  /** The drawn report and theme. */
  #shown: { readonly report: DotReport; readonly isDark: boolean } | undefined;
  /** The options of the drawn report, as JSON. */
  #key = "";
  #warnings: readonly string[] = [];
  #query = "";
  /** Counts drawings, so that an outdated one is dropped. */
  #turn = 0;

  constructor(page: Page, parts: GraphParts) {
    this.#page = page;
    this.#parts = parts;
    this.#camera = panZoom(this.#frame, this.#stage, this.#tools);
    this.#picture = new GraphPicture(this.#stage, this.#camera, {
      showFacts: (facts, at) => this.#showTooltip(facts, at),
      choose: (id) => this.#choose(id),
      openMenu: (node, at) => page.openMenu(node, at),
    });
    this.#camera.onTap = (target) => {
      if (target instanceof Element && this.#stage.contains(target)) {
        const id = this.#picture.nodeAt(target);
        if (id !== undefined || this.#picture.chosen !== undefined) this.#choose(id);
      } else if (this.#picture.chosen !== undefined) this.#choose(undefined);
    };
    this.#steps.append(
      button("‹", () => this.#picture.goToMatch(-1), {
        "aria-label": "Previous match (N)",
        title: "Previous match (N)",
      }),
      button("›", () => this.#picture.goToMatch(1), {
        "aria-label": "Next match (n)",
        title: "Next match (n)",
      }),
    );
    const zoomed = (text: string, label: string, act: () => void) =>
      button(text, act, { class: "graph-zoom", "aria-label": label, title: label });
    this.#tools.append(
      this.#search,
      this.#steps,
      this.#found,
      h("span", { class: "graph-space" }),
      zoomed("+", "Zoom in (+)", () => this.#camera.zoom(1.25)),
      zoomed("−", "Zoom out (-)", () => this.#camera.zoom(0.8)),
      button("Hottest path", () => this.#camera.showStart(), {
        title: "Show the heaviest path (h)",
      }),
      button("Whole graph", () => this.#camera.fit(), { title: "Fit the whole graph (0)" }),
    );
    this.element = h(
      "section",
      { class: "graph-view", "aria-label": "Graph" },
      this.#frame,
      this.#tools,
      this.#note,
      this.#tip,
    );
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    const key = JSON.stringify(state.options);
    if (key !== this.#key) await this.#load(state, key, signal);
    this.#query = state.query;
    this.#find();
    this.#picture.chooseNamed(selectionOf(state.selected).name);
    return { warnings: this.#warnings };
  }

  async #load({ options }: State, key: string, signal: AbortSignal): Promise<void> {
    const turn = ++this.#turn;
    const late = setTimeout(() => this.#showNote("Drawing the graph…"), NOTE_DELAY_MS);
    try {
      const [renderer, { report, warnings }] = await Promise.all([
        this.#loaded(),
        this.#page.engine.dot(options, signal),
      ]);
      signal.throwIfAborted();
      if (!isSame(report, this.#shown?.report)) await this.#draw(renderer, report, turn);
      clearTimeout(late);
      signal.throwIfAborted();
      if (report.nodes.length > 0) this.#showNote("");
      this.#warnings = warnings;
      this.#key = key;
    } catch (error) {
      if (turn === this.#turn) this.#showNote("");
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (this.#picture.press(event)) return true;
    switch (event.key) {
      case "+":
      case "=":
        this.#camera.zoom(1.25);
        return true;
      case "-":
      case "_":
        this.#camera.zoom(0.8);
        return true;
      case "0":
        this.#camera.fit();
        return true;
      case "h":
        this.#camera.showStart();
        return true;
      case "/":
        this.#search.focus();
        this.#search.select();
        return true;
      case "n":
        this.#picture.goToMatch(1);
        return true;
      case "N":
        this.#picture.goToMatch(-1);
        return true;
      case "Escape":
        if (this.#picture.chosen === undefined) return false;
        this.#choose(undefined);
        return true;
      default:
        return false;
    }
  }

  #pressInSearch(event: KeyboardEvent): void {
    if (event.key === "Enter") this.#picture.goToMatch(event.shiftKey ? -1 : 1, false);
    else if (event.key === "Escape" && this.#search.value !== "") {
      this.#page.go({ query: "" }, { replace: true });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  exports(): readonly ViewExport[] {
    const svg = this.#stage.querySelector("svg");
    if (!svg || this.#stage.hidden) return [];
    const { width, height } = svg.viewBox.baseVal;
    const file = () => svgFile(svg, getComputedStyle(document.body).backgroundColor);
    return [
      { label: "PNG", ending: "png", make: () => pngOf(file(), width, height) },
      { label: "SVG", ending: "svg", make: file },
    ];
  }

  readTheme(): void {
    const shown = this.#shown;
    if (!shown || shown.isDark === isDark()) return;
    const turn = ++this.#turn;
    this.#loaded()
      .then((renderer) => this.#draw(renderer, shown.report, turn, false))
      .then(() => this.#find())
      .catch(() => {
        // The graph was drawn before; it just keeps its old colours.
      });
  }

  hide(): void {
    this.#showTooltip(undefined, undefined);
  }

  #loaded(): Promise<GraphRenderer> {
    this.#renderer ??= this.#parts
      .loadProgram()
      .then((program) => program.create(this.#stage))
      .catch((error: unknown) => {
        // Try again next time: the network may be back.
        this.#renderer = undefined;
        throw error;
      });
    return this.#renderer;
  }

  /** Draws a report unless a newer drawing has begun. */
  async #draw(
    renderer: GraphRenderer,
    report: DotReport,
    turn: number,
    mayMove = true,
  ): Promise<void> {
    const { length } = report.edges;
    if (length > MAX_EDGES) {
      throw new Error(
        `${length} edges are too many to draw; show fewer nodes or raise the minimum edge share`,
      );
    }
    if (report.nodes.length === 0) {
      this.#clear(report);
      return;
    }
    // Let the browser paint first: the layout blocks the page.
    await new Promise((resolve) => setTimeout(resolve));
    const ids = this.#ids.of(report);
    const facts = new GraphFacts(report, ids);
    const isDarkNow = isDark();
    const text = [
      ...renderDot(report, this.#parts.formatTime, {
        likePprof: false,
        nodeId: (position) => ids[position],
      }),
    ].join("");
    const dot = graphvizText(text);
    if (dot === undefined || turn !== this.#turn) return;
    const isAnimated =
      mayMove &&
      report.nodes.length <= MAX_ANIMATED &&
      !matchMedia("(prefers-reduced-motion: reduce)").matches &&
      this.#picture.shares(facts);
    const hadFocus = this.#stage.contains(document.activeElement);
    const labels = new Map(ids.map((id) => [id, facts.label(id)]));
    const drawn = await renderer.draw({ dot, isAnimated, isDark: isDarkNow, labels });
    this.#stage.hidden = false;
    this.#shown = { report, isDark: isDarkNow };
    this.#stage.classList.toggle("moving", isAnimated);
    this.#picture.begin(facts, drawn, this.#picture.anchor(facts));
    this.#showNote("");
    await drawn.settled;
    if (this.#shown.report !== report) return;
    this.#stage.classList.remove("moving");
    this.#picture.settle();
    if (hadFocus) this.#picture.focus();
  }

  #clear(report: DotReport): void {
    this.#shown = { report, isDark: isDark() };
    this.#stage.hidden = true;
    this.#picture.clear();
    const { activeFilters } = report;
    this.#showNote(
      activeFilters.length > 0
        ? "Nothing to draw: no sample passes the filters, or all nodes are too small."
        : "Nothing to draw: the profile has no samples of this type.",
    );
  }

  /** Chooses a node for the user, or ends that. */
  #choose(id: string | undefined): void {
    this.#picture.choose(id);
    const name = this.#picture.chosen;
    const selected = name === undefined ? "" : selectionText({ name });
    this.#page.go({ selected }, { replace: true });
  }

  #find(): void {
    if (this.#search.value !== this.#query) this.#search.value = this.#query;
    const count = this.#picture.find(this.#query === "" ? undefined : textMatcher(this.#query));
    fill(
      this.#found,
      this.#query === "" ? "" : count === 1 ? "1 match" : `${count || "no"} matches`,
    );
    this.#steps.hidden = count === 0;
  }

  #showNote(text: string): void {
    this.#note.textContent = text;
    this.#note.hidden = text === "";
  }

  #showTooltip(facts: Facts | undefined, at: DOMRect | undefined): void {
    this.#tip.hidden = facts === undefined || at === undefined;
    if (!facts || !at) return;
    fill(
      this.#tip,
      h("b", {}, facts.title),
      facts.lines.map((line) => h("div", {}, line)),
    );
    const frame = this.element.getBoundingClientRect();
    const { width, height } = this.#tip.getBoundingClientRect();
    const left = Math.min(at.left, frame.right - width - TOOLTIP_GAP_PX) - frame.left;
    const below = at.bottom + TOOLTIP_GAP_PX;
    const top = below + height < frame.bottom ? below : at.top - TOOLTIP_GAP_PX - height;
    this.#tip.style.left = `${Math.max(TOOLTIP_GAP_PX, left)}px`;
    this.#tip.style.top = `${Math.max(TOOLTIP_GAP_PX, Math.min(top, frame.bottom - height - TOOLTIP_GAP_PX) - frame.top)}px`;
  }
}

/** Pans and zooms `stage`, which lies at the top left of `frame`. */
function panZoom(frame: HTMLElement, stage: HTMLElement, tools: HTMLElement): PanZoom {
  const camera = new PanZoom(frame, {
    size: () => [frame.clientWidth, frame.clientHeight],
    get margin() {
      // The tools are above the graph, in more than one line if it is narrow.
      const top = tools.offsetTop + tools.offsetHeight + FIT_MARGIN_PX / 2;
      return { x: FIT_MARGIN_PX, top, bottom: FIT_MARGIN_PX };
    },
    apply: (x, y, scale, lineWidth) => {
      stage.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
      stage.style.strokeWidth = String(lineWidth);
    },
  });
  frame.addEventListener("dblclick", ({ clientX, clientY, shiftKey }) => {
    const { left, top } = frame.getBoundingClientRect();
    camera.zoomAt(shiftKey ? 0.5 : 2, [clientX - left, clientY - top]);
  });
  new ResizeObserver(() => camera.refit()).observe(frame);
  return camera;
}

const TOOLTIP_GAP_PX = 8;

/** Returns whether two reports look the same. */
function isSame(a: DotReport, b: DotReport | undefined): boolean {
  return b !== undefined && text(a) === text(b);
}

function text(report: DotReport): string {
  return JSON.stringify(report, (_key, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
}

function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  if (theme === "dark" || theme === "light") return theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
