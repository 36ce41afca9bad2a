import { grouped } from "../../render/flame/notes.js";
import { shortName } from "../../render/flame/short-name.js";
import { h } from "../widgets/elements.js";
import { FlameView, type FlameViewOptions } from "./flame-view.js";
import { loadPreferences, savePreferences } from "./preferences.js";

/** What mouse, fingers and keys do, for a text of help. */
export const FLAME_HELP: readonly (readonly [how: string, what: string])[] = [
  ["click, Enter", "zoom in on a frame"],
  ["double click, 0, Esc", "show all again"],
  ["Backspace", "zoom out to the caller"],
  ["Ctrl (⌘) + wheel, pinch, + −", "zoom at the pointer"],
  ["wheel", "scroll down; with Shift sideways"],
  ["drag, Shift + ← →", "move"],
  ["← → ↑ ↓", "go from frame to frame"],
  ["Home, End", "go to the root; along the heaviest calls to their end"],
  ["/", "search by a regular expression"],
  ["n, N", "next match, the one before"],
  ["Ctrl (⌘) + Enter in the search", "merge all callers and callees of what matches"],
  ["m", "merge all callers and callees of a function"],
  ["i", "turn over: the root at the top or at the bottom"],
  ["c", "colour by package, or by what functions take themselves"],
  ["t", "a table in place of the picture"],
  ["v", "show or hide the small map"],
  ["right click, long press, menu key", "what can be done with a frame"],
];

/** For so long nothing is typed until a search counts, in milliseconds. */
const TYPING = 120;

/** What a panel tells the view around it. */
export interface PanelOptions extends Omit<FlameViewOptions, "onChange" | "onSearchKey"> {
  /** Somebody searches for something else. */
  onSearch?(text: string): void;
  /** Somebody wants what calls all that matches a regular expression, and what that calls. */
  onPivotMatches?(pattern: string): void;
}

/** A flame graph with its tools above it, and what its colours mean below it. */
export class FlamePanel {
  readonly element: HTMLElement;
  readonly flame: FlameView;
  /** What stands in front of the tools; a view's own. */
  readonly lead = h("div", { class: "flame-lead" });
  readonly #options: PanelOptions;
  readonly #search = h("input", {
    type: "search",
    class: "flame-search",
    placeholder: "Search (regular expression)",
    "aria-label": "Search frames by a regular expression",
    spellcheck: "false",
    autocomplete: "off",
  });
  readonly #case = toggle("Aa", "Tell capitals from small letters");
  readonly #found = h("span", { class: "flame-found", role: "status" });
  readonly #before = button("‹", "Match before (N)");
  readonly #next = button("›", "Next match (n)");
  readonly #pivot = button("Merge", "Callers and callees of all matches, merged (Ctrl Enter)");
  readonly #color = h("select", { class: "flame-select", "aria-label": "Colour by" });
  readonly #flip = toggle("Flip", "Turn the graph over: the root at the bottom (i)");
  readonly #scale = toggle("Scale base", "Draw the base as large as what is new");
  readonly #map = toggle("Map", "Show all in small, once it is zoomed or scrolled (v)");
  readonly #table = toggle("Table", "Show the frames as a table (t)");
  readonly #reset = button("Reset zoom", "Show all again (0, Esc, double click)");
  readonly #legend = h("div", { class: "flame-legend" });
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PanelOptions) {
    this.#options = options;
    this.flame = new FlameView({
      ...options,
      onChange: () => this.#update(),
      onSearchKey: () => this.#startSearch(),
    });
    const { flame } = this;
    const preferences = loadPreferences();
    flame.color = preferences.color;
    flame.flipped = preferences.flipped;
    flame.showsMap = preferences.showsMap;
    const tools = h(
      "div",
      { class: "flame-tools", role: "toolbar", "aria-label": "Flame graph" },
      this.#search,
      this.#case,
      this.#before,
      this.#next,
      this.#pivot,
      this.#found,
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
    return this.#search.value;
  }

  /** Searches for something else, as an address says. */
  set searchText(text: string) {
    if (text === this.#search.value) return;
    this.#search.value = text;
    this.#find();
  }

  #listen(): void {
    const { flame } = this;
    this.#search.addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#searched(), TYPING);
    });
    this.#search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        this.#searched();
        this.#pivotMatches();
      } else if (event.key === "Enter") {
        this.#searched();
        flame.goToMatch(event.shiftKey ? -1 : 1);
      } else if (event.key === "Escape") {
        // Not for the page as well: what is zoomed stays so.
        event.stopPropagation();
        event.preventDefault();
        this.#search.value = "";
        this.#searched();
        flame.focus();
      }
    });
    this.#case.addEventListener("click", () => {
      setPressed(this.#case, this.#case.getAttribute("aria-pressed") !== "true");
      this.#find();
    });
    this.#before.addEventListener("click", () => flame.goToMatch(-1));
    this.#next.addEventListener("click", () => flame.goToMatch(1));
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
    const prefix = this.#ignoresCase ? "(?i)" : "";
    this.#options.onPivotMatches?.(prefix + this.#search.value);
  }

  get #ignoresCase(): boolean {
    return this.#case.getAttribute("aria-pressed") !== "true";
  }

  #startSearch(): void {
    this.#search.focus();
    this.#search.select();
  }

  #searched(): void {
    clearTimeout(this.#typing);
    this.#find();
    this.#options.onSearch?.(this.#search.value);
  }

  #find(): void {
    this.flame.search(this.#search.value, this.#ignoresCase);
  }

  /** Shows what the tools stand at. */
  #update(): void {
    const { flame } = this;
    const { text, isWrong, count, at } = flame.found;
    this.#found.textContent = at > 0 ? `${grouped(at)} of ${text}` : text;
    this.#found.classList.toggle("flame-wrong", isWrong);
    this.#search.setAttribute("aria-invalid", String(isWrong));
    this.#before.disabled = count === 0;
    this.#next.disabled = count === 0;
    this.#pivot.hidden = count === 0 || !this.#options.onPivotMatches;
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
        `Only the ${grouped(page.tree.length - 1)} heaviest frames are shown: ` +
          `the callees of ${grouped(page.cutFrames)} of them are left out.`,
      );
    }
    this.#legend.replaceChildren(
      ...swatches,
      ...notes.map((note) => h("span", { class: "flame-note" }, note)),
    );
  }
}

function button(text: string, title: string): HTMLButtonElement {
  const label = /^\p{L}/u.test(text) ? {} : { "aria-label": title };
  return h("button", { type: "button", class: "flame-button", title, ...label }, text);
}

function toggle(text: string, title: string): HTMLButtonElement {
  const made = button(text, title);
  setPressed(made, false);
  return made;
}

function setPressed(element: HTMLElement, pressed: boolean): void {
  element.setAttribute("aria-pressed", String(pressed));
}
