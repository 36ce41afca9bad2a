import type { ColorMode, Swatch } from "../../render/flame/colors.js";
import { h } from "../widgets/elements.js";
import { Announcer } from "./announcer.js";
import { type Camera, moved, WHOLE, within, zoomed } from "./camera.js";
import { SceneColoring } from "./coloring.js";
import { describe, spoken } from "./describe.js";
import { FlameCanvas } from "./flame-canvas.js";
import { listen } from "./input.js";
import { type Direction, heaviestLeaf, neighbour } from "./keys.js";
import { Layout } from "./layout.js";
import { MarkedFrames, type SearchResult } from "./marked-frames.js";
import { Minimap } from "./minimap.js";
import { MovingCamera } from "./moving-camera.js";
import { LEVEL_HEIGHT, type Look, type Surface } from "./painter.js";
import { PaperCopy } from "./paper-copy.js";
import { type FlameContent, NONE, Scene, type Side } from "./scene.js";
import { FrameTable } from "./table.js";
import { Tooltip } from "./tooltip.js";
import { ZoomHint } from "./zoom-hint.js";

/** What the page is told, and what it lends. */
export interface FlameViewOptions {
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
  readonly #canvas = new FlameCanvas();
  readonly #hint = new ZoomHint();
  readonly #tooltip = new Tooltip();
  readonly #map = new Minimap();
  readonly #table = new FrameTable();
  readonly #announcer: Announcer;
  readonly #marked = new MarkedFrames();
  readonly #paper: PaperCopy;
  readonly #stillness = matchMedia("(prefers-reduced-motion: reduce)");

  #content: FlameContent | undefined;
  #scene: Scene | undefined;
  #coloring: SceneColoring | undefined;
  #classes: Uint8Array = new Uint8Array(0);
  readonly #camera = new MovingCamera();
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
  #mapIsOld = true;

  constructor(options: FlameViewOptions) {
    this.#options = options;
    this.#host.append(this.#canvas.element, this.#hint.element);
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
    const followed = samePivot ? scene.follow(path, side) : scene.root;
    const isStill = samePivot && scene.pathOf(followed).length === path.length;
    this.#zoomed = isStill ? followed : scene.root;
    this.#selected = samePivot ? scene.follow(selectedPath, selectedSide) : scene.root;
    this.#marked.search(scene);
    let camera = keepsPlace && isStill ? this.#camera.now : this.#cameraOn(this.#zoomed);
    if (!samePivot) {
      camera = { ...camera, top: this.#layout?.firstTop ?? 0 };
      this.#isAtRest = true;
    }
    this.#camera.put(within(camera, this.#mostTop));
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
      this.#canvas.forgetTheme();
      return;
    }
    this.#canvas.readTheme(this.element);
    this.#redraw();
    this.#changed();
  }

  focus(): void {
    this.#host.focus({ preventScroll: true });
  }

  /** What the colours mean, with the colours. */
  legend(): readonly (Swatch & { readonly color: string })[] {
    const { theme } = this.#canvas;
    if (!this.#coloring || !theme) return [];
    return this.#coloring
      .legend(this.#color)
      .map((swatch) => ({ ...swatch, color: theme.swatches[swatch.className] }));
  }

  get scene(): Scene | undefined {
    return this.#scene;
  }

  get grouping(): "package" | "function" {
    return this.#coloring?.grouping ?? "package";
  }

  get isZoomed(): boolean {
    const { left, right } = this.#camera.now;
    return left > 0 || right < 1;
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
      const camera = this.#camera.goal;
      this.#camera.put({ ...camera, top: this.#mostTop - camera.top });
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
      this.#animate(moved(this.#camera.now, key === "ArrowLeft" ? -KEY_MOVE : KEY_MOVE, 0));
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
        this.#setCamera(moved(this.#camera.now, -dx / Math.max(1, this.#surface.width), -dy));
      },
      zoom: (factor, x) => {
        this.#tooltip.hide();
        this.#setCamera(zoomed(this.#camera.now, factor, x / Math.max(1, this.#surface.width)));
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
    const before = this.#camera.now;
    this.#tooltip.hide();
    this.#setCamera(moved(before, dx / Math.max(1, this.#surface.width), dy));
    const { left, top } = this.#camera.now;
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
    const { left, right } = this.#camera.now;
    const [start, end] = [scene.startOf(frame), scene.endOf(frame)];
    const span = right - left;
    let to = this.#camera.now;
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

  get #surface(): Surface {
    return this.#canvas.surface;
  }

  get #layout(): Layout | undefined {
    return this.#scene && new Layout(this.#scene, this.#surface, this.#flipped);
  }

  #frameAt(x: number, y: number): number {
    return this.#layout?.frameAt(x, y, this.#camera.now) ?? NONE;
  }

  get #mostTop(): number {
    return this.#layout?.mostTop ?? 0;
  }

  #cameraOn(frame: number): Camera {
    return this.#layout?.cameraOn(frame, this.#camera.now.top) ?? WHOLE;
  }

  #areaOf(frame: number): { x: number; y: number; width: number } {
    return this.#layout?.areaOf(frame, this.#camera.now) ?? { x: 0, y: 0, width: 0 };
  }

  #scrollBy(views: number): void {
    this.#animate(moved(this.#camera.now, 0, views * this.#surface.height));
  }

  /** About the frame that keys are about, where it can be seen. */
  #zoomBy(factor: number): void {
    const scene = this.#scene;
    if (!scene) return;
    const { left, right } = this.#camera.goal;
    const middle = (scene.startOf(this.#selected) + scene.endOf(this.#selected)) / 2;
    const about = (middle - left) / (right - left);
    this.#animate(
      zoomed({ ...this.#camera.now, left, right }, factor, about > 0 && about < 1 ? about : 0.5),
    );
  }

  /** The middle of what is to be seen, as the small map tells it. */
  #moveTo(x: number, y: number): void {
    const { left, right } = this.#camera.now;
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
    this.#isAtRest = false;
    this.#move(() => this.#camera.put(within(camera, this.#mostTop)));
    this.#leaveZoom();
  }

  /** What is zoomed in on is no longer, once more than it is seen. */
  #leaveZoom(): void {
    const scene = this.#scene;
    if (!scene || this.#zoomed === scene.root) return;
    const { left, right } = this.#camera.now;
    const slack = (right - left) * 1e-6;
    if (left >= scene.startOf(this.#zoomed) - slack && right <= scene.endOf(this.#zoomed) + slack) {
      return;
    }
    this.#zoomed = scene.root;
    this.#changed();
  }

  /** Does what moves the camera, and what follows from it. */
  #move(how: () => void): void {
    const wasZoomed = this.isZoomed;
    how();
    this.#ask();
    if (wasZoomed !== this.isZoomed) this.#changed();
  }

  #animate(camera: Camera, done: () => void = () => {}): void {
    const to = within(camera, this.#mostTop);
    this.#isAtRest = false;
    if (this.#stillness.matches || this.#surface.width === 0) {
      this.#move(() => this.#camera.put(to));
      done();
      return;
    }
    this.#camera.send(to, done);
    this.#ask();
  }

  #changed(): void {
    this.#options.onChange?.();
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (width === 0 || height === 0) return;
    this.#canvas.resize(width, height);
    if (!this.#canvas.theme) this.readTheme();
    // What is on its way is there at once.
    const { goal } = this.#camera;
    const camera = this.#isAtRest ? { ...goal, top: this.#layout?.firstTop ?? 0 } : goal;
    this.#camera.put(within(camera, this.#mostTop));
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
      if (this.#camera.isMoving) this.#move(() => this.#camera.advance(now));
      this.#paint();
    });
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
    const scene = this.#scene;
    const look = this.#look();
    if (!scene || !this.#canvas.paint(scene, this.#camera.now, look)) return;
    if (this.#hovered !== NONE) this.#canvas.outline(this.#areaOf(this.#hovered), 1);
    if (document.activeElement === this.#host || this.#marked.isAtOne) {
      this.#canvas.outline(this.#areaOf(this.#selected), 2);
    }
    this.#paintMap(scene, look);
  }

  #paintMap(scene: Scene, look: Look): void {
    const { height, width } = this.#surface;
    const shows =
      this.#showsMap && width >= 480 && height >= 240 && (this.isZoomed || this.#mostTop > 0);
    this.#map.element.hidden = !shows;
    if (!shows) return;
    if (this.#mapIsOld) {
      this.#map.draw(this.#canvas, scene, { ...look, alike: NONE, zoomed: scene.root });
      this.#mapIsOld = false;
    }
    this.#map.showWindow(this.#camera.now, scene.levels * LEVEL_HEIGHT, height);
  }

  #printed() {
    if (!this.#scene || this.#showsTable) return undefined;
    return {
      scene: this.#scene,
      camera: { ...this.#camera.now, top: 0 },
      look: { ...this.#look(), alike: NONE },
      fontFamily: this.#canvas.theme?.fontFamily ?? "sans-serif",
      painter: this.#canvas.painter,
    };
  }
}
