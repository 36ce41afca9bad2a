import { Gestures, type Point } from "./gestures.js";

/** Limits of the zoom, in pixels per point of the picture. */
const MIN_SCALE = 0.02;
const MAX_SCALE = 12;

/** A picture that fits is drawn at most at its own size: its unit is the point. */
const PIXELS_PER_POINT = 96 / 72;

/** The smallest scale at which most text can be read. */
const READABLE_SCALE = 0.9;

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
  /** True until the user moves; a new size of the element then fits the picture again. */
  #isFit = true;

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

  /** Whether all of the picture is shown because the user has not moved it. */
  get isFit(): boolean {
    return this.#isFit;
  }

  /** Sets the size of a new picture, in points, and fits it if the last one was fitted. */
  resize(width: number, height: number): void {
    this.#pictureSize = [width, height];
    this.refit();
  }

  /** Fits the picture again unless the user has moved it. */
  refit(): void {
    if (this.#isFit) this.fit();
  }

  /** Shows all of the picture, at most at its own size. */
  fit(): void {
    const [width, height] = this.#host.size();
    if (width === 0 || height === 0) return;
    const [pictureWidth, pictureHeight] = this.#pictureSize;
    const { x, top, bottom } = this.#host.margin;
    const roomY = Math.max(1, height - top - bottom);
    const scale = Math.min((width - 2 * x) / pictureWidth, roomY / pictureHeight, PIXELS_PER_POINT);
    this.#scale = Math.max(MIN_SCALE, scale);
    this.#x = (width - pictureWidth * this.#scale) / 2;
    this.#y = top + (roomY - pictureHeight * this.#scale) / 2;
    this.#isFit = true;
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

  /** Draws the picture where it is. */
  apply(): void {
    const lineWidth = Math.max(1, MIN_LINE_PX / this.#scale);
    this.#host.apply(this.#x, this.#y, this.#scale, lineWidth);
  }

  #moveTo(x: number, y: number): void {
    this.#x = x;
    this.#y = y;
    this.#isFit = false;
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
