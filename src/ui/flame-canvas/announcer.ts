import { h } from "../widgets/elements.js";

let serial = 0;

/**
 * Stands for the frames of a canvas in the tree of what can be heard: the one that keys
 * are about is there as an item of a tree.
 */
export class Announcer {
  readonly #tree: HTMLElement;
  readonly #items: readonly HTMLElement[];
  #turn = 0;

  /** `tree` is what has the focus. */
  constructor(tree: HTMLElement) {
    this.#tree = tree;
    const id = serial++;
    // Two of them, as a change of the one that is active is what is told.
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
