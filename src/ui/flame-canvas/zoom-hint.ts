import { h } from "../widgets/elements.js";

const HINT_MS = 1200;

/** A hint about zooming, for users who turn the wheel when nothing can scroll. */
export class ZoomHint {
  readonly element = h("div", { class: "flame-hint", "aria-hidden": "true" });
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.element.hidden = true;
  }

  show(): void {
    const key = /mac|iphone|ipad/i.test(navigator.platform) ? "⌘" : "Ctrl";
    this.element.textContent = `${key} + wheel zooms`;
    this.element.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.element.hidden = true;
    }, HINT_MS);
  }
}
