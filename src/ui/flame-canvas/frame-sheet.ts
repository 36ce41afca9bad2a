import type { FrameDetails } from "../../render/flame/details.js";
import { button, fill, h } from "../widgets/elements.js";
import { DOUBLE_TAP_MS } from "./pointer-input.js";

export interface SheetAction {
  readonly text: string;
  /** `at` is the place of the button in the window, where a menu can open. */
  act(at: { readonly x: number; readonly y: number }): void;
  readonly keepsOpen?: boolean;
}

/** A sheet at the bottom of the window with the figures of a frame, for users without a mouse. */
export class FrameSheet {
  readonly element = h("section", {
    class: "flame-sheet",
    role: "region",
    "aria-label": "Selected frame",
    hidden: true,
  });
  readonly #onClose: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  show({ name, notes, figures }: FrameDetails, actions: readonly SheetAction[]): void {
    const list = h("dl");
    for (const { label, text } of figures) list.append(h("dt", {}, label), h("dd", {}, text));
    fill(
      this.element,
      h(
        "div",
        { class: "flame-sheet-head" },
        h("div", { class: "flame-tip-name" }, name),
        button("×", () => this.close(), { class: "flame-button", "aria-label": "Close" }),
      ),
      notes.map((note) => h("div", { class: "flame-tip-note" }, note)),
      list,
      h(
        "div",
        { class: "flame-sheet-actions" },
        actions.map((action) => this.#button(action)),
      ),
    );
    this.element.hidden = false;
    // The second tap of a double tap must reach the graph.
    this.element.classList.add("flame-sheet-opening");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.element.classList.remove("flame-sheet-opening"),
      DOUBLE_TAP_MS,
    );
  }

  close(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.#onClose();
  }

  #button({ text, act, keepsOpen }: SheetAction): HTMLElement {
    const made = button(
      text,
      () => {
        const { left, top } = made.getBoundingClientRect();
        if (!keepsOpen) this.close();
        act({ x: left, y: top });
      },
      { class: "flame-button" },
    );
    return made;
  }
}
