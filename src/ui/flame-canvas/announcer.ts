import { h } from "../widgets/elements.js";

let serial = 0;

/** Announces the selected frame of a canvas to screen readers, as the active item of a tree. */
export class Announcer {
  readonly #tree: HTMLElement;
  readonly #items: readonly HTMLElement[];
  #turn = 0;

  /** `tree` is the element that has the focus. */
  constructor(tree: HTMLElement) {
    this.#tree = tree;
    const id = serial++;
    // Two items that take turns: screen readers announce a change of the active item.
    this.#items = [0, 1].map((turn) => h("div", { id: `flame-item-${id}-${turn}` }));
    tree.setAttribute("role", "tree");
    tree.append(h("div", { class: "flame-unseen", role: "presentation" }, ...this.#items));
  }

  announce(text: string, level: number, position: number, count: number): void {
    this.#items[this.#turn].removeAttribute("role");
    this.#items[this.#turn].textContent = "";
    this.#turn = 1 - this.#turn;
    const item = this.#items[this.#turn];
    item.setAttribute("role", "treeitem");
    item.setAttribute("aria-level", String(level));
    item.setAttribute("aria-posinset", String(position));
    item.setAttribute("aria-setsize", String(count));
    item.setAttribute("aria-selected", "true");
    item.textContent = text;
    this.#tree.setAttribute("aria-activedescendant", item.id);
  }
}
