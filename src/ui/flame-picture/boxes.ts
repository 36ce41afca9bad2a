import {
  BASELINE,
  BOX_HEIGHT,
  GAP,
  GAP_FROM,
  LEVEL_HEIGHT,
  lettersIn,
  MARGIN,
  PADDING,
} from "../../render/flame/geometry.js";
import type { Box, Layout } from "../../render/flame/layout.js";
import { svg } from "./dom.js";

/** The id of the selected box, which keys act on. */
const SELECTED_ID = "flame-selected";

export interface Look {
  readonly layout: Layout;
  readonly top: number;
  readonly rootAtTop: boolean;
  readonly letterWidth: number;
  /** Returns the text of a box that has room for `letters`. */
  text(box: Box, letters: number): string;
  className(box: Box): string;
  isMatch(box: Box): boolean;
}

/** Returns the position and width of a box in the picture, in pixels. */
export function boxArea({ layout, top, rootAtTop }: Look, { level, left, right }: Box) {
  const row = rootAtTop ? level : layout.levels - 1 - level;
  return { x: left / 100 + MARGIN, y: top + row * LEVEL_HEIGHT, width: (right - left) / 100 };
}

/** Draws the boxes, and finds the box of an event. */
export class Boxes {
  readonly group = svg("g", { id: "flame-boxes", tabindex: 0, role: "tree" });
  #elements: SVGElement[] = [];
  readonly #numbers = new Map<Element, number>();

  draw(look: Look): void {
    this.#numbers.clear();
    this.#elements = look.layout.boxes.map((box, i) => {
      const element = drawBox(look, box);
      this.#numbers.set(element, i);
      return element;
    });
    this.group.replaceChildren(...this.#elements);
  }

  /** Marks the matches of a search without drawing all boxes again. */
  mark(look: Look): void {
    this.#elements.forEach((element, i) => {
      element.classList.toggle("match", look.isMatch(look.layout.boxes[i]));
    });
  }

  /** Marks a box as selected, and names it for screen readers: naming all boxes would be slow. */
  select(number: number, label: string): void {
    document.getElementById(SELECTED_ID)?.removeAttribute("id");
    const element = this.#elements[number];
    element.id = SELECTED_ID;
    element.setAttribute("role", "treeitem");
    element.setAttribute("aria-label", label);
    this.group.setAttribute("aria-activedescendant", SELECTED_ID);
  }

  /** Returns the number of the box that an event hit. */
  numberOf({ target }: Event): number | undefined {
    const element = target instanceof Element ? target.closest(".box") : null;
    return element ? this.#numbers.get(element) : undefined;
  }
}

function drawBox(look: Look, box: Box): SVGElement {
  const { x, y, width } = boxArea(look, box);
  const classes = ["box", look.className(box)];
  if (look.isMatch(box)) classes.push("match");
  const attributes = {
    class: classes.join(" "),
    x,
    y,
    width,
    height: BOX_HEIGHT,
  };
  const text = look.text(box, lettersIn(width, look.letterWidth));
  if (text === "") return svg("rect", attributes);
  return svg(
    "svg",
    attributes,
    svg("rect", { width: width > GAP_FROM ? width - GAP : width, height: BOX_HEIGHT }),
    svg("text", { x: PADDING, y: BASELINE }, text),
  );
}
