/** Where a finger or the mouse is, in pixels of the window. */
type Place = readonly [x: number, y: number];

const MIN_SCALE = 0.02;
const MAX_SCALE = 12;

/** How far a pointer may move and still tap, in pixels. */
const TAP = 4;

/** What part of the graph the window shows: dragging, the wheel and two fingers move it. */
export class Camera {
  /** Told what was under a pointer that went down and up in one place. */
  onTap: (target: EventTarget | null) => void = () => {};

  readonly #root: SVGSVGElement;
  readonly #view: SVGGElement;
  readonly #box: DOMRect;
  readonly #attributes: ReadonlyMap<string, string>;
  readonly #pointers = new Map<number, Place>();
  #tap: { target: EventTarget | null; at: Place } | undefined;
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
  zoom(factor: number, [x, y]: Place): void {
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
    root.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    root.addEventListener("pointerdown", (event) => this.#down(event));
    root.addEventListener("pointermove", (event) => this.#drag(event));
    root.addEventListener("pointerup", (event) => this.#up(event));
    root.addEventListener("pointercancel", (event) => this.#up(event));
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

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 16;
    // Two fingers on a touchpad come as the wheel with Ctrl, in smaller steps.
    const step = Math.max(-400, Math.min(400, event.deltaY * lines)) * (event.ctrlKey ? 5 : 1);
    this.zoom(Math.exp(step * -0.0016), [event.clientX, event.clientY]);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || isControl(event.target)) return;
    const at: Place = [event.clientX, event.clientY];
    this.#tap = this.#pointers.size === 0 ? { target: event.target, at } : undefined;
    this.#pointers.set(event.pointerId, at);
  }

  #drag(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now: Place = [event.clientX, event.clientY];
    if (this.#tap) {
      if (distance(this.#tap.at, now) <= TAP) return;
      this.#tap = undefined;
      this.#root.setPointerCapture(event.pointerId);
      this.#root.classList.add("moving");
    }
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    if (!other) {
      this.move(now[0] - before[0], now[1] - before[1]);
      return;
    }
    const middle: Place = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
    this.move((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    this.zoom(distance(now, other) / Math.max(1, distance(before, other)), middle);
  }

  #up(event: PointerEvent): void {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (this.#pointers.size > 0) return;
    this.#root.classList.remove("moving");
    if (this.#tap && event.type === "pointerup") this.onTap(this.#tap.target);
    this.#tap = undefined;
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

function distance([ax, ay]: Place, [bx, by]: Place): number {
  return Math.hypot(ax - bx, ay - by);
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".bar, .info") !== null;
}
