import { Gestures, type Point } from "../widgets/gestures.js";

const MIN_SCALE = 0.02;
const MAX_SCALE = 12;
/** The graph's own size is in points, and it is shown no larger where all of it fits. */
const LARGEST_FIT = 96 / 72;
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
    new Gestures(frame, {
      move: (x, y) => this.move(x, y),
      zoom: (factor, [x, y]) => this.#zoom(factor, this.#inFrame(x, y)),
      tap: (target) => this.onTap(target),
    });
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
}

/** What is nearer to an edge than this is brought to the middle, in pixels. */
const EDGE = 40;

/** The width of thin lines, in pixels. */
const THINNEST = 0.8;
