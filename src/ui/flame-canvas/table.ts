import { formatAmount, formatShare, formatSigned } from "../../render/flame/details.js";
import { formatThousands } from "../../render/flame/notes.js";
import { fullName } from "../../render/flame/short-name.js";
import { exactDifference, type Int64 } from "../../units/int64.js";
import { h } from "../widgets/elements.js";
import type { Scene } from "./scene.js";

const ROWS_PER_PAGE = 200;

type Order = "cum" | "flat";

/** The frames below the frame zoomed in on, as a table sorted by cost. */
export class FrameTable {
  readonly element = h("div", {
    class: "flame-table",
    tabindex: 0,
    role: "region",
    "aria-label": "Frames as a table",
  });
  onChoose: (frame: number) => void = () => {};
  #order: Order = "cum";

  show(scene: Scene, zoomed: number): void {
    const { page } = scene;
    const frames = this.#framesOf(scene, zoomed);
    const body = h("tbody");
    const more = h("button", { type: "button", class: "flame-button" });
    let shown = 0;
    const add = () => {
      for (const frame of frames.slice(shown, shown + ROWS_PER_PAGE))
        body.append(this.#row(scene, frame));
      shown = Math.min(frames.length, shown + ROWS_PER_PAGE);
      more.hidden = shown === frames.length;
      more.textContent = `Show more (${formatThousands(frames.length - shown)} left)`;
    };
    add();
    more.addEventListener("click", add);
    const heads = h("tr");
    heads.append(h("th", { scope: "col" }, "Name"));
    const net = page.kind === "plain" ? "" : ", change";
    heads.append(
      this.#orderHead("flat", `Flat${net}`, "Cost without callees", scene, zoomed),
      this.#orderHead("cum", `Cum${net}`, "Cost with all callees", scene, zoomed),
    );
    for (const [name, className] of [
      ["Share", "number"],
      ["Depth", "number"],
      ["Caller", ""],
    ]) {
      heads.append(h("th", { scope: "col", class: className }, name));
    }
    const caption = `${formatThousands(frames.length)} frames in ${fullName(scene.nameOf(zoomed))}, highest cost first`;
    this.element.replaceChildren(
      h("table", {}, h("caption", {}, caption), h("thead", {}, heads), body),
      more,
    );
  }

  /** Returns the frames below `zoomed` and itself, highest cost first. */
  #framesOf(scene: Scene, zoomed: number): number[] {
    const { tree } = scene;
    const size = (plus: ArrayLike<Int64>, minus: ArrayLike<Int64> | undefined, frame: number) =>
      Number(plus[frame]) + Number(minus?.[frame] ?? 0);
    const weights = Float64Array.from({ length: tree.length }, (_, frame) =>
      this.#order === "cum"
        ? size(tree.plus, tree.minus, frame)
        : scene.isCaller(frame)
          ? 0
          : size(tree.selfPlus, tree.selfMinus, frame),
    );
    const frames: number[] = [];
    for (const frame of scene.frames) if (scene.covers(zoomed, frame)) frames.push(frame);
    return frames.sort((a, b) => weights[b] - weights[a] || a - b);
  }

  #orderHead(order: Order, text: string, title: string, scene: Scene, zoomed: number): HTMLElement {
    const isCurrent = this.#order === order;
    const button = h("button", { type: "button", title }, text);
    button.addEventListener("click", () => {
      this.#order = order;
      this.show(scene, zoomed);
      this.element.querySelector<HTMLElement>("th[aria-sort] button")?.focus();
    });
    const head = h("th", { scope: "col", class: "number" }, button);
    if (isCurrent) head.setAttribute("aria-sort", "descending");
    return head;
  }

  #row(scene: Scene, frame: number): HTMLElement {
    const { page } = scene;
    const { plus, minus, own } = scene.amounts(frame);
    const text = (above: Int64, below: Int64) =>
      page.kind === "plain"
        ? formatAmount(page, above)
        : formatSigned(page, exactDifference(above, below));
    const whole = page.kind === "plain" ? plus : exactDifference(plus, minus);
    const button = h("button", { type: "button", title: "Zoom in" }, fullName(scene.nameOf(frame)));
    button.addEventListener("click", () => this.onChoose(frame));
    const parent = scene.parentOf(frame);
    // On the side of the callers, the parent in the tree is a callee.
    const caller = parent < 0 || scene.isCaller(frame) ? "" : fullName(scene.nameOf(parent));
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, button),
      h("td", { class: "number" }, own ? text(own.plus, own.minus) : ""),
      h("td", { class: "number" }, text(plus, minus)),
      h("td", { class: "number" }, formatShare(whole, page.total)),
      h("td", { class: "number" }, String(scene.tree.depths[frame])),
      h("td", {}, caller),
    );
  }
}
