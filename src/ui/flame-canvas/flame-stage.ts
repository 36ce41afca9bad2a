import { h } from "../widgets/elements.js";
import { Announcer } from "./announcer.js";
import { describe, spoken } from "./describe.js";
import { FlameCanvas } from "./flame-canvas.js";
import type { MarkedFrames } from "./marked-frames.js";
import { Minimap } from "./minimap.js";
import type { Navigator } from "./navigator.js";
import { LEVEL_HEIGHT, type Look } from "./painter.js";
import { listen } from "./pointer-input.js";
import { PrintCopy } from "./print-copy.js";
import { NONE, type Scene } from "./scene.js";
import { Tooltip } from "./tooltip.js";
import type { WholeGraph } from "./whole-graph.js";
import { ZoomHint } from "./zoom-hint.js";

/** The minimum size of a canvas with a map, in CSS pixels. */
const MIN_MAP_WIDTH = 480;
const MIN_MAP_HEIGHT = 240;

/** The distance of a tooltip or menu opened by a key from the left of its frame, in CSS pixels. */
const MAX_TIP_OFFSET = 40;

export interface FlameStageOptions {
  readonly navigator: Navigator;
  readonly marked: MarkedFrames;
  classes(): Uint8Array;
  onClick(frame: number): void;
  onDoubleClick(): void;
  /** A finger taps a frame, or {@link NONE}. */
  onTap(frame: number): void;
  onDoubleTap(frame: number): void;
  /** The user asks for the menu of a frame, at a point of the window. */
  onMenu(frame: number, at: { readonly x: number; readonly y: number }): void;
  onResize(): void;
  isPrintable(): boolean;
}

/** The canvas of a flame graph with its tooltip and map: painting and the pointer. */
export class FlameStage {
  readonly element: HTMLElement;
  /** The element that has the focus. */
  readonly host = h("div", { class: "flame-host", tabindex: 0, "aria-label": "Flame graph" });
  readonly canvas = new FlameCanvas();
  readonly printCopy = new PrintCopy(() => this.#printed());
  readonly #options: FlameStageOptions;
  readonly #navigator: Navigator;
  readonly #hint = new ZoomHint();
  readonly #tooltip = new Tooltip();
  readonly #map = new Minimap();
  readonly #announcer: Announcer;
  #hovered = NONE;
  showsMap = true;
  /** Whether the selected frame is outlined even if the canvas does not have the focus. */
  #marksSelected = false;
  /** The id of the requested animation frame; 0 for none. */
  #animationFrame = 0;
  #mapIsOutdated = true;

  constructor(options: FlameStageOptions) {
    this.#options = options;
    this.#navigator = options.navigator;
    this.host.append(this.canvas.element, this.#hint.element);
    this.#announcer = new Announcer(this.host);
    this.element = h(
      "div",
      { class: "flame-stage" },
      this.host,
      this.#map.element,
      this.#tooltip.element,
    );
    this.#map.onMove = (x, y) => this.#navigator.centerOn(x, y);
    new ResizeObserver(() => this.#resize()).observe(this.host);
    this.host.addEventListener("focus", () => this.paintSoon());
    this.host.addEventListener("blur", () => {
      this.#tooltip.hide();
      this.paintSoon();
    });
    this.#listen();
  }

  set marksSelected(marks: boolean) {
    this.#marksSelected = marks;
    this.paintSoon();
  }

  hideTooltip(): void {
    this.#tooltip.hide();
  }

  /** Forgets the frame under the pointer, which belongs to another scene. */
  forgetPointer(): void {
    this.#hovered = NONE;
    this.#tooltip.hide();
  }

  redraw(): void {
    this.#mapIsOutdated = true;
    this.paintSoon();
  }

  /** Paints the canvas in the next animation frame. */
  paintSoon(): void {
    if (this.#animationFrame !== 0) return;
    this.#animationFrame = requestAnimationFrame((now) => {
      this.#animationFrame = 0;
      if (this.#navigator.isMoving) this.#navigator.advance(now);
      this.#paint();
    });
  }

  announce(): void {
    const { scene } = this.#navigator;
    if (!scene) return;
    const frame = this.#navigator.selected;
    const parent = scene.parentOf(frame);
    const siblings =
      parent === NONE
        ? [frame]
        : scene.childrenOf(parent, scene.isCaller(frame) ? "callers" : "callees");
    this.#announcer.announce(
      spoken(describe(scene, frame, this.#navigator.zoomed)),
      Math.max(1, scene.tree.depths[frame] + (scene.isPivot ? 0 : 1)),
      siblings.indexOf(frame) + 1,
      siblings.length,
    );
  }

  /** Shows the tooltip of a frame that the user went to by key. */
  readonly showTooltipOfSelected = (frame: number): void => {
    if (document.activeElement !== this.host) return;
    const { x, y, width } = this.#navigator.areaOf(frame);
    const inside = Math.max(0, x) + Math.min(width / 2, MAX_TIP_OFFSET);
    this.#showTooltip(frame, inside, y + LEVEL_HEIGHT / 2);
  };

  /** Opens the menu of the selected frame, for users without a pointer. */
  openMenuOfSelected(): boolean {
    const { scene, selected } = this.#navigator;
    if (!scene) return false;
    const { x, y, width } = this.#navigator.areaOf(selected);
    const inside = Math.max(x, 0) + Math.min(width / 2, MAX_TIP_OFFSET);
    this.#openMenu(selected, Math.min(inside, this.canvas.surface.width - 10), y + LEVEL_HEIGHT);
    return true;
  }

  #openMenu(frame: number, x: number, y: number): void {
    const { left, top } = this.host.getBoundingClientRect();
    this.#options.onMenu(frame, { x: left + x, y: top + y });
  }

  #listen(): void {
    const navigator = this.#navigator;
    listen(this.host, {
      hover: (x, y) => this.#hover(x, y),
      leave: () => this.#leave(),
      click: (x, y) => {
        const frame = navigator.frameAt(x, y);
        if (frame !== NONE) this.#options.onClick(frame);
      },
      doubleClick: () => this.#options.onDoubleClick(),
      tap: (x, y) => {
        this.#leave();
        this.#options.onTap(navigator.frameAt(x, y));
      },
      doubleTap: (x, y) => this.#options.onDoubleTap(navigator.frameAt(x, y)),
      drag: (dx, dy) => {
        this.#leave();
        navigator.pan(-dx, -dy);
      },
      zoom: (factor, x) => {
        this.#tooltip.hide();
        navigator.zoomAt(factor, x);
      },
      scroll: (dx, dy) => this.#scroll(dx, dy),
      menu: (x, y) => {
        const frame = navigator.frameAt(x, y);
        if (frame === NONE) return;
        navigator.select(frame);
        this.#tooltip.hide();
        this.#openMenu(frame, x, y);
      },
    });
  }

  #scroll(dx: number, dy: number): boolean {
    const before = this.#navigator.camera;
    this.#tooltip.hide();
    this.#navigator.pan(dx, dy);
    const { left, top } = this.#navigator.camera;
    const hasMoved = left !== before.left || top !== before.top;
    // The user may have expected the wheel to zoom.
    if (!hasMoved && this.#navigator.maxTop === 0 && dy !== 0) this.#hint.show();
    return hasMoved;
  }

  #hover(x: number, y: number): void {
    const frame = this.#navigator.frameAt(x, y);
    if (frame !== this.#hovered) {
      this.#hovered = frame;
      this.host.classList.toggle("flame-hovers", frame !== NONE);
      this.paintSoon();
    }
    if (frame === NONE) this.#tooltip.hide();
    else this.#showTooltip(frame, x, y);
  }

  #leave(): void {
    this.#tooltip.hide();
    if (this.#hovered === NONE) return;
    this.#hovered = NONE;
    this.paintSoon();
  }

  #showTooltip(frame: number, x: number, y: number): void {
    const { scene } = this.#navigator;
    if (!scene) return;
    const { width, height } = this.canvas.surface;
    const description = describe(scene, frame, this.#navigator.zoomed);
    this.#tooltip.show(description, x, y, width, height);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width === 0 || height === 0) return;
    this.canvas.resize(width, height);
    this.#options.onResize();
    this.redraw();
    // Not in the next animation frame: a canvas is empty after a change of its size.
    this.#paint();
  }

  #look(): Look {
    const { scene, zoomed, flipped, selected } = this.#navigator;
    /** The frame whose function is marked. */
    const marked = this.#hovered !== NONE || !this.#marksSelected ? this.#hovered : selected;
    return {
      classes: this.#options.classes(),
      matches: this.#options.marked.functions,
      alike: scene && marked >= 0 ? scene.tree.functions[marked] : NONE,
      zoomed,
      flipped,
    };
  }

  #paint(): void {
    const { scene, camera, selected } = this.#navigator;
    const look = this.#look();
    if (!scene || !this.canvas.paint(scene, camera, look)) return;
    if (this.#hovered !== NONE) this.canvas.outline(this.#navigator.areaOf(this.#hovered), 1);
    const isMarked = this.#marksSelected || this.#options.marked.hasCurrent;
    if (isMarked || document.activeElement === this.host) {
      this.canvas.outline(this.#navigator.areaOf(selected), 2);
    }
    this.#paintMap(scene, look);
  }

  #paintMap(scene: Scene, look: Look): void {
    const { height, width } = this.canvas.surface;
    const shows =
      this.showsMap &&
      width >= MIN_MAP_WIDTH &&
      height >= MIN_MAP_HEIGHT &&
      (this.#navigator.isZoomed || this.#navigator.maxTop > 0);
    this.#map.element.hidden = !shows;
    if (!shows) return;
    if (this.#mapIsOutdated) {
      this.#map.draw(this.canvas, scene, { ...look, alike: NONE, zoomed: scene.root });
      this.#mapIsOutdated = false;
    }
    this.#map.showWindow(this.#navigator.camera, scene.levels * LEVEL_HEIGHT, height);
  }

  #printed(): WholeGraph | undefined {
    return this.#options.isPrintable() ? this.whole : undefined;
  }

  /** The graph with its zoom, colours and search, to draw it elsewhere. */
  get whole(): WholeGraph | undefined {
    const { scene, camera } = this.#navigator;
    if (!scene) return undefined;
    return {
      scene,
      camera: { ...camera, top: 0 },
      look: { ...this.#look(), alike: NONE },
      fontFamily: this.canvas.theme?.fontFamily ?? "sans-serif",
      painter: this.canvas.painter,
    };
  }
}
