import { h } from "../widgets/elements.js";

/** How long it is seen, in milliseconds. */
const SHOWN_FOR = 1200;

/** Tells who turns a wheel over what cannot scroll how to zoom. */
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
    }, SHOWN_FOR);
  }
}
