import { formatThousands } from "../../render/flame/notes.js";
import { shortName } from "../../render/flame/short-name.js";
import { h } from "../widgets/elements.js";
import { setPressed, toggle, toolButton } from "./controls.js";
import { FlameView, type FlameViewOptions } from "./flame-view.js";
import { loadPreferences, savePreferences } from "./preferences.js";
import { SearchBar } from "./search-bar.js";

/** Keys, mouse and touch gestures, for the help dialog. */
export const FLAME_HELP: readonly (readonly [how: string, what: string])[] = [
  ["click, Enter", "zoom in on a frame"],
  ["double click, 0, Esc", "show the whole graph"],
  ["Backspace", "zoom out to the caller"],
  ["Ctrl (⌘) + wheel, pinch, + −", "zoom at the pointer"],
  ["wheel", "scroll; with Shift sideways"],
  ["drag, Shift + ← →", "pan"],
  ["← → ↑ ↓", "go from frame to frame"],
  ["Home, End", "go to the root; to the end of the heaviest stack"],
  ["/", "search by a regular expression"],
  ["n, N", "next match, previous match"],
  ["Ctrl (⌘) + Enter in the search", "show the callers and callees of all matches"],
  ["m", "show the callers and callees of a function"],
  ["i", "flip: root at the top or at the bottom"],
  ["c", "colour by package or by flat cost"],
  ["t", "show a table instead of the graph"],
  ["v", "show or hide the map"],
  ["right click, long press, menu key", "open the menu of a frame"],
];

export interface PanelOptions extends Omit<FlameViewOptions, "onChange" | "onSearchKey"> {
  onSearch?(text: string): void;
  /** The user asks for the callers and callees of all matches, merged. */
  onPivotMatches?(pattern: string): void;
}

/** A flame graph with a toolbar above it and a legend below it. */
export class FlamePanel {
  readonly element: HTMLElement;
  readonly flame: FlameView;
  /** An element above the toolbar for the view's own content. */
  readonly lead = h("div", { class: "flame-lead" });
  readonly #options: PanelOptions;
  readonly #search = new SearchBar({
    find: (pattern, ignoreCase) => this.flame.search(pattern, ignoreCase),
    goToMatch: (step) => this.flame.goToMatch(step),
    submit: (text) => this.#options.onSearch?.(text),
    leave: () => this.flame.focus(),
    pivot: () => this.#pivotMatches(),
  });
  readonly #pivot = toolButton("Merge", "Callers and callees of all matches (Ctrl Enter)");
  readonly #color = h("select", { class: "flame-select", "aria-label": "Colour by" });
  readonly #flip = toggle("Flip", "Root at the bottom (i)");
  readonly #scale = toggle("Scale base", "Draw the base profile as large as the new profile");
  readonly #map = toggle("Map", "Show a small map while the graph is zoomed or scrolled (v)");
  readonly #table = toggle("Table", "Show the frames as a table (t)");
  readonly #reset = toolButton("Reset zoom", "Show the whole graph (0, Esc, double click)");
  readonly #legend = h("div", { class: "flame-legend" });

  constructor(options: PanelOptions) {
    this.#options = options;
    this.flame = new FlameView({
      ...options,
      onChange: () => this.#update(),
      onSearchKey: () => this.#search.focus(),
    });
    const { flame } = this;
    const preferences = loadPreferences();
    flame.color = preferences.color;
    flame.flipped = preferences.flipped;
    flame.showsMap = preferences.showsMap;
    const tools = h(
      "div",
      { class: "flame-tools", role: "toolbar", "aria-label": "Flame graph" },
      ...this.#search.controls,
      this.#pivot,
      this.#search.found,
      h("span", { class: "flame-space" }),
      this.#color,
      this.#scale,
      this.#flip,
      this.#map,
      this.#table,
      this.#reset,
    );
    this.element = h(
      "div",
      { class: "flame-panel" },
      this.lead,
      tools,
      flame.element,
      this.#legend,
    );
    this.lead.hidden = true;
    this.#map.classList.add("flame-map-button");
    this.#listen();
    this.#update();
  }

  get searchText(): string {
    return this.#search.text;
  }

  set searchText(text: string) {
    this.#search.text = text;
  }

  #listen(): void {
    const { flame } = this;
    this.#pivot.addEventListener("click", () => this.#pivotMatches());
    this.#color.addEventListener("change", () => {
      flame.color = this.#color.value === "share" ? "share" : "group";
    });
    this.#flip.addEventListener("click", () => {
      flame.flipped = !flame.flipped;
    });
    this.#scale.addEventListener("click", () => {
      flame.scalesBase = !flame.scalesBase;
    });
    this.#map.addEventListener("click", () => {
      flame.showsMap = !flame.showsMap;
    });
    this.#table.addEventListener("click", () => {
      flame.showsTable = !flame.showsTable;
    });
    this.#reset.addEventListener("click", () => {
      flame.reset();
      flame.focus();
    });
  }

  #pivotMatches(): void {
    if (this.flame.found.count === 0) return;
    const prefix = this.#search.ignoresCase ? "(?i)" : "";
    this.#options.onPivotMatches?.(prefix + this.#search.text);
  }

  #update(): void {
    const { flame } = this;
    this.#search.show(flame.found);
    this.#pivot.hidden = flame.found.count === 0 || !this.#options.onPivotMatches;
    setPressed(this.#flip, flame.flipped);
    setPressed(this.#scale, flame.scalesBase);
    setPressed(this.#map, flame.showsMap);
    setPressed(this.#table, flame.showsTable);
    this.#reset.disabled = !flame.isZoomed;
    const kind = flame.scene?.page.kind ?? "plain";
    this.#scale.hidden = kind !== "compared";
    this.#color.hidden = kind !== "plain";
    if (this.#color.dataset.grouping !== flame.grouping) {
      this.#color.dataset.grouping = flame.grouping;
      this.#color.replaceChildren(
        h("option", { value: "group" }, `Colour: ${flame.grouping}`),
        h("option", { value: "share" }, "Colour: own share"),
      );
    }
    this.#color.value = flame.color;
    this.#updateLegend();
    const { color, flipped, showsMap } = flame;
    savePreferences({ color, flipped, showsMap });
  }

  #updateLegend(): void {
    const { flame } = this;
    const swatches = flame.legend().map(({ color, meaning }) => {
      const swatch = h("span", { class: "flame-swatch", "aria-hidden": "true" });
      swatch.style.background = color;
      return h("span", {}, swatch, shortName(meaning, 40));
    });
    const page = flame.scene?.page;
    const notes: string[] = [];
    if (page && page.tree.length === 1) notes.push("No stack has a value.");
    if (page && page.cutFrames > 0) {
      notes.push(
        `Only the ${formatThousands(page.tree.length - 1)} frames with the highest cost are shown. ` +
          `The callees of ${formatThousands(page.cutFrames)} of them are left out.`,
      );
    }
    this.#legend.replaceChildren(
      ...swatches,
      ...notes.map((note) => h("span", { class: "flame-note" }, note)),
    );
  }
}
