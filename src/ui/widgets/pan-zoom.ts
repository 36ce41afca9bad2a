import { Gestures, type Point } from "./gestures.js";

/** Limits of the zoom, in pixels per point of the picture. */
const MIN_SCALE = 0.02;
const MAX_SCALE = 12;

/** A picture that fits is drawn at most at its own size: its unit is the point. */
const PIXELS_PER_POINT = 96 / 72;

/** The smallest scale at which most text can be read. */
const READABLE_SCALE = 0.9;

/** The approximate size of a node and the space around it, in points. */
const NODE_POINTS = 90;

/** The width of lines that set none of their own: thinner ones fade away. */
const MIN_LINE_PX = 0.8;

/** A point nearer to an edge than this is not in view. */
const EDGE_PX = 40;

/** The element that a {@link PanZoom} moves a picture in. */
export interface PanZoomHost {
  /** Width and height of the visible area, in pixels. */
  size(): Point;
  /** Space that stays free when the picture is fitted, in pixels. */
  readonly margin: { readonly x: number; readonly top: number; readonly bottom: number };
  /** Draws the picture with its top left corner at `x`, `y`. */
  apply(x: number, y: number, scale: number, lineWidth: number): void;
  /** Returns whether the element handles pointers there itself. */
  ignores?(target: EventTarget | null): boolean;
}

/** Pans and zooms a picture, in points. Positions in the element are pixels from its top left. */
export class PanZoom {
  /** Called with the element under a pointer that went down and up without moving. */
  onTap: (target: EventTarget | null) => void = () => {};

  readonly #element: HTMLElement | SVGElement;
  readonly #host: PanZoomHost;
  #pictureSize: Point = [1, 1];
  #x = 0;
  #y = 0;
  #scale = 1;
  /** What is shown until the user moves, also in another size of the element. */
  #rest: "start" | "whole" | undefined = "start";
  /** The points to start with if the whole picture would be unreadable, most important first. */
  #startPoints: readonly Point[] = [];

  constructor(element: HTMLElement | SVGElement, host: PanZoomHost) {
    this.#element = element;
    this.#host = host;
    new Gestures(element, {
      move: (x, y) => this.move(x, y),
      zoom: (factor, [x, y]) => this.zoomAt(factor, this.#toElement(x, y)),
      tap: (target) => this.onTap(target),
      ignores: (target) => host.ignores?.(target) ?? false,
    });
  }

  /** Whether the user has not moved the picture. */
  get isAtRest(): boolean {
    return this.#rest !== undefined;
  }

  /**
   * Sets the size of a new picture, in points, and shows it again unless the user has moved the
   * last one. `startPoints` are what the user sees first if the whole picture would be unreadable.
   */
  resize(width: number, height: number, startPoints: readonly Point[] = []): void {
    this.#pictureSize = [width, height];
    this.#startPoints = startPoints;
    this.refit();
  }

  /** Adapts the picture to the size of the element unless the user has moved it. */
  refit(): void {
    if (this.#rest === "start") this.showStart();
    else if (this.#rest === "whole") this.fit();
  }

  /** Shows all of the picture, at most at its own size. */
  fit(): void {
    const [width, height] = this.#pictureSize;
    this.#showBox([0, 0], [width, height], MIN_SCALE);
    this.#rest = "whole";
  }

  /** Shows all of the picture if that is readable, and its start points otherwise. */
  showStart(): void {
    const [width, height] = this.#pictureSize;
    const points = this.#startPoints;
    if (points.length === 0 || this.#scaleFor(width, height) >= READABLE_SCALE) this.fit();
    else {
      const xs = points.map(([x]) => x);
      const ys = points.map(([, y]) => y);
      const from: Point = [Math.min(...xs) - NODE_POINTS, Math.min(...ys) - NODE_POINTS / 2];
      const to: Point = [Math.max(...xs) + NODE_POINTS, Math.max(...ys) + NODE_POINTS / 2];
      this.#showBox(from, to, READABLE_SCALE, points[0]);
    }
    this.#rest = "start";
  }

  /** Returns the scale at which a part of the picture fits into the element. */
  #scaleFor(width: number, height: number): number {
    const [roomX, roomY] = this.#room();
    return Math.min(roomX / width, roomY / height, PIXELS_PER_POINT);
  }

  #room(): Point {
    const [width, height] = this.#host.size();
    const { x, top, bottom } = this.#host.margin;
    return [width - 2 * x, Math.max(1, height - top - bottom)];
  }

  /**
   * Shows a part of the picture in the middle. If it does not fit at `minScale`, shows as much of it
   * as possible with `point` near the middle.
   */
  #showBox([left, top]: Point, [right, bottom]: Point, minScale: number, point?: Point): void {
    const [roomX, roomY] = this.#room();
    if (roomX <= 0 || roomY <= 1) return;
    const scale = Math.max(minScale, this.#scaleFor(right - left, bottom - top));
    const { x: marginX, top: marginTop } = this.#host.margin;
    const start = (from: number, to: number, room: number, wanted: number | undefined) => {
      const spare = room - (to - from) * scale;
      if (spare >= 0 || wanted === undefined) return spare / 2 - from * scale;
      return Math.max(room - to * scale, Math.min(-from * scale, room / 2 - wanted * scale));
    };
    this.#scale = scale;
    this.#x = marginX + start(left, right, roomX, point?.[0]);
    this.#y = marginTop + start(top, bottom, roomY, point?.[1]);
    this.apply();
  }

  /** Zooms around the middle; a factor above 1 zooms in. */
  zoom(factor: number): void {
    this.zoomAt(factor, this.#middle());
  }

  /** Zooms around a position in the element, which stays where it is. */
  zoomAt(factor: number, [x, y]: Point): void {
    const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, this.#scale * factor));
    const ratio = scale / this.#scale;
    this.#scale = scale;
    this.#moveTo(x - (x - this.#x) * ratio, y - (y - this.#y) * ratio);
  }

  move(x: number, y: number): void {
    this.#moveTo(this.#x + x, this.#y + y);
  }

  /** Returns the position in the element of a point of the picture. */
  locate([x, y]: Point): Point {
    return [this.#x + x * this.#scale, this.#y + y * this.#scale];
  }

  /** Returns the middle of an element of the picture as a point of the picture. */
  middleOf(part: Element): Point {
    const { left, top, width, height } = part.getBoundingClientRect();
    const [x, y] = this.#toElement(left + width / 2, top + height / 2);
    return [(x - this.#x) / this.#scale, (y - this.#y) / this.#scale];
  }

  /** Moves a point of the picture to a position in the element. */
  put(point: Point, [x, y]: Point): void {
    const [nowX, nowY] = this.locate(point);
    this.move(x - nowX, y - nowY);
  }

  /** Moves a point of the picture to the middle, and zooms in until its text is readable. */
  center(point: Point): void {
    if (this.#scale < READABLE_SCALE) this.zoom(READABLE_SCALE / this.#scale);
    this.put(point, this.#middle());
  }

  /** Centres a point of the picture unless it is in view. */
  reveal(point: Point): void {
    const [x, y] = this.locate(point);
    const [width, height] = this.#host.size();
    const isInView = x >= EDGE_PX && y >= EDGE_PX && x <= width - EDGE_PX && y <= height - EDGE_PX;
    if (!isInView) this.center(point);
  }

  /** Makes a point of the picture visible at a scale at which its text is readable. */
  show(point: Point): void {
    if (this.#scale < READABLE_SCALE * 0.8) this.center(point);
    else this.reveal(point);
  }

  /** Draws the picture where it is. */
  apply(): void {
    const lineWidth = Math.max(1, MIN_LINE_PX / this.#scale);
    this.#host.apply(this.#x, this.#y, this.#scale, lineWidth);
  }

  #moveTo(x: number, y: number): void {
    this.#x = x;
    this.#y = y;
    this.#rest = undefined;
    this.apply();
  }

  #middle(): Point {
    const [width, height] = this.#host.size();
    return [width / 2, height / 2];
  }

  #toElement(clientX: number, clientY: number): Point {
    const { left, top } = this.#element.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }
}
