import type { Options } from "../../options/table.js";
import { button, fill, h } from "../widgets/elements.js";
import { activeFilters, type FilterName, labelOf, specOf } from "./filters.js";

export interface ChipActions {
  remove(names: readonly FilterName[]): void;
  edit(name: FilterName, anchor: HTMLElement): void;
}

/** The active filters as chips, each with buttons to edit and to remove it. */
export class FilterChips {
  readonly element = h("ul", { class: "chips", "aria-label": "Active filters" });

  constructor(private readonly actions: ChipActions) {}

  show(options: Options): void {
    const names = activeFilters(options).filter((name) => name !== "sort");
    fill(
      this.element,
      names.map((name) => this.#chip(name, options)),
      names.length > 1 &&
        h(
          "li",
          {},
          button("Clear all", () => this.actions.remove(activeFilters(options)), {
            class: "plain",
            title: "Clear all filters",
          }),
        ),
    );
    this.element.hidden = names.length === 0;
  }

  #chip(name: FilterName, options: Options): HTMLElement {
    const label = labelOf(name);
    const value = valueText(options[name]);
    const text = value === "" ? label : `${label}: ${value}`;
    const edit = h(
      "button",
      {
        type: "button",
        class: "chip-text",
        title: `${specOf(name).summary}. Click to change.\n${text}`,
        onclick: () => this.actions.edit(name, edit),
      },
      h("span", { class: "chip-label" }, label),
      value !== "" && h("span", { class: "chip-value" }, value),
    );
    const remove = button("×", () => this.actions.remove([name]), {
      class: "chip-remove",
      "aria-label": `Remove ${text}`,
      title: "Remove",
    });
    return h("li", { class: "chip", "data-option": name }, edit, remove);
  }
}

function valueText(value: Options[FilterName]): string {
  // The chip of an option that is on shows its label alone.
  if (typeof value === "boolean") return value ? "" : "no";
  return String(value);
}
