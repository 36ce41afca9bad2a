import type { ColorMode, Swatch } from "../../render/flame/colors.js";
import type { FlameFunction } from "../../report/flame-functions.js";
import { h } from "../widgets/elements.js";
import { SceneColoring } from "./coloring.js";
import { type KeyActions, pressFlameKey } from "./flame-keys.js";
import { FlameStage } from "./flame-stage.js";
import { MarkedFrames, type SearchResult } from "./marked-frames.js";
import { Navigator } from "./navigator.js";
import { heaviestLeaf } from "./neighbours.js";
import { type FlameContent, NONE, Scene } from "./scene.js";
import { FrameTable } from "./table.js";

export interface FlameViewOptions {
  /** A frame was selected. */
  onSelect?(name: string): void;
  /** The user asks for the menu of a frame, at a point of the window. */
  onMenu?(subject: FlameFunction, at: { readonly x: number; readonly y: number }): void;
  /** The user asks for all callers and callees of a function, merged. */
  onPivot?(name: string): void;
  /** Something that a toolbar shows has changed. */
  onChange?(): void;
  /** The user pressed the key for searching. */
  onSearchKey?(): void;
}

/**
 * A flame graph on a canvas: zoomed, panned, searched and read by mouse, touch and keys.
 * Put {@link element} where it has a height, and pass keys of the page to {@link press}.
 */
export class FlameView {
  readonly element = h("div", { class: "flame-view" });
  readonly #options: FlameViewOptions;
  readonly #table = new FrameTable();
  readonly #marked = new MarkedFrames();
  readonly #navigator = new Navigator({
    surface: () => this.#stage.canvas.surface,
    onMove: () => this.#stage.paintSoon(),
    onChange: () => this.#changed(),
    onSelect: (frame) => {
      this.#stage.announce();
      if (this.scene) this.#options.onSelect?.(this.scene.nameOf(frame));
    },
  });
  readonly #stage = new FlameStage({
    navigator: this.#navigator,
    marked: this.#marked,
    classes: () => this.#classes,
    onClick: (frame) => this.#zoomTo(frame),
    onDoubleClick: () => this.reset(),
    onMenu: (frame, at) => {
      if (this.scene) this.#options.onMenu?.(this.scene.functionOf(frame), at);
    },
    onResize: () => {
      if (!this.#stage.canvas.theme) this.readTheme();
      this.#navigator.resize();
      this.#changed();
    },
    isPrintable: () => !this.#showsTable,
  });

  #content: FlameContent | undefined;
  #coloring: SceneColoring | undefined;
  #classes: Uint8Array = new Uint8Array(0);
  #color: ColorMode = "group";
  #scalesBase = false;
  #showsTable = false;

  constructor(options: FlameViewOptions) {
    this.#options = options;
    this.#table.element.hidden = true;
    this.element.append(this.#stage.element, this.#table.element, this.#stage.printCopy.element);
    this.#table.onChoose = (frame) => {
      this.showsTable = false;
      this.#zoomTo(frame);
      this.focus();
    };
  }

  /** Draws a report. The zoomed frame stays if possible; with `keepsCamera`, nothing moves. */
  show(content: FlameContent, { keepsCamera = false } = {}): void {
    this.#content = content;
    const scene = new Scene(content, this.#scalesBase);
    this.#coloring = new SceneColoring(scene);
    this.#classes = this.#coloring.classes(this.#color);
    this.#marked.search(scene);
    this.#navigator.show(scene, keepsCamera);
    this.#stage.forgetPointer();
    if (this.#showsTable) this.#table.show(scene, this.#navigator.zoomed);
    this.#stage.announce();
    this.#stage.redraw();
    this.#changed();
  }

  readTheme(): void {
    if (!this.element.isConnected) {
      // A detached element has no style: read the theme once the element is back in the page.
      this.#stage.canvas.forgetTheme();
      return;
    }
    this.#stage.canvas.readTheme(this.element);
    this.#stage.redraw();
    this.#changed();
  }

  focus(): void {
    this.#stage.host.focus({ preventScroll: true });
  }

  legend(): readonly (Swatch & { readonly color: string })[] {
    const { theme } = this.#stage.canvas;
    if (!this.#coloring || !theme) return [];
    return this.#coloring
      .legend(this.#color)
      .map((swatch) => ({ ...swatch, color: theme.swatches[swatch.className] }));
  }

  get scene(): Scene | undefined {
    return this.#navigator.scene;
  }

  get grouping(): "package" | "function" {
    return this.#coloring?.grouping ?? "package";
  }

  get isZoomed(): boolean {
    return this.#navigator.isZoomed;
  }

  get color(): ColorMode {
    return this.#color;
  }

  set color(mode: ColorMode) {
    this.#color = mode;
    if (this.#coloring) this.#classes = this.#coloring.classes(mode);
    this.#stage.redraw();
    this.#changed();
  }

  get flipped(): boolean {
    return this.#navigator.flipped;
  }

  /** Whether the root is at the bottom. */
  set flipped(flipped: boolean) {
    this.#navigator.flipped = flipped;
    this.#stage.redraw();
    this.#changed();
  }

  get scalesBase(): boolean {
    return this.#scalesBase;
  }

  /** Whether the base profile of a comparison is drawn as large as the new profile. */
  set scalesBase(scales: boolean) {
    this.#scalesBase = scales;
    if (this.#content) this.show(this.#content);
  }

  get showsMap(): boolean {
    return this.#stage.showsMap;
  }

  set showsMap(shows: boolean) {
    this.#stage.showsMap = shows;
    this.#stage.paintSoon();
    this.#changed();
  }

  get showsTable(): boolean {
    return this.#showsTable;
  }

  /** Whether a table replaces the canvas. */
  set showsTable(shows: boolean) {
    this.#showsTable = shows;
    this.element.classList.toggle("flame-as-table", shows);
    this.#table.element.hidden = !shows;
    this.#stage.hideTooltip();
    if (shows && this.scene) this.#table.show(this.scene, this.#navigator.zoomed);
    this.#changed();
    if (shows) this.#table.element.focus();
  }

  /** Selects the heaviest frame of a function, unless one of its frames is selected. */
  selectFunction(name: string): void {
    const { scene } = this;
    if (!scene || scene.nameOf(this.#navigator.selected) === name) return;
    const width = (frame: number) => scene.endOf(frame) - scene.startOf(frame);
    let heaviest = NONE;
    for (const frame of scene.frames) {
      if (scene.nameOf(frame) !== name) continue;
      if (heaviest === NONE || width(frame) > width(heaviest)) heaviest = frame;
    }
    if (heaviest !== NONE) this.#goTo(heaviest);
  }

  get found(): SearchResult {
    return this.#marked.result;
  }

  /** Marks the frames that match a regular expression; an empty one marks none. */
  search(pattern: string, ignoreCase: boolean): SearchResult {
    if (this.#marked.setPattern(pattern, ignoreCase)) {
      this.#marked.search(this.scene);
      this.#stage.redraw();
      this.#changed();
    }
    return this.found;
  }

  /** Goes to the next match, or with -1 to the previous one. */
  goToMatch(step: 1 | -1): void {
    const frame = this.#marked.step(step);
    if (frame === undefined) return;
    this.#goTo(frame);
    this.#changed();
  }

  reset(): void {
    if (this.scene) this.#zoomTo(this.scene.root);
  }

  /** Acts on a key that is not meant for something else; returns whether it did. */
  press(event: KeyboardEvent): boolean {
    return this.scene !== undefined && pressFlameKey(event, this.#stage.host, this.#keyActions);
  }

  readonly #keyActions: KeyActions = {
    step: (direction) => {
      const turned = { up: "down", down: "up", left: "left", right: "right" } as const;
      this.#navigator.step(
        this.flipped ? turned[direction] : direction,
        this.#stage.showTooltipOfSelected,
      );
    },
    goToRoot: () => this.scene && this.#goTo(this.scene.root),
    goToHeaviestLeaf: () =>
      this.scene && this.#goTo(heaviestLeaf(this.scene, this.#navigator.selected)),
    goToMatch: (step) => this.goToMatch(step),
    zoomToSelected: () => this.#zoomTo(this.#navigator.selected),
    zoomToCaller: () => {
      const { zoomed } = this.#navigator;
      const parent = this.scene?.parentOf(zoomed) ?? NONE;
      this.#zoomTo(parent === NONE ? zoomed : parent);
    },
    zoomBy: (factor) => this.#navigator.zoomBy(factor),
    panBy: (across, down) => this.#navigator.panBy(across, down),
    reset: () => this.reset(),
    escape: () => {
      if (this.#showsTable) this.showsTable = false;
      else if (this.isZoomed) this.reset();
      else return false;
      return true;
    },
    startSearch: () => this.#options.onSearchKey?.(),
    openMenu: () => this.#stage.openMenuOfSelected(),
    showCallersAndCallees: () =>
      this.scene && this.#options.onPivot?.(this.scene.nameOf(this.#navigator.selected)),
    toggleFlipped: () => {
      this.flipped = !this.flipped;
    },
    toggleColor: () => {
      this.color = this.color === "group" ? "share" : "group";
    },
    toggleTable: () => {
      this.showsTable = !this.showsTable;
    },
    toggleMap: () => {
      this.showsMap = !this.showsMap;
    },
  };

  #goTo(frame: number): void {
    this.#navigator.goTo(frame, this.#stage.showTooltipOfSelected);
  }

  #zoomTo(frame: number): void {
    const { scene } = this;
    if (!scene) return;
    this.#stage.hideTooltip();
    this.#navigator.zoomTo(frame);
    if (this.#showsTable) this.#table.show(scene, frame);
  }

  #changed(): void {
    this.#options.onChange?.();
  }
}
