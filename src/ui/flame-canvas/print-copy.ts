import { h } from "../widgets/elements.js";
import { printTheme } from "./theme.js";
import { drawWhole, type WholeGraph } from "./whole-graph.js";

/** Replaces the canvas in print: all levels, in light colours and a higher resolution. */
export class PrintCopy {
  readonly element = h("div", { class: "flame-paper", "aria-hidden": "true" });

  constructor(printed: () => WholeGraph | undefined) {
    window.addEventListener("beforeprint", () => {
      const copy = this.element.isConnected ? printed() : undefined;
      if (copy) this.element.replaceChildren(...drawWhole(copy, printTheme(copy.fontFamily)));
    });
    window.addEventListener("afterprint", () => this.element.replaceChildren());
  }
}
