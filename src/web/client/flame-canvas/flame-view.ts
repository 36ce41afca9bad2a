import type { ColorMode, Swatch } from "../../../render/flame/colors.js";
import { h } from "../app/elements.js";
import { Announcer } from "./announcer.js";
import { between, type Camera, eased, moved, WHOLE, within, zoomed } from "./camera.js";
import { SceneColoring } from "./coloring.js";
import { describe, spoken } from "./describe.js";
import { listen } from "./input.js";
import { type Direction, heaviestLeaf, neighbour } from "./keys.js";
import { Layout } from "./layout.js";
import { MarkedFrames, type SearchResult } from "./marked-frames.js";
import { Minimap } from "./minimap.js";
import { NameFitter } from "./name-fitter.js";
import { fontOf, LEVEL_HEIGHT, type Look, Painter, type Surface } from "./painter.js";
import { PaperCopy } from "./paper-copy.js";
import { type FlameContent, NONE, Scene, type Side } from "./scene.js";
import type { Compile } from "./search.js";
import { FrameTable } from "./table.js";
import { type CanvasTheme, readTheme } from "./theme.js";
import { Tooltip } from "./tooltip.js";
import { ZoomHint } from "./zoom-hint.js";

/** What the page is told, and what it lends. */
export interface FlameViewOptions {
  readonly compile: Compile;
  /** A frame has become the one that keys are about. */
  onSelect?(name: string): void;
  /** A menu is asked for, at a point of the window. */
  onMenu?(name: string, at: { readonly x: number; readonly y: number }): void;
  /** Somebody wants to see who calls a place, and what it calls, wherever it is called. */
  onPivot?(name: string): void;
  /** Something that a toolbar shows has changed. */
  onChange?(): void;
  /** Somebody pressed the key for searching. */
  onSearchKey?(): void;
}

/** How long a zoom takes, in milliseconds. */
const ZOOM_TIME = 260;
/** What a key zooms and moves by. */
const KEY_ZOOM = 1.6;
const KEY_MOVE = 0.2;
/** Boxes narrower than this, in CSS pixels, are brought nearer when keys go to them. */
const LEAST_SEEN = 3;

/**
 * A flame graph on a canvas: zoomed, moved, searched and read by mouse, fingers and keys.
 * Put {@link element} where it has a height, and hand keys of the page to {@link press}.
 */
export class FlameView {
  readonly element = h("div", { class: "flame-view" });
  readonly #options: FlameViewOptions;
  readonly #host = h("div", { class: "flame-host", tabindex: 0, "aria-label": "Flame graph" });
  readonly #canvas = h("canvas", { "aria-hidden": "true" });
  readonly #hint = new ZoomHint();
  readonly #tooltip = new Tooltip();
  readonly #map = new Minimap();
  readonly #table = new FrameTable();
  readonly #announcer: Announcer;
  readonly #painter = new Painter();
  readonly #marked: MarkedFrames;
  readonly #paper: PaperCopy;
  readonly #stillness = matchMedia("(prefers-reduced-motion: reduce)");
  #theme: CanvasTheme | undefined;
  #fitter = new NameFitter(() => 0);
  #surface: Surface = { width: 0, height: 0, ratio: 1 };

  #content: FlameContent | undefined;
  #scene: Scene | undefined;
  #coloring: SceneColoring | undefined;
  #classes: Uint8Array = new Uint8Array(0);
  #camera: Camera = WHOLE;
  #zoomed = 0;
  #selected = 0;
  #hovered = NONE;
  #color: ColorMode = "group";
  #flipped = false;
  #scalesBase = false;
  #showsMap = true;
  #showsTable = false;

  /** Nobody has moved what is shown: it stays at its best place when the size changes. */
  #isAtRest = true;
  #frameAsked = 0;
  #motion: { from: Camera; to: Camera; start: number } | undefined;
  #mapIsOld = true;

  constructor(options: FlameViewOptions) {
    this.#options = options;
    this.#marked = new MarkedFrames(options.compile);
    this.#host.append(this.#canvas, this.#hint.element);
    this.#announcer = new Announcer(this.#host);
    const stage = h(
      "div",
      { class: "flame-stage" },
      this.#host,
      this.#map.element,
      this.#tooltip.element,
    );
    this.#paper = new PaperCopy(() => this.#printed());
    this.#table.element.hidden = true;
    this.element.append(stage, this.#table.element, this.#paper.element);
    this.#table.onChoose = (frame) => {
      this.showsTable = false;
      this.#zoomTo(frame);
      this.focus();
    };
    this.#map.onMove = (x, y) => this.#moveTo(x, y);
    new ResizeObserver(() => this.#resize()).observe(this.#host);
    this.#host.addEventListener("focus", () => this.#ask());
    this.#host.addEventListener("blur", () => {
      this.#tooltip.hide();
      this.#ask();
    });
    this.#listen();
  }

  /**
   * Draws another report. What was zoomed in on stays so where it is still there;
   * `keepsPlace` says that it is the same in more detail, which does not move at all.
   */
  show(content: FlameContent, { keepsPlace = false } = {}): void {
    const before = this.#scene;
    const path = before?.pathOf(this.#zoomed) ?? [];
    const selectedPath = before?.pathOf(this.#selected) ?? [];
    const { isPivot } = before ?? {};
    const sideOf = (frame: number): Side => (before?.isCaller(frame) ? "callers" : "callees");
    const [side, selectedSide] = [sideOf(this.#zoomed), sideOf(this.#selected)];
    const samePivot =
      isPivot !== undefined &&
      isPivot === (content.callers !== undefined) &&
      (!isPivot || before?.nameOf(before.root) === content.report.places[1]?.name);
    this.#content = content;
    const scene = new Scene(content, this.#scalesBase);
    this.#scene = scene;
    this.#coloring = new SceneColoring(scene);
    this.#classes = this.#coloring.classes(this.#color);
    this.#hovered = NONE;
    this.#motion = undefined;
    const followed = samePivot ? scene.follow(path, side) : scene.root;
    const isStill = samePivot && scene.pathOf(followed).length === path.length;
    this.#zoomed = isStill ? followed : scene.root;
    this.#selected = samePivot ? scene.follow(selectedPath, selectedSide) : scene.root;
    this.#marked.search(scene);
    if (!(keepsPlace && isStill)) this.#camera = this.#cameraOn(this.#zoomed);
    if (!samePivot) {
      this.#camera = { ...this.#camera, top: this.#layout?.firstTop ?? 0 };
      this.#isAtRest = true;
    }
    this.#camera = within(this.#camera, this.#mostTop);
    this.#tooltip.hide();
    if (this.#showsTable) this.#table.show(scene, this.#zoomed);
    this.#announce();
    this.#redraw();
    this.#changed();
  }

  /** Reads the colours of the page again. */
  readTheme(): void {
    if (!this.element.isConnected) {
      // They are read once it is in the page again.
      this.#theme = undefined;
      return;
    }
    const theme = readTheme(this.element);
    const context = h("canvas").getContext("2d");
    if (context) {
      context.font = fontOf(theme, 1);
      this.#fitter = new NameFitter((text) => context.measureText(text).width);
    }
    this.#theme = theme;
    this.#redraw();
    this.#changed();
  }

  focus(): void {
    this.#host.focus({ preventScroll: true });
  }

  /** What the colours mean, with the colours. */
  legend(): readonly (Swatch & { readonly color: string })[] {
    if (!this.#coloring || !this.#theme) return [];
    const { swatches } = this.#theme;
    return this.#coloring
      .legend(this.#color)
      .map((swatch) => ({ ...swatch, color: swatches[swatch.className] }));
  }

  get scene(): Scene | undefined {
    return this.#scene;
  }

  get grouping(): "package" | "function" {
    return this.#coloring?.grouping ?? "package";
  }

  get isZoomed(): boolean {
    return this.#camera.left > 0 || this.#camera.right < 1;
  }

  get color(): ColorMode {
    return this.#color;
  }

  set color(mode: ColorMode) {
    this.#color = mode;
    if (this.#coloring) this.#classes = this.#coloring.classes(mode);
    this.#redraw();
    this.#changed();
  }

  get flipped(): boolean {
    return this.#flipped;
  }

  /** Whether the root is at the bottom. */
  set flipped(flipped: boolean) {
    if (flipped !== this.#flipped) {
      // What was at the top is now as far from the bottom.
      const camera = this.#motion?.to ?? this.#camera;
      this.#motion = undefined;
      this.#camera = { ...camera, top: this.#mostTop - camera.top };
    }
    this.#flipped = flipped;
    this.#redraw();
    this.#changed();
  }

  get scalesBase(): boolean {
    return this.#scalesBase;
  }

  /** Whether the base of a comparison is drawn as if it were as large as what is new. */
  set scalesBase(scales: boolean) {
    this.#scalesBase = scales;
    if (this.#content) this.show(this.#content);
  }

  get showsMap(): boolean {
    return this.#showsMap;
  }

  set showsMap(shows: boolean) {
    this.#showsMap = shows;
    this.#ask();
    this.#changed();
  }

  get showsTable(): boolean {
    return this.#showsTable;
  }

  /** Whether there is a table in place of the picture. */
  set showsTable(shows: boolean) {
    this.#showsTable = shows;
    this.element.classList.toggle("flame-as-table", shows);
    this.#table.element.hidden = !shows;
    this.#tooltip.hide();
    if (shows && this.#scene) this.#table.show(this.#scene, this.#zoomed);
    this.#changed();
    if (shows) this.#table.element.focus();
  }

  get found(): SearchResult {
    return this.#marked.result;
  }

  /** Marks what matches a pattern; none with an empty one. */
  search(pattern: string, ignoreCase: boolean): SearchResult {
    if (this.#marked.setPattern(pattern, ignoreCase)) {
      this.#marked.search(this.#scene);
      this.#redraw();
      this.#changed();
    }
    return this.found;
  }

  /** Goes to another frame that matches. */
  goToMatch(step: 1 | -1): void {
    const frame = this.#marked.step(step);
    if (frame === undefined) return;
    this.#goTo(frame);
    this.#changed();
  }

  /** Shows all of it again. */
  reset(): void {
    if (this.#scene) this.#zoomTo(this.#scene.root);
  }

  /** Answers to keys that are not for something else; true where it did. */
  press(event: KeyboardEvent): boolean {
    const { key, target, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (!this.#scene || ctrlKey || metaKey || altKey) return false;
    const element = target instanceof Element ? target : undefined;
    if (element?.closest("input,select,textarea,[contenteditable],dialog,[role=menu]"))
      return false;
    const isElsewhere =
      element !== undefined && element !== this.#host && element !== document.body;
    if (isElsewhere && /^(Enter| |Arrow.*|Home|End|Page.*|Tab|Backspace)$/.test(key)) return false;
    if (shiftKey && /^Arrow(Left|Right)$/.test(key)) {
      this.#animate(moved(this.#camera, key === "ArrowLeft" ? -KEY_MOVE : KEY_MOVE, 0));
      return true;
    }
    if (shiftKey && key === "F10") return this.#menuOfSelected();
    const act = this.#acts[key.length === 1 && key !== "N" ? key.toLowerCase() : key];
    if (!act) return false;
    return act() !== false;
  }

  readonly #acts: Readonly<Record<string, () => unknown>> = {
    ArrowUp: () => this.#step(this.#flipped ? "down" : "up"),
    ArrowDown: () => this.#step(this.#flipped ? "up" : "down"),
    ArrowLeft: () => this.#step("left"),
    ArrowRight: () => this.#step("right"),
    Home: () => this.#scene && this.#goTo(this.#scene.root),
    End: () => this.#scene && this.#goTo(heaviestLeaf(this.#scene, this.#selected)),
    PageUp: () => this.#scrollBy(-0.8),
    PageDown: () => this.#scrollBy(0.8),
    Enter: () => this.#zoomTo(this.#selected),
    Backspace: () => {
      const parent = this.#scene?.parentOf(this.#zoomed) ?? NONE;
      this.#zoomTo(parent < 0 ? this.#zoomed : parent);
    },
    Escape: () => this.#escape(),
    "0": () => this.reset(),
    "+": () => this.#zoomBy(KEY_ZOOM),
    "=": () => this.#zoomBy(KEY_ZOOM),
    "-": () => this.#zoomBy(1 / KEY_ZOOM),
    "/": () => this.#options.onSearchKey?.(),
    n: () => this.goToMatch(1),
    N: () => this.goToMatch(-1),
    m: () => this.#scene && this.#options.onPivot?.(this.#scene.nameOf(this.#selected)),
    i: () => {
      this.flipped = !this.flipped;
    },
    c: () => {
      this.color = this.color === "group" ? "share" : "group";
    },
    t: () => {
      this.showsTable = !this.showsTable;
    },
    v: () => {
      this.showsMap = !this.showsMap;
    },
    ContextMenu: () => this.#menuOfSelected(),
  };

  #escape(): boolean {
    if (this.#showsTable) this.showsTable = false;
    else if (this.isZoomed) this.reset();
    else return false;
    return true;
  }

  #menuOfSelected(): boolean {
    const scene = this.#scene;
    if (!scene) return false;
    const { x, y, width } = this.#areaOf(this.#selected);
    const { left, top } = this.#host.getBoundingClientRect();
    const inside = Math.min(Math.max(x, 0) + Math.min(width / 2, 40), this.#surface.width - 10);
    this.#options.onMenu?.(scene.nameOf(this.#selected), {
      x: left + inside,
      y: top + y + LEVEL_HEIGHT,
    });
    return true;
  }

  #listen(): void {
    listen(this.#host, {
      hover: (x, y) => this.#hover(x, y),
      leave: () => this.#leave(),
      click: (x, y) => {
        const frame = this.#frameAt(x, y);
        if (frame === NONE) return;
        this.#zoomTo(frame);
      },
      doubleClick: () => this.reset(),
      pan: (dx, dy) => {
        this.#leave();
        this.#setCamera(moved(this.#camera, -dx / Math.max(1, this.#surface.width), -dy));
      },
      zoom: (factor, x) => {
        this.#tooltip.hide();
        this.#setCamera(zoomed(this.#camera, factor, x / Math.max(1, this.#surface.width)));
      },
      scroll: (dx, dy) => this.#scroll(dx, dy),
      menu: (x, y) => {
        const frame = this.#frameAt(x, y);
        if (frame === NONE || !this.#scene) return;
        this.#select(frame);
        this.#tooltip.hide();
        const { left, top } = this.#host.getBoundingClientRect();
        this.#options.onMenu?.(this.#scene.nameOf(frame), { x: left + x, y: top + y });
      },
    });
  }

  #scroll(dx: number, dy: number): boolean {
    const before = this.#camera;
    this.#tooltip.hide();
    this.#setCamera(moved(before, dx / Math.max(1, this.#surface.width), dy));
    const { left, top } = this.#camera;
    const hasMoved = left !== before.left || top !== before.top;
    // Whoever turns a wheel over what cannot scroll may want to zoom.
    if (!hasMoved && this.#mostTop === 0 && dy !== 0) this.#hint.show();
    return hasMoved;
  }

  #hover(x: number, y: number): void {
    const frame = this.#frameAt(x, y);
    if (frame !== this.#hovered) {
      this.#hovered = frame;
      this.#host.classList.toggle("flame-hovers", frame !== NONE);
      this.#ask();
    }
    if (frame === NONE || !this.#scene) this.#tooltip.hide();
    else this.#tell(frame, x, y);
  }

  #leave(): void {
    this.#tooltip.hide();
    if (this.#hovered === NONE) return;
    this.#hovered = NONE;
    this.#ask();
  }

  #tell(frame: number, x: number, y: number): void {
    if (!this.#scene) return;
    const { width, height } = this.#surface;
    this.#tooltip.show(describe(this.#scene, frame, this.#zoomed), x, y, width, height);
  }

  #step(direction: Direction): void {
    const scene = this.#scene;
    if (!scene) return;
    this.#goTo(neighbour(scene, this.#selected, direction));
  }

  /** Makes it the frame that keys are about, and brings it into view. */
  #goTo(frame: number): void {
    const scene = this.#scene;
    if (!scene) return;
    this.#select(frame);
    const { left, right } = this.#camera;
    const [start, end] = [scene.startOf(frame), scene.endOf(frame)];
    const span = right - left;
    let to = this.#camera;
    const isSeen = end > left && start < right;
    if (!isSeen || ((end - start) / span) * this.#surface.width < LEAST_SEEN) {
      // Near enough to read it, with what is around it.
      const wanted = Math.min(span, Math.max((end - start) * 4, 0));
      const middle = (start + end) / 2;
      to = { ...to, left: middle - wanted / 2, right: middle + wanted / 2 };
      if (!scene.covers(this.#zoomed, frame)) this.#zoomed = scene.root;
    }
    to = this.#layout?.scrolledTo(frame, to) ?? to;
    this.#animate(to, () => {
      if (document.activeElement !== this.#host) return;
      const { x, y, width } = this.#areaOf(frame);
      this.#tell(frame, Math.max(0, x) + Math.min(width / 2, 40), y + LEVEL_HEIGHT / 2);
    });
  }

  #select(frame: number): void {
    this.#selected = frame;
    this.#announce();
    this.#ask();
    if (this.#scene) this.#options.onSelect?.(this.#scene.nameOf(frame));
  }

  #announce(): void {
    const scene = this.#scene;
    if (!scene) return;
    const frame = this.#selected;
    const parent = scene.parentOf(frame);
    const siblings =
      parent < 0
        ? [frame]
        : scene.childrenOf(parent, scene.isCaller(frame) ? "callers" : "callees");
    this.#announcer.tell(
      spoken(describe(scene, frame, this.#zoomed)),
      Math.max(1, scene.tree.depths[frame] + (scene.isPivot ? 0 : 1)),
      siblings.indexOf(frame) + 1,
      siblings.length,
    );
  }

  #zoomTo(frame: number): void {
    const scene = this.#scene;
    if (!scene) return;
    this.#zoomed = frame;
    this.#select(frame);
    this.#tooltip.hide();
    this.#animate(this.#cameraOn(frame));
    if (this.#showsTable) this.#table.show(scene, frame);
    this.#changed();
  }

  get #layout(): Layout | undefined {
    return this.#scene && new Layout(this.#scene, this.#surface, this.#flipped);
  }

  #frameAt(x: number, y: number): number {
    return this.#layout?.frameAt(x, y, this.#camera) ?? NONE;
  }

  get #mostTop(): number {
    return this.#layout?.mostTop ?? 0;
  }

  #cameraOn(frame: number): Camera {
    return this.#layout?.cameraOn(frame, this.#camera.top) ?? WHOLE;
  }

  #areaOf(frame: number): { x: number; y: number; width: number } {
    return this.#layout?.areaOf(frame, this.#camera) ?? { x: 0, y: 0, width: 0 };
  }

  #scrollBy(views: number): void {
    this.#animate(moved(this.#camera, 0, views * this.#surface.height));
  }

  /** About the frame that keys are about, where it can be seen. */
  #zoomBy(factor: number): void {
    const scene = this.#scene;
    if (!scene) return;
    const { left, right } = this.#motion?.to ?? this.#camera;
    const middle = (scene.startOf(this.#selected) + scene.endOf(this.#selected)) / 2;
    const about = (middle - left) / (right - left);
    this.#animate(
      zoomed({ ...this.#camera, left, right }, factor, about > 0 && about < 1 ? about : 0.5),
    );
  }

  /** The middle of what is to be seen, as the small map tells it. */
  #moveTo(x: number, y: number): void {
    const { left, right } = this.#camera;
    const span = right - left;
    const height = (this.#scene?.levels ?? 0) * LEVEL_HEIGHT;
    this.#setCamera({
      left: x - span / 2,
      right: x + span / 2,
      top: y * height - this.#surface.height / 2,
    });
  }

  /** Goes there at once. */
  #setCamera(camera: Camera): void {
    this.#motion = undefined;
    this.#isAtRest = false;
    this.#apply(within(camera, this.#mostTop));
    this.#leaveZoom();
  }

  /** What is zoomed in on is no longer, once more than it is seen. */
  #leaveZoom(): void {
    const scene = this.#scene;
    if (!scene || this.#zoomed === scene.root) return;
    const { left, right } = this.#camera;
    const slack = (right - left) * 1e-6;
    if (left >= scene.startOf(this.#zoomed) - slack && right <= scene.endOf(this.#zoomed) + slack) {
      return;
    }
    this.#zoomed = scene.root;
    this.#changed();
  }

  #apply(camera: Camera): void {
    const wasZoomed = this.isZoomed;
    this.#camera = camera;
    this.#ask();
    if (wasZoomed !== this.isZoomed) this.#changed();
  }

  #animate(camera: Camera, done: () => void = () => {}): void {
    const to = within(camera, this.#mostTop);
    this.#isAtRest = false;
    if (this.#stillness.matches || this.#surface.width === 0) {
      this.#motion = undefined;
      this.#apply(to);
      done();
      return;
    }
    this.#motion = { from: this.#camera, to, start: performance.now() };
    this.#whenThere = done;
    this.#ask();
  }

  #whenThere: () => void = () => {};

  #changed(): void {
    this.#options.onChange?.();
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (width === 0 || height === 0) return;
    this.#surface = { width, height, ratio: window.devicePixelRatio || 1 };
    if (!this.#theme) this.readTheme();
    if (this.#isAtRest) this.#camera = { ...this.#camera, top: this.#layout?.firstTop ?? 0 };
    // What is on its way is there at once.
    this.#camera = within(this.#motion?.to ?? this.#camera, this.#mostTop);
    this.#motion = undefined;
    this.#changed();
    this.#redraw();
    // At once: a canvas is empty when its size changes.
    this.#paint();
  }

  /** Draws all anew, the small map as well. */
  #redraw(): void {
    this.#mapIsOld = true;
    this.#ask();
  }

  #ask(): void {
    if (this.#frameAsked !== 0) return;
    this.#frameAsked = requestAnimationFrame((now) => {
      this.#frameAsked = 0;
      this.#advance(now);
      this.#paint();
    });
  }

  #advance(now: number): void {
    if (!this.#motion) return;
    const { from, to, start } = this.#motion;
    const part = Math.max(0, (now - start) / ZOOM_TIME);
    this.#apply(between(from, to, eased(part)));
    if (part < 1) return;
    this.#motion = undefined;
    this.#whenThere();
  }

  #look(): Look {
    const scene = this.#scene;
    return {
      classes: this.#classes,
      matches: this.#marked.places,
      alike: scene && this.#hovered >= 0 ? scene.tree.places[this.#hovered] : NONE,
      zoomed: this.#zoomed,
      flipped: this.#flipped,
    };
  }

  #paint(): void {
    const { width, height } = this.#surface;
    const ratio = window.devicePixelRatio || 1;
    if (ratio !== this.#surface.ratio) this.#surface = { width, height, ratio };
    const scene = this.#scene;
    const theme = this.#theme;
    if (!scene || !theme || width === 0) return;
    const canvas = this.#canvas;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) return;
    const look = this.#look();
    this.#painter.paint(context, this.#surface, scene, this.#camera, look, theme, this.#fitter);
    this.#outline(context, this.#hovered, theme.text, 1);
    if (document.activeElement === this.#host || this.#marked.isAtOne) {
      this.#outline(context, this.#selected, theme.text, 2);
    }
    this.#paintMap(scene, look, theme, ratio);
  }

  #outline(context: CanvasRenderingContext2D, frame: number, color: string, line: number): void {
    if (frame === NONE) return;
    const { ratio, width: whole } = this.#surface;
    const { x, y, width } = this.#areaOf(frame);
    const left = Math.max(-4, x);
    const right = Math.min(whole + 4, x + width);
    if (right < 0 || left > whole) return;
    context.strokeStyle = color;
    context.lineWidth = line * ratio;
    context.strokeRect(
      (left + line / 2) * ratio,
      (y + line / 2) * ratio,
      Math.max(1, right - left - 1 - line) * ratio,
      (LEVEL_HEIGHT - 1 - line) * ratio,
    );
  }

  #paintMap(scene: Scene, look: Look, theme: CanvasTheme, ratio: number): void {
    const { height, width } = this.#surface;
    const shows =
      this.#showsMap && width >= 480 && height >= 240 && (this.isZoomed || this.#mostTop > 0);
    this.#map.element.hidden = !shows;
    if (!shows) return;
    if (this.#mapIsOld) {
      this.#map.draw(
        this.#painter,
        scene,
        { ...look, alike: NONE, zoomed: scene.root },
        theme,
        ratio,
      );
      this.#mapIsOld = false;
    }
    const all = scene.levels * LEVEL_HEIGHT;
    const { top } = this.#camera;
    const spare = Math.max(0, height - all);
    const isWhole = spare > 0;
    this.#map.showWindow(
      this.#camera,
      isWhole ? 0 : top / all,
      isWhole ? 1 : Math.min(1, (top + height) / all),
    );
  }

  #printed() {
    if (!this.#scene || this.#showsTable) return undefined;
    return {
      scene: this.#scene,
      camera: { ...this.#camera, top: 0 },
      look: { ...this.#look(), alike: NONE },
      fontFamily: this.#theme?.fontFamily ?? "sans-serif",
      painter: this.#painter,
    };
  }
}
