import type { Legend } from "../../render/flame/colors.js";
import { MARGIN } from "../../render/flame/geometry.js";
import { restText } from "../../render/flame/notes.js";
import type { FlamePage } from "../../render/flame/page.js";
import { shortName } from "../../render/flame/short-name.js";
import { html, svg } from "./dom.js";

/** HTML inside the picture, as wide as the picture and as high as its content. */
export class Panel {
  readonly element: SVGForeignObjectElement;
  readonly #body: HTMLElement;

  constructor(...children: Node[]) {
    this.#body = html("div", { class: "flame-html" }, ...children);
    this.element = svg("foreignObject", {}, this.#body);
  }

  /** Places the panel, and returns its height. */
  place(y: number, width: number): number {
    const { element } = this;
    element.setAttribute("y", String(y));
    element.setAttribute("width", String(width));
    // Browsers do not lay out the content of an element without a height.
    if (!element.hasAttribute("height")) element.setAttribute("height", "100");
    const height = this.#body.offsetHeight;
    element.setAttribute("height", String(height));
    return height;
  }
}

const KEYS: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [["/", "Ctrl F"], "search by a regular expression; capitals match only capitals"],
  [["N", "Shift N"], "next match, previous match"],
  [["←", "→", "↑", "↓"], "go from frame to frame"],
  [["Enter"], "zoom in on the frame; a click does the same"],
  [["Backspace"], "zoom out by one frame"],
  [["Esc"], "show the whole graph; then end the search"],
  [["I"], "flip: root at the top or at the bottom"],
  [["B"], "merge stacks from the leaves: functions by flat cost, with their callers"],
  [["C"], "colour by package, function, file or own share"],
  [["S"], "in a comparison, scale the base profile to the new total"],
  [["?"], "show or hide the keys"],
];

/** The panel above the boxes: title, search, buttons and legend. */
export class Header extends Panel {
  readonly search: HTMLInputElement;
  readonly reset: HTMLButtonElement;
  readonly help: HTMLButtonElement;
  readonly #found: HTMLElement;
  readonly #legend: HTMLElement;
  readonly #keys: HTMLElement;

  constructor({ title, lines }: FlamePage, buttons: readonly HTMLButtonElement[]) {
    const search = html("input", {
      type: "search",
      placeholder: "Search (regular expression)",
      "aria-label": "Search by a regular expression",
      spellcheck: "false",
      autocomplete: "off",
    });
    const reset = html("button", { type: "button", title: "Key: Esc" }, "Zoom out");
    const help = html(
      "button",
      { type: "button", "aria-expanded": "false", title: "Key: ?" },
      "Keys",
    );
    const found = html("span", { class: "found", role: "status" });
    const legend = html("div", { class: "legend" });
    const keys = html("div", { class: "keys", style: "display:none" });
    for (const [names, meaning] of KEYS) {
      keys.append(
        html("span", {}, ...names.map((name) => html("kbd", {}, name))),
        html("span", {}, meaning),
      );
    }
    super(
      html(
        "div",
        { class: "top" },
        html("h1", {}, title),
        ...lines.map((line) => html("div", { class: "faint" }, line)),
        html("div", { class: "tools", role: "toolbar" }, search, reset, ...buttons, help, found),
        keys,
        legend,
      ),
    );
    this.search = search;
    this.reset = reset;
    this.help = help;
    this.#found = found;
    this.#legend = legend;
    this.#keys = keys;
  }

  get showsKeys(): boolean {
    return this.#keys.style.display === "";
  }

  set showsKeys(shown: boolean) {
    this.#keys.style.display = shown ? "" : "none";
    this.help.setAttribute("aria-expanded", String(shown));
  }

  setFound(text: string, isWrong = false): void {
    this.#found.textContent = text;
    this.search.classList.toggle("wrong", isWrong);
  }

  setLegend({ swatches, rest }: Legend): void {
    this.#legend.replaceChildren(
      ...swatches.map(({ className, meaning }) =>
        html(
          "span",
          {},
          svg(
            "svg",
            { class: className, "aria-hidden": "true" },
            svg("rect", { width: 12, height: 12 }),
          ),
          shortName(meaning, 60),
        ),
      ),
      ...(rest > 0 ? [html("span", {}, restText(rest))] : []),
    );
  }
}

/** The panel below the boxes. */
export class Footer extends Panel {
  readonly #notes: HTMLElement;

  constructor() {
    const notes = html("div", { class: "notes" });
    super(notes);
    this.#notes = notes;
  }

  setNotes(notes: readonly string[]): void {
    this.#notes.replaceChildren(...notes.map((note) => html("div", {}, note)));
  }
}

export class Tip {
  readonly element: SVGForeignObjectElement;
  readonly #tip = html("div", { class: "tip", role: "status" });

  constructor() {
    const body = html("div", { class: "flame-html" }, this.#tip);
    this.element = svg("foreignObject", { id: "flame-tip", width: 1, height: 1 }, body);
    this.hide();
  }

  hide(): void {
    this.element.style.display = "none";
  }

  get text(): string {
    return this.#tip.textContent ?? "";
  }

  /** Shows the tooltip near a point, within the picture's width and its visible height. */
  show(
    content: readonly Node[],
    x: number,
    y: number,
    width: number,
    visible: readonly [number, number],
  ) {
    const { element } = this;
    const room = Math.min(460, width - 2 * MARGIN);
    element.style.display = "";
    element.setAttribute("width", String(room));
    this.#tip.replaceChildren(...content);
    const { offsetWidth, offsetHeight } = this.#tip;
    element.setAttribute("height", String(offsetHeight));
    const left = Math.max(MARGIN, Math.min(x + 14, width - MARGIN - offsetWidth));
    const below = y + 22;
    const above = y - offsetHeight - 10;
    const fits = below + offsetHeight <= visible[1] || above < visible[0];
    element.setAttribute("x", String(left));
    element.setAttribute("y", String(fits ? below : above));
  }
}
