import { COLOR_NAMES, type ColorMode, labelOf } from "../../render/flame/colors.js";
import { formatThousands, restText } from "../../render/flame/notes.js";
import { shortName } from "../../render/flame/short-name.js";
import type { FlameFunction } from "../../report/flame-functions.js";
import { fill, h } from "../widgets/elements.js";
import { Breadcrumbs } from "./breadcrumbs.js";
import { setPressed, toggle, toolButton } from "./controls.js";
import { describe } from "./describe.js";
import { FlameView, type FlameViewOptions } from "./flame-view.js";
import { FrameSheet, type SheetAction } from "./frame-sheet.js";
import { loadPreferences, savePreferences } from "./preferences.js";
import type { Scene } from "./scene.js";
import { SearchBar } from "./search-bar.js";
import { subjectOf } from "./subject.js";

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
  ["c", "colour by the next of: package, function, file, own share"],
  ["t", "show a table instead of the graph"],
  ["v", "show or hide the map"],
  ["right click, long press, menu key", "open the menu of a frame"],
  ["tap; double tap", "show the figures of a frame; zoom in on it"],
  ["Back in the browser", "undo a zoom"],
];

export interface PanelOptions extends Omit<FlameViewOptions, "onChange" | "onSearchKey" | "onTap"> {
  /** Meanings of colours that need marks of the profile: binaries, and values of labels. */
  readonly markedColors?: readonly ColorMode[];
  /** Keeps only stacks with a function. */
  onFocus?(subject: FlameFunction): void;
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
  readonly #crumbs = new Breadcrumbs((frame) => {
    this.flame.zoomTo(frame);
    this.flame.focus();
  });
  readonly #sheet = new FrameSheet(() => this.flame.unmarkSelected());
  /** The frame in the sheet, as long as it is selected. */
  #inSheet: { readonly scene: Scene; readonly frame: number } | undefined;
  /** The texts of the colour menu that are shown. */
  #shownColors = "";

  constructor(options: PanelOptions) {
    this.#options = options;
    this.flame = new FlameView({
      ...options,
      onChange: () => this.#update(),
      onSearchKey: () => this.#search.focus(),
      onTap: (frame) => this.#showSheet(frame),
    });
    const { flame } = this;
    flame.showsMap = loadPreferences().showsMap;
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
      this.#crumbs.element,
      flame.element,
      this.#legend,
      this.#sheet.element,
    );
    this.lead.hidden = true;
    this.#map.classList.add("flame-map-button");
    this.#reset.classList.add("flame-reset");
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
      flame.chooseColor(this.#color.value as ColorMode);
    });
    this.#flip.addEventListener("click", () => flame.toggleFlipped());
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
    this.#updateColors();
    this.#updateLegend();
    this.#crumbs.show(flame.scene, flame.zoomed);
    const { scene, frame } = this.#inSheet ?? {};
    if (scene !== flame.scene || frame !== flame.selected) this.#sheet.close();
    savePreferences({ showsMap: flame.showsMap });
  }

  #updateColors(): void {
    const { flame } = this;
    const modes = [...flame.modes, ...(this.#options.markedColors ?? [])];
    const shown = JSON.stringify(modes);
    if (shown !== this.#shownColors) {
      this.#shownColors = shown;
      const texts = modes.map((mode) => {
        const label = labelOf(mode);
        return label ? `label ${shortName(label, 30)}` : COLOR_NAMES[mode as "binary"];
      });
      fill(
        this.#color,
        modes.map((mode, i) => h("option", { value: mode }, `Colour: ${texts[i]}`)),
      );
    }
    this.#color.value = flame.color === "" ? flame.mode : flame.color;
    if (this.#color.selectedIndex < 0) this.#color.value = flame.mode;
    this.#color.hidden = modes.length < 2;
  }

  #sheetActions(scene: Scene, frame: number): SheetAction[] {
    const { flame } = this;
    const { onMenu, onPivot, onFocus } = this.#options;
    const subject = subjectOf(scene, frame);
    const zoom = { text: subject.isRoot ? "Show all" : "Zoom in", act: () => flame.zoomTo(frame) };
    const actions: SheetAction[] = [{ ...zoom, keepsOpen: true }];
    if (subject.isRoot) return actions;
    if (onPivot) actions.push({ text: "Callers and callees", act: () => onPivot(subject.name) });
    if (onFocus) actions.push({ text: "Filter: focus", act: () => onFocus(subject) });
    const more = "Other views and filters…";
    if (onMenu) actions.push({ text: more, act: (at) => onMenu(subject, at), keepsOpen: true });
    return actions;
  }

  /** Shows the figures of a frame, or nothing if a finger tapped no frame. */
  #showSheet(frame: number | undefined): void {
    const { flame } = this;
    const { scene } = flame;
    if (frame === undefined || !scene) {
      this.#sheet.close();
      return;
    }
    const { group, name } = scene.functionOf(frame);
    const details = describe(scene, frame, flame.zoomed);
    const notes = group === "" || group === name ? [] : [`package ${group}`];
    this.#inSheet = { scene, frame };
    this.#sheet.show(
      { ...details, notes: [...details.notes, ...notes] },
      this.#sheetActions(scene, frame),
    );
    flame.markSelected(this.#sheet.element.getBoundingClientRect().top);
  }

  #updateLegend(): void {
    const { flame } = this;
    const { swatches: shown, rest } = flame.legend();
    const swatches = shown.map(({ color, meaning }) => {
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
      ...(rest > 0 ? [h("span", {}, restText(rest))] : []),
      ...notes.map((note) => h("span", { class: "flame-note" }, note)),
    );
  }
}
