/** A point or a distance, in pixels. */
export type Point = readonly [x: number, y: number];

/** Called by {@link Gestures}. Points are relative to the window. */
export interface GestureTarget {
  move(x: number, y: number): void;
  /** Zooms around a point, which stays where it is. */
  zoom(factor: number, about: Point): void;
  /** Called with the element under a pointer that went down and up without moving. */
  tap(target: EventTarget | null): void;
  /** Returns whether the element handles pointers there itself. */
  ignores?(target: EventTarget | null): boolean;
}

/** A pointer that moves further than this drags instead of tapping. */
const MAX_TAP_MOVE_PX = 4;

/** Turns dragging, wheel and pinching into moves and zooms. Sets the class `moving` meanwhile. */
export class Gestures {
  readonly #element: HTMLElement | SVGElement;
  readonly #moved: GestureTarget;
  readonly #pointers = new Map<number, Point>();
  #tap: { readonly target: EventTarget | null; readonly at: Point } | undefined;

  constructor(element: HTMLElement | SVGElement, moved: GestureTarget) {
    this.#element = element;
    this.#moved = moved;
    const listen = element.addEventListener.bind(element) as HTMLElement["addEventListener"];
    listen("wheel", (event) => this.#wheel(event), { passive: false });
    listen("pointerdown", (event) => this.#down(event));
    listen("pointermove", (event) => this.#drag(event));
    listen("pointerup", (event) => this.#up(event));
    listen("pointercancel", (event) => this.#up(event));
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 16;
    // Pinching on a touchpad arrives as small wheel steps with Ctrl.
    const step = Math.max(-400, Math.min(400, event.deltaY * lines)) * (event.ctrlKey ? 5 : 1);
    this.#moved.zoom(Math.exp(step * -0.0016), [event.clientX, event.clientY]);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || this.#moved.ignores?.(event.target)) return;
    const at: Point = [event.clientX, event.clientY];
    this.#tap = this.#pointers.size === 0 ? { target: event.target, at } : undefined;
    this.#pointers.set(event.pointerId, at);
  }

  #drag(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now: Point = [event.clientX, event.clientY];
    if (this.#tap) {
      if (distance(this.#tap.at, now) <= MAX_TAP_MOVE_PX) return;
      this.#tap = undefined;
      this.#element.setPointerCapture(event.pointerId);
      this.#element.classList.add(DRAG_CLASS);
    }
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    if (!other) {
      this.#moved.move(now[0] - before[0], now[1] - before[1]);
      return;
    }
    this.#moved.move((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    const middle: Point = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
    this.#moved.zoom(distance(now, other) / Math.max(1, distance(before, other)), middle);
  }

  #up(event: PointerEvent): void {
    if (!this.#pointers.delete(event.pointerId) || this.#pointers.size > 0) return;
    this.#element.classList.remove(DRAG_CLASS);
    if (this.#tap && event.type === "pointerup") this.#moved.tap(this.#tap.target);
    this.#tap = undefined;
  }
}

const DRAG_CLASS = "moving";

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}
