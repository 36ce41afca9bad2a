import type { FrameDetails } from "../../render/flame/details.js";
import { h } from "../widgets/elements.js";

/** The distance between the pointer and the tooltip, in CSS pixels. */
const POINTER_DISTANCE_PX = 14;

/** The tooltip of a frame. Screen readers get the same text from the {@link Announcer}. */
export class Tooltip {
  readonly element = h("div", { class: "flame-tip", "aria-hidden": "true" });

  constructor() {
    this.hide();
  }

  /** Shows the tooltip near a point of its container, whose size is `width` by `height`. */
  show(description: FrameDetails, x: number, y: number, width: number, height: number): void {
    const list = h("dl");
    for (const { label, text } of description.figures) {
      list.append(h("dt", {}, label), h("dd", {}, text));
    }
    this.element.replaceChildren(
      h("div", { class: "flame-tip-name" }, description.name),
      ...description.notes.map((note) => h("div", { class: "flame-tip-note" }, note)),
      list,
    );
    this.element.hidden = false;
    const { offsetWidth, offsetHeight } = this.element;
    const left =
      x + POINTER_DISTANCE_PX + offsetWidth > width
        ? x - POINTER_DISTANCE_PX - offsetWidth
        : x + POINTER_DISTANCE_PX;
    const top =
      y + POINTER_DISTANCE_PX + offsetHeight > height
        ? y - POINTER_DISTANCE_PX - offsetHeight
        : y + POINTER_DISTANCE_PX;
    this.element.style.left = `${Math.max(4, Math.min(left, width - offsetWidth - 4))}px`;
    this.element.style.top = `${Math.max(4, top)}px`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
