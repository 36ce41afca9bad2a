import { type ColorMode, isMarked, type Swatch } from "../../render/flame/colors.js";
import { h } from "../widgets/elements.js";
import { SceneColoring } from "./coloring.js";
import { type KeyActions, pressFlameKey } from "./flame-keys.js";
import { FlameStage } from "./flame-stage.js";
import { FrameKeys } from "./frame-keys.js";
import { MarkedFrames, type SearchResult } from "./marked-frames.js";
import { Navigator } from "./navigator.js";
import { heaviestLeaf } from "./neighbours.js";
import { LEVEL_HEIGHT } from "./painter.js";
import { type FlameContent, NONE, Scene } from "./scene.js";
import { type FrameSubject, subjectOf } from "./subject.js";
import { FrameTable } from "./table.js";

/** The keys of the frame zoomed in on and of the selected one; empty for the root. */
export interface FlamePlace {
  readonly zoom: string;
  /** Empty if it is the frame zoomed in on, too. */
  readonly selected: string;
}

const EVERYTHING: FlamePlace = { zoom: "", selected: "" };

/** How the user wants to see a graph. */
export interface FlameLook {
  /** The meaning of the colours; empty for the default. */
  readonly color: ColorMode | "";
  /** Whether the root is at the bottom. */
  readonly flipped: boolean;
}

/** The user may press an arrow key many times per second, so the selection is reported later. */
const SELECTION_DELAY_MS = 250;

import { wholePng, wholeSvg } from "./whole-graph.js";

export interface FlameViewOptions {
  /** The user asks for the menu of a frame, at a point of the window. */
  onMenu?(subject: FrameSubject, at: { readonly x: number; readonly y: number }): void;
  /** The user asks for all callers and callees of a function, merged. */
  onPivot?(name: string): void;
  /**
   * The user has zoomed (a step that can be undone) or only selected or scrolled. `name` is the
   * function of the selected frame; empty for the root.
   */
  onPlace?(place: FlamePlace, how: { readonly isStep: boolean; readonly name: string }): void;
  onLook?(look: FlameLook): void;
  /** A finger taps a frame, or `undefined` where there is none. */
  onTap?(frame: number | undefined): void;
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
    onSelect: () => {
      this.#stage.announce();
      this.#reportSelection();
    },
    onLeave: () => this.#report({ ...this.#place, zoom: "" }, { isStep: false }),
  });
  readonly #stage = new FlameStage({
    navigator: this.#navigator,
    marked: this.#marked,
    classes: () => this.#classes,
    onClick: (frame) => this.#zoomTo(frame),
    onDoubleClick: () => this.reset(),
    onTap: (frame) => {
      if (frame !== NONE) this.#navigator.select(frame);
      this.#options.onTap?.(frame === NONE ? undefined : frame);
    },
    // The view may have moved between the two taps.
    onDoubleTap: () => this.zoomToSelected(),
    onMenu: (frame, at) => {
      if (this.scene) this.#options.onMenu?.(subjectOf(this.scene, frame), at);
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
  #keys: FrameKeys | undefined;
  #classes: Uint8Array = new Uint8Array(0);
  #color: ColorMode | "" = "";
  /** The place in the address. Its frames may be missing in the graph. */
  #place = EVERYTHING;
  #selectionTimer: ReturnType<typeof setTimeout> | undefined;
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
  show(content: FlameContent, { keepsCamera = false, place = this.#place } = {}): void {
    this.#content = content;
    const scene = new Scene(content, this.#scalesBase);
    this.#keys = new FrameKeys(scene);
    this.#coloring = new SceneColoring(scene);
    this.#marked.search(scene);
    this.#navigator.show(scene, keepsCamera);
    this.#classes = this.#coloring.classes(this.mode);
    this.#place = place;
    this.#restorePlace({ isInstant: !keepsCamera });
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

  /** Goes to a place that the address names. Frames that do not exist are ignored. */
  set place(place: FlamePlace) {
    if (place.zoom === this.#place.zoom && place.selected === this.#place.selected) return;
    clearTimeout(this.#selectionTimer);
    this.#place = place;
    this.#restorePlace();
  }

  /** The colours with their meanings, and the number of others that are shown. */
  legend(): { swatches: readonly (Swatch & { readonly color: string })[]; rest: number } {
    const { theme } = this.#stage.canvas;
    if (!this.#coloring || !theme) return { swatches: [], rest: 0 };
    const { swatches, rest } = this.#coloring.legend(this.mode);
    const colored = (swatch: Swatch) => ({ ...swatch, color: theme.swatches[swatch.className] });
    return { swatches: swatches.map(colored), rest };
  }

  /** Returns the whole graph as a picture; undefined while there is none. */
  picture(): { png(): Promise<Blob>; svg(): string } | undefined {
    const { whole } = this.#stage;
    const { theme } = this.#stage.canvas;
    if (!whole || !theme) return undefined;
    return { png: () => wholePng(whole, theme), svg: () => wholeSvg(whole, theme) };
  }

  get scene(): Scene | undefined {
    return this.#navigator.scene;
  }

  /** The frame that fills the width. */
  get zoomed(): number {
    return this.#navigator.zoomed;
  }

  get selected(): number {
    return this.#navigator.selected;
  }

  get isZoomed(): boolean {
    return this.#navigator.isZoomed;
  }

  /** The meaning of the colours that the user chose; empty for the default. */
  get color(): ColorMode | "" {
    return this.#color;
  }

  set color(color: ColorMode | "") {
    if (color === this.#color) return;
    this.#color = color;
    if (this.#coloring) this.#classes = this.#coloring.classes(this.mode);
    this.#stage.redraw();
    this.#changed();
  }

  /** The meaning of the colours: the default if the graph does not have the chosen one. */
  get mode(): ColorMode {
    const { defaultMode = "package" } = this.#coloring ?? {};
    const color = this.#color;
    if (color === "") return defaultMode;
    if (isMarked(color)) return this.scene?.marks ? color : defaultMode;
    return this.modes.find((mode) => mode === color) ?? defaultMode;
  }

  /** The modes in which the boxes differ in colour, besides binaries and labels. */
  get modes(): readonly ColorMode[] {
    return this.#coloring?.modes ?? [];
  }

  /** Changes the meaning of the colours for the user, and reports that. */
  chooseColor(mode: ColorMode): void {
    this.color = mode === this.#coloring?.defaultMode ? "" : mode;
    this.#reportLook();
  }

  get flipped(): boolean {
    return this.#navigator.flipped;
  }

  /** Whether the root is at the bottom. */
  set flipped(flipped: boolean) {
    if (flipped === this.flipped) return;
    this.#navigator.flipped = flipped;
    this.#stage.redraw();
    this.#changed();
  }

  toggleFlipped(): void {
    this.flipped = !this.flipped;
    this.#reportLook();
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

  /** Marks a function; selects its heaviest frame unless one of its frames is selected. */
  selectFunction(name: string): void {
    const { scene } = this;
    if (!scene) return;
    if (scene.nameOf(this.#navigator.selected) !== name) {
      const width = (frame: number) => scene.endOf(frame) - scene.startOf(frame);
      const frames = scene.frames.filter((frame) => scene.nameOf(frame) === name);
      const heaviest = frames.reduce(
        (best, one) => (width(one) > width(best) ? one : best),
        frames[0],
      );
      if (heaviest !== undefined) this.#goTo(heaviest);
      // The state keeps what the user selected elsewhere.
      clearTimeout(this.#selectionTimer);
    }
    this.#stage.marksSelected = this.#navigator.selected !== this.#navigator.zoomed;
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

  zoomToSelected(): void {
    this.#zoomTo(this.#navigator.selected);
  }

  zoomTo(frame: number): void {
    this.#zoomTo(frame);
  }

  /** Outlines the selected frame, and scrolls until it is above `bottom`, in pixels of the window. */
  markSelected(bottom: number): void {
    this.#stage.marksSelected = true;
    const { top } = this.#stage.host.getBoundingClientRect();
    const { y } = this.#navigator.areaOf(this.selected);
    const hidden = top + y + 2 * LEVEL_HEIGHT - bottom;
    if (hidden > 0) this.#navigator.pan(0, hidden);
  }

  unmarkSelected(): void {
    this.#stage.marksSelected = false;
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
    zoomToSelected: () => this.zoomToSelected(),
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
    toggleFlipped: () => this.toggleFlipped(),
    nextColor: () => {
      const { modes } = this;
      if (modes.length > 0) this.chooseColor(modes[(modes.indexOf(this.mode) + 1) % modes.length]);
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
    clearTimeout(this.#selectionTimer);
    const place = { zoom: this.#keys?.keyOf(frame) ?? "", selected: "" };
    this.#report(place, { isStep: place.zoom !== this.#place.zoom });
  }

  /** Moves to the frames of the place, if they exist. */
  #restorePlace(how?: { isInstant: boolean }): void {
    const { zoom, selected } = this.#place;
    const zoomed = this.#frameOf(zoom, this.#navigator.zoomed);
    if (zoomed !== NONE && zoomed !== this.#navigator.zoomed) this.#navigator.zoomTo(zoomed, how);
    const frame = selected === "" ? NONE : this.#frameOf(selected, this.#navigator.selected);
    if (frame !== NONE) this.#navigator.select(frame);
    // The place is known already.
    clearTimeout(this.#selectionTimer);
  }

  /** Returns the frame of a key. Tries `likely` first, because searching takes longer. */
  #frameOf(key: string, likely: number): number {
    if (!this.#keys) return NONE;
    return this.#keys.keyOf(likely) === key ? likely : this.#keys.frameOf(key);
  }

  #reportSelection(): void {
    clearTimeout(this.#selectionTimer);
    this.#selectionTimer = setTimeout(() => {
      const { selected, zoomed } = this.#navigator;
      const key = selected === zoomed ? "" : (this.#keys?.keyOf(selected) ?? "");
      if (key !== this.#place.selected) {
        this.#report({ ...this.#place, selected: key }, { isStep: false });
      }
    }, SELECTION_DELAY_MS);
  }

  #report(place: FlamePlace, { isStep }: { isStep: boolean }): void {
    this.#place = place;
    const { scene, selected } = this.#navigator;
    const name = scene && selected !== scene.root ? scene.nameOf(selected) : "";
    this.#options.onPlace?.(place, { isStep, name });
  }

  #reportLook(): void {
    this.#options.onLook?.({ color: this.#color, flipped: this.flipped });
  }

  #changed(): void {
    this.#options.onChange?.();
  }
}
