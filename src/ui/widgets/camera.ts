import { Gestures, type Point } from "./gestures.js";

const MIN_SCALE = 0.02;
const MAX_SCALE = 12;

/** What part of the graph the window shows: dragging, the wheel and two fingers move it. */
export class Camera {
  /** Told what was under a pointer that went down and up in one place. */
  onTap: (target: EventTarget | null) => void = () => {};

  readonly #root: SVGSVGElement;
  readonly #view: SVGGElement;
  readonly #box: DOMRect;
  readonly #attributes: ReadonlyMap<string, string>;
  #x = 0;
  #y = 0;
  #scale = 1;
  /** Whether the reader has not moved yet, so that a new size of the window fits again. */
  #isFit = true;

  constructor(root: SVGSVGElement, view: SVGGElement) {
    this.#root = root;
    this.#view = view;
    const { width, height } = root.viewBox.baseVal;
    this.#box = new DOMRect(0, 0, width, height);
    const names = ["width", "height", "viewBox"];
    this.#attributes = new Map(names.map((name) => [name, root.getAttribute(name) ?? ""]));
    this.#fillWindow();
    this.#listen();
  }

  /** Shows all of the graph, no larger than its own size. */
  fit(): void {
    const { width, height } = this.#box;
    const { innerWidth } = window;
    const space = Math.max(1, window.innerHeight - BAR);
    this.#scale = Math.min(innerWidth / width, space / height, PIXELS_PER_POINT);
    this.#x = (innerWidth - width * this.#scale) / 2;
    this.#y = BAR + (space - height * this.#scale) / 2;
    this.#isFit = true;
    this.#apply();
  }

  /** Zooms about a place, which stays where it is. */
  zoom(factor: number, [x, y]: Point): void {
    const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, this.#scale * factor));
    const ratio = scale / this.#scale;
    this.#x = x - (x - this.#x) * ratio;
    this.#y = y - (y - this.#y) * ratio;
    this.#scale = scale;
    this.#isFit = false;
    this.#apply();
  }

  zoomAtCenter(factor: number): void {
    this.zoom(factor, [window.innerWidth / 2, window.innerHeight / 2]);
  }

  /** Moves what is seen, in pixels. */
  move(x: number, y: number): void {
    this.#x += x;
    this.#y += y;
    this.#isFit = false;
    this.#apply();
  }

  /** Brings a part of the graph to the middle, and near enough to read. */
  center(element: SVGGraphicsElement): void {
    if (this.#scale < READABLE) this.zoomAtCenter(READABLE / this.#scale);
    const { x, y, width, height } = element.getBoundingClientRect();
    this.move(window.innerWidth / 2 - x - width / 2, window.innerHeight / 2 - y - height / 2);
  }

  /** Brings a part of the graph into the window where it is outside. */
  reveal(element: SVGGraphicsElement): void {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const { innerWidth, innerHeight } = window;
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) this.center(element);
  }

  #apply(): void {
    this.#view.setAttribute("transform", `translate(${this.#x} ${this.#y}) scale(${this.#scale})`);
    // Lines of no width of their own take this one: from afar they would fade away.
    this.#view.style.strokeWidth = String(Math.max(1, THINNEST / this.#scale));
  }

  #fillWindow(): void {
    this.#root.setAttribute("width", "100%");
    this.#root.setAttribute("height", "100%");
    this.#root.removeAttribute("viewBox");
    this.fit();
  }

  #listen(): void {
    const root = this.#root;
    root.style.touchAction = "none";
    new Gestures(root, {
      move: (x, y) => this.move(x, y),
      zoom: (factor, about) => this.zoom(factor, about),
      tap: (target) => this.onTap(target),
      ignores: isControl,
    });
    window.addEventListener("resize", () => {
      if (this.#isFit) this.fit();
    });
    // On paper all of the graph is seen, as in the still picture.
    window.addEventListener("beforeprint", () => {
      for (const [name, value] of this.#attributes) root.setAttribute(name, value);
      this.#view.removeAttribute("transform");
      this.#view.style.strokeWidth = "";
    });
    window.addEventListener("afterprint", () => {
      const [x, y, scale, isFit] = [this.#x, this.#y, this.#scale, this.#isFit];
      this.#fillWindow();
      [this.#x, this.#y, this.#scale, this.#isFit] = [x, y, scale, isFit];
      this.#apply();
    });
  }
}

/** The width of thin lines, in pixels. */
const THINNEST = 0.8;

/** The height of the toolbar, in pixels. */
const BAR = 50;

/** The graph's own size is in points. */
const PIXELS_PER_POINT = 96 / 72;

/** The scale from which most words can be read. */
const READABLE = 0.9;

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".bar, .info") !== null;
}
