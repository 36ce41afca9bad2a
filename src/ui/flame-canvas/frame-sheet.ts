import type { FrameDetails } from "../../render/flame/details.js";
import { button, fill, h } from "../widgets/elements.js";
import { DOUBLE_TAP_MS } from "./pointer-input.js";

/** What the user can do with the frame. Actions that are missing have no button. */
export interface SheetActions {
  zoom(): void;
  focus?(): void;
  showCallers?(): void;
  /** Opens the menu with all views and filters at a point of the window. */
  openMenu?(at: { readonly x: number; readonly y: number }): void;
  closed(): void;
}

/** A sheet at the bottom of the window with the figures of a frame, for users without a mouse. */
export class FrameSheet {
  readonly element = h("section", {
    class: "flame-sheet",
    role: "region",
    "aria-label": "Selected frame",
    hidden: true,
  });
  readonly #actions: SheetActions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(actions: SheetActions) {
    this.#actions = actions;
  }

  /** `isRoot`: the frame is all samples, which has no other views. */
  show(
    { name, notes, figures }: FrameDetails,
    { group, isRoot }: { readonly group: string; readonly isRoot: boolean },
  ): void {
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
      group !== "" && group !== name && h("div", { class: "flame-tip-note" }, `package ${group}`),
      list,
      h("div", { class: "flame-sheet-actions" }, this.#buttons(isRoot)),
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
    this.#actions.closed();
  }

  #buttons(isRoot: boolean): HTMLElement[] {
    const { zoom, focus, showCallers, openMenu } = this.#actions;
    const leave = (act: () => void) => () => {
      this.close();
      act();
    };
    const style = { class: "flame-button" };
    const buttons = [button(isRoot ? "Show all" : "Zoom in", zoom, style)];
    if (isRoot) return buttons;
    if (showCallers) buttons.push(button("Callers and callees", leave(showCallers), style));
    if (focus) buttons.push(button("Filter: focus", leave(focus), style));
    if (openMenu) {
      const more = button(
        "Other views and filters…",
        () => {
          const { left, top } = more.getBoundingClientRect();
          openMenu({ x: left, y: top });
        },
        style,
      );
      buttons.push(more);
    }
    return buttons;
  }
}
