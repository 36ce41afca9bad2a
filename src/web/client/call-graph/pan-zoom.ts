/** A point of the window, or a way in it, in pixels. */
type Point = readonly [x: number, y: number];

const MIN_SCALE = 0.02;
const MAX_SCALE = 12;
/** The graph's own size is in points, and it is shown no larger where all of it fits. */
const LARGEST_FIT = 96 / 72;
/** How far a pointer may move and still be a click, in pixels. */
const TAP = 4;
/** The scale from which most words can be read. */
const READABLE = 0.9;
/** What stays free around a graph that fits, in pixels. */
const MARGIN = 12;

/**
 * What part of a picture a frame shows: dragging, the wheel and two fingers move it. The
 * picture's own coordinates are points, and so is its size.
 */
export class PanZoom {
  /** Told where a pointer went down and up again in one place, and what was there. */
  onTap: (target: EventTarget | null) => void = () => {};

  readonly #frame: HTMLElement;
  readonly #stage: HTMLElement;
  readonly #pointers = new Map<number, Point>();
  #tap: { readonly target: EventTarget | null; readonly at: Point } | undefined;
  #size: Point = [1, 1];
  #x = 0;
  #y = 0;
  #scale = 1;
  /** Whether the reader has not moved yet, so that a new size of the frame fits again. */
  #isFit = true;

  /** `stage` lies in `frame`, at its top left, and holds the picture. */
  constructor(frame: HTMLElement, stage: HTMLElement) {
    this.#frame = frame;
    this.#stage = stage;
    frame.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.#down(event));
    frame.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"] as const) {
      frame.addEventListener(end, (event) => this.#up(event));
    }
    frame.addEventListener("dblclick", ({ clientX, clientY, shiftKey }) =>
      this.#zoom(shiftKey ? 0.5 : 2, this.#inFrame(clientX, clientY)),
    );
    new ResizeObserver(() => {
      if (this.#isFit) this.fit();
    }).observe(frame);
  }

  /** Whether all is shown, as no one has moved. */
  get isFit(): boolean {
    return this.#isFit;
  }

  /** Another picture, of this size; it is shown whole if the one before was. */
  resize(width: number, height: number): void {
    this.#size = [width, height];
    if (this.#isFit) this.fit();
  }

  /** Shows all, no larger than its own size. */
  fit(): void {
    const { clientWidth, clientHeight } = this.#frame;
    if (clientWidth === 0 || clientHeight === 0) return;
    const [width, height] = this.#size;
    const [roomX, roomY] = [clientWidth - 2 * MARGIN, clientHeight - 2 * MARGIN];
    this.#scale = Math.max(MIN_SCALE, Math.min(roomX / width, roomY / height, LARGEST_FIT));
    this.#x = (clientWidth - width * this.#scale) / 2;
    this.#y = (clientHeight - height * this.#scale) / 2;
    this.#isFit = true;
    this.#apply();
  }

  /** Zooms about the middle. */
  zoom(factor: number): void {
    this.#zoom(factor, this.#middle());
  }

  /** Moves what is seen, in pixels. */
  move(x: number, y: number): void {
    this.#x += x;
    this.#y += y;
    this.#isFit = false;
    this.#apply();
  }

  /** Where in the frame a point of the picture is, in pixels. */
  locate([x, y]: Point): Point {
    return [this.#x + x * this.#scale, this.#y + y * this.#scale];
  }

  /** Moves a point of the picture to a place in the frame. */
  put(point: Point, [x, y]: Point): void {
    const [nowX, nowY] = this.locate(point);
    this.move(x - nowX, y - nowY);
  }

  /** Brings a point of the picture to the middle, near enough to read. */
  center(point: Point): void {
    if (this.#scale < READABLE) this.zoom(READABLE / this.#scale);
    this.put(point, this.#middle());
  }

  /** Brings a point of the picture into view, unless it is. */
  reveal(point: Point): void {
    const [x, y] = this.locate(point);
    const { clientWidth, clientHeight } = this.#frame;
    if (x < EDGE || y < EDGE || x > clientWidth - EDGE || y > clientHeight - EDGE) {
      this.center(point);
    }
  }

  #middle(): Point {
    return [this.#frame.clientWidth / 2, this.#frame.clientHeight / 2];
  }

  #inFrame(clientX: number, clientY: number): Point {
    const { left, top } = this.#frame.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  #zoom(factor: number, [x, y]: Point): void {
    const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, this.#scale * factor));
    const ratio = scale / this.#scale;
    this.#x = x - (x - this.#x) * ratio;
    this.#y = y - (y - this.#y) * ratio;
    this.#scale = scale;
    this.#isFit = false;
    this.#apply();
  }

  #apply(): void {
    const { style } = this.#stage;
    style.transform = `translate(${this.#x}px, ${this.#y}px) scale(${this.#scale})`;
    // Lines of no width of their own take this one: from afar they would fade away.
    style.strokeWidth = String(Math.max(1, THINNEST / this.#scale));
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 16;
    // Two fingers on a touchpad come as the wheel with Ctrl, in smaller steps.
    const step = Math.max(-400, Math.min(400, event.deltaY * lines)) * (event.ctrlKey ? 5 : 1);
    this.#zoom(Math.exp(step * -0.0016), this.#inFrame(event.clientX, event.clientY));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const at: Point = [event.clientX, event.clientY];
    this.#tap = this.#pointers.size === 0 ? { target: event.target, at } : undefined;
    this.#pointers.set(event.pointerId, at);
  }

  #drag(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now: Point = [event.clientX, event.clientY];
    if (this.#tap) {
      if (distance(this.#tap.at, now) <= TAP) return;
      this.#tap = undefined;
      this.#frame.setPointerCapture(event.pointerId);
      this.#frame.classList.add("dragging");
    }
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    if (!other) {
      this.move(now[0] - before[0], now[1] - before[1]);
      return;
    }
    this.move((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    const middle = this.#inFrame((now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    this.#zoom(distance(now, other) / Math.max(1, distance(before, other)), middle);
  }

  #up(event: PointerEvent): void {
    if (!this.#pointers.delete(event.pointerId) || this.#pointers.size > 0) return;
    this.#frame.classList.remove("dragging");
    if (this.#tap && event.type === "pointerup") this.onTap(this.#tap.target);
    this.#tap = undefined;
  }
}

/** What is nearer to an edge than this is brought to the middle, in pixels. */
const EDGE = 40;

/** The width of thin lines, in pixels. */
const THINNEST = 0.8;

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}
