import { h } from "../widgets/elements.js";
import type { TimeRange } from "./time-range.js";
import { timeText } from "./times.js";
import type { Viewport } from "./viewport.js";

/** The distance that a key moves a handle, in CSS pixels; with Shift and without. */
const FINE_STEP = 1;
const STEP = 10;

export interface HandleActions {
  view(): Viewport | undefined;
  /** A handle moves; `isDone` at the end of a drag, and after each key. */
  move(end: keyof TimeRange, time: number, isDone: boolean): void;
}

/** The ends of the selected range on the axis: two sliders for pointers and keys. */
export class RangeHandles {
  readonly elements: readonly HTMLElement[];
  readonly #actions: HandleActions;
  readonly #ends: Readonly<Record<keyof TimeRange, HTMLElement>>;
  #range: TimeRange | undefined;

  constructor(actions: HandleActions) {
    this.#actions = actions;
    this.#ends = {
      from: this.#handle("from", "Start of the selected range"),
      to: this.#handle("to", "End of the selected range"),
    };
    this.elements = Object.values(this.#ends);
  }

  /** Places the handles; hides them without a range, or outside the visible part. */
  place(range: TimeRange | undefined, view: Viewport, first: number, last: number): void {
    this.#range = range;
    for (const end of ["from", "to"] as const) {
      const element = this.#ends[end];
      const time = range ? Math.min(last, Math.max(first, range[end])) : Number.NaN;
      const x = view.xOf(time);
      element.hidden = !(x >= -1 && x <= view.width + 1);
      if (element.hidden) continue;
      element.style.left = `${x}px`;
      element.setAttribute("aria-valuemin", String(first / 1e9));
      element.setAttribute("aria-valuemax", String(last / 1e9));
      element.setAttribute("aria-valuenow", String(time / 1e9));
      element.setAttribute("aria-valuetext", timeText(time, view.perPixel));
    }
  }

  #handle(end: keyof TimeRange, label: string): HTMLElement {
    const element = h("div", {
      class: `timeline-handle timeline-handle-${end}`,
      role: "slider",
      tabindex: 0,
      "aria-label": label,
      title: `${label}: drag it, or use the arrow keys`,
      hidden: true,
    });
    const timeAt = ({ clientX }: PointerEvent) => {
      const { left } = (element.offsetParent ?? element).getBoundingClientRect();
      return this.#actions.view()?.timeAt(clientX - left) ?? 0;
    };
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      if (element.hasPointerCapture(event.pointerId)) {
        this.#actions.move(end, timeAt(event), false);
      }
    });
    element.addEventListener("pointerup", (event) => {
      if (element.hasPointerCapture(event.pointerId)) this.#actions.move(end, timeAt(event), true);
    });
    element.addEventListener("keydown", (event) => this.#press(event, end));
    return element;
  }

  #press(event: KeyboardEvent, end: keyof TimeRange): void {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const view = this.#actions.view();
    if (direction === undefined || !this.#range || !view) return;
    event.preventDefault();
    event.stopPropagation();
    const pixels = direction * (event.shiftKey ? FINE_STEP : STEP);
    const time = Number(this.#ends[end].getAttribute("aria-valuenow")) * 1e9;
    this.#actions.move(end, time + pixels * view.perPixel, true);
  }
}
