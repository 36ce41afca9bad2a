import { fullName, shortName } from "../../render/flame/short-name.js";
import { fill, h } from "../widgets/elements.js";
import { NONE, type Scene } from "./scene.js";

/** Longer paths lose their middle: this many frames at the end stay. */
const MAX_LAST = 4;
/** The number of frames at the end of a path that is shown whole. */
const MAX_WHOLE = 100;
/** Names are cut after this many letters. */
const MAX_LETTERS = 32;

/** The path from the root to the frame zoomed in on. Its frames are buttons. */
export class Breadcrumbs {
  readonly element = h("nav", { class: "flame-crumbs", "aria-label": "Path to the zoomed frame" });
  readonly #choose: (frame: number) => void;
  #scene: Scene | undefined;
  #zoomed: number = NONE;

  /** `choose` is called with the frame that the user clicks. */
  constructor(choose: (frame: number) => void) {
    this.#choose = choose;
  }

  show(scene: Scene | undefined, zoomed: number): void {
    if (scene === this.#scene && zoomed === this.#zoomed) return;
    this.#scene = scene;
    this.#zoomed = zoomed;
    this.#draw({ isWhole: false });
  }

  #draw({ isWhole }: { isWhole: boolean }): void {
    const scene = this.#scene;
    if (!scene) return;
    const path: number[] = [];
    for (let at = this.#zoomed; at !== NONE; at = scene.parentOf(at)) path.push(at);
    path.reverse();
    let hidden = Math.max(0, path.length - 1 - (isWhole ? MAX_WHOLE : MAX_LAST));
    // One hidden frame is as short as the button that shows it.
    if (hidden === 1) hidden = 0;
    const shown = [path[0], ...path.slice(1 + hidden)];
    const crumbs = shown.map((frame, i) => this.#crumb(scene, frame, i === shown.length - 1));
    if (hidden > 0) crumbs.splice(1, 0, this.#more(hidden));
    this.element.classList.toggle("flame-crumbs-whole", isWhole);
    const list = h(
      "ol",
      {},
      crumbs.map((crumb) => h("li", {}, crumb)),
    );
    fill(this.element, list);
    // The zoomed frame stays in view if there is no room for the whole path.
    list.scrollLeft = list.scrollWidth;
  }

  #crumb(scene: Scene, frame: number, isLast: boolean): HTMLElement {
    const name = scene.nameOf(frame);
    const attributes = { title: fullName(name) };
    const text = shortName(name, MAX_LETTERS);
    if (isLast) return h("span", { ...attributes, "aria-current": "location" }, text);
    const button = h("button", { type: "button", ...attributes }, text);
    button.addEventListener("click", () => this.#choose(frame));
    return button;
  }

  #more(count: number): HTMLElement {
    const title = `Show ${count} more callers`;
    const button = h("button", { type: "button", title, "aria-label": title }, "…");
    button.addEventListener("click", () => {
      this.#draw({ isWhole: true });
      this.element.querySelectorAll<HTMLElement>("button")[1]?.focus();
    });
    return button;
  }
}
