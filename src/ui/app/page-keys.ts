import type { View } from "../contract.js";
import { isTyping } from "../widgets/elements.js";
import { openHelp } from "./help-dialog.js";

export interface PageKeyActions {
  /** Returns the parts of the page that get keys first, in this order. */
  handlers(): readonly (Pick<View, "press"> | undefined)[];
  addFilter(): void;
  /** Shows the view with a number, from 1 on. */
  showView(number: number): void;
}

/** Listens to the keys of the page. Keys that are text or belong to a view are not its own. */
export function followPageKeys({ handlers, addFilter, showView }: PageKeyActions): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) return;
    const number = Number(event.key);
    if (!handlers().some((handler) => handler?.press?.(event))) {
      if (event.key === "?") openHelp();
      else if (event.key === "f") addFilter();
      else if (Number.isInteger(number) && number >= 1) showView(number);
      else return;
    }
    event.preventDefault();
  });
}
