import { COLOR_NAMES } from "../../render/flame/colors.js";
import type { Frame } from "../../render/flame/frames.js";
import {
  BOX_HEIGHT,
  FONT_SIZE,
  LETTER_WIDTH,
  LEVEL_HEIGHT,
  MARGIN,
} from "../../render/flame/geometry.js";
import { type Box, type Layout, layOut } from "../../render/flame/layout.js";
import type { FlamePage } from "../../render/flame/page.js";
import { Boxes, boxArea, type Look } from "./boxes.js";
import { html, svg } from "./dom.js";
import { PictureModel } from "./model.js";
import { Footer, Header, Tip } from "./panel.js";
import { STYLE } from "./style.js";

const LAYOUT = { narrowest: 0.4, maxBoxes: 6000, maxLevels: 300, maxParents: 12 };

/** The minimum width of the picture, in pixels. */
const MIN_WIDTH = 240;

/** The interactive flame graph inside an SVG file. */
export class FlamePicture {
  readonly #root: SVGSVGElement;
  readonly #model: PictureModel;
  readonly #boxes = new Boxes();
  readonly #selectionBox = svg("rect", { id: "flame-mark", height: BOX_HEIGHT });
  readonly #tip = new Tip();
  readonly #footer = new Footer();
  readonly #header: Header;
  readonly #letterWidth: number;

  #rootAtTop = true;
  /** The frame that keys act on. */
  #selected: Frame;
  #look: Look;

  constructor(root: SVGSVGElement, page: FlamePage) {
    this.#root = root;
    this.#model = new PictureModel(page);
    this.#selected = this.#model.zoom;
    this.#header = new Header(page, this.#makeButtons());
    this.#letterWidth = prepare(root, [
      svg("style", {}, STYLE),
      this.#header.element,
      this.#boxes.group,
      this.#selectionBox,
      this.#footer.element,
      this.#tip.element,
    ]);
    this.#listen();
    this.#look = this.#draw();
  }

  #makeButtons(): HTMLButtonElement[] {
    /** `act` returns the new text of the button. */
    const button = (key: string, text: string, act: () => string) => {
      const element = html("button", { type: "button", title: `Key: ${key}` }, text);
      element.addEventListener("click", () => {
        element.textContent = act();
      });
      this.#toggles.set(key, element);
      return element;
    };
    const { kind } = this.#model.page;
    const buttons = [
      button("I", "Root: top", () => {
        this.#rootAtTop = !this.#rootAtTop;
        this.#draw();
        return this.#rootAtTop ? "Root: top" : "Root: bottom";
      }),
      button("B", "Merged from: roots", () => {
        const merges = this.#model.toggleMergesLeaves();
        this.#zoomTo(this.#model.zoom);
        return merges ? "Merged from: leaves" : "Merged from: roots";
      }),
      button("C", this.#colorText, () => {
        this.#model.nextColor();
        this.#draw();
        return this.#colorText;
      }),
    ];
    if (kind === "compared") {
      buttons.push(
        button("S", "Base: own size", () => {
          const scales = this.#model.toggleScalesBase();
          this.#zoomTo(this.#model.zoom);
          return scales ? "Base: scaled to the new total" : "Base: own size";
        }),
      );
    }
    return buttons;
  }

  get #colorText(): string {
    return `Colour: ${COLOR_NAMES[this.#model.color]}`;
  }

  readonly #toggles = new Map<string, HTMLButtonElement>();

  #zoomTo(frame: Frame): void {
    this.#model.zoom = frame;
    this.#selected = frame;
    this.#draw();
    this.#selectionBox.scrollIntoView({ block: "nearest" });
  }

  #draw(): Look {
    const width = this.#width();
    this.#tip.hide();
    this.#header.reset.disabled = !this.#model.zoom.parent;
    this.#header.setLegend(this.#model.legend());
    const top = this.#header.place(0, width);
    const layout = layOut(this.#model.source, this.#model.zoom, {
      ...LAYOUT,
      width: width - 2 * MARGIN,
    });
    this.#look = this.#makeLook(layout, top);
    this.#boxes.draw(this.#look);
    this.#select(this.#selected);
    this.#footer.setNotes(this.#model.notes(layout));
    const bottom = top + layout.levels * LEVEL_HEIGHT;
    // Alone in a window, the picture fills it, so that there is room for tooltips.
    const least = isAlone(this.#root) ? window.innerHeight : 0;
    const height = Math.max(least, bottom + this.#footer.place(bottom, width));
    this.#root.setAttribute("height", String(height));
    this.#root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    return this.#look;
  }

  #makeLook(layout: Layout, top: number): Look {
    const parents = this.#model.zoom.depth - layout.hiddenParents;
    return {
      layout,
      top,
      rootAtTop: this.#rootAtTop,
      letterWidth: this.#letterWidth,
      text: (box, letters) => this.#model.textOf(box, letters),
      className: (box) => `${this.#model.classOf(box)}${box.level < parents ? " parent" : ""}`,
      isMatch: (box) => this.#model.isMatch(box),
    };
  }

  /** Marks the box of a frame as selected; returns its number. */
  #select(frame: Frame): number {
    this.#selected = frame;
    const { boxes } = this.#look.layout;
    const number = Math.max(
      0,
      boxes.findIndex((box) => box.frame.index === frame.index),
    );
    const { x, y, width } = boxArea(this.#look, boxes[number]);
    this.#selectionBox.setAttribute("x", String(x));
    this.#selectionBox.setAttribute("y", String(y));
    this.#selectionBox.setAttribute("width", String(Math.max(width, 2)));
    const { name, figures } = this.#model.details(boxes[number].frame);
    this.#boxes.select(number, `${name}, ${figures.map(({ text }) => text).join(", ")}`);
    return number;
  }

  /** Shows the tooltip of a box near a point of the picture. */
  #showTooltip(box: Box, x: number, y: number): void {
    const { name, notes, figures } = this.#model.details(box.frame);
    const list = html("dl");
    for (const { label, text } of figures) {
      list.append(html("dt", {}, label), html("dd", {}, text));
    }
    const content = [
      html("div", { class: "name" }, name),
      ...notes.map((note) => html("div", { class: "faint" }, note)),
      list,
    ];
    const { top, width, height } = this.#root.getBoundingClientRect();
    const visible = [-top, Math.min(window.innerHeight - top, height)] as const;
    this.#tip.show(content, x, y, width, visible);
  }

  #listen(): void {
    const { group } = this.#boxes;
    const { search, reset, help } = this.#header;
    const boxOf = (event: Event) => {
      const number = this.#boxes.numberOf(event);
      return number === undefined ? undefined : this.#look.layout.boxes[number];
    };
    group.addEventListener("click", (event) => {
      const box = boxOf(event);
      if (box) this.#zoomTo(box.frame);
    });
    group.addEventListener("pointermove", (event) => {
      const box = boxOf(event);
      if (!box) return;
      const { left, top } = this.#root.getBoundingClientRect();
      this.#showTooltip(box, event.clientX - left, event.clientY - top);
    });
    group.addEventListener("pointerleave", () => this.#tip.hide());
    group.addEventListener("blur", () => this.#tip.hide());
    search.addEventListener("input", () => this.#search());
    reset.addEventListener("click", () => this.#zoomTo(this.#model.source.root));
    help.addEventListener("click", () => this.#toggleKeys());
    // Alone in a window, the picture gets all keys; inside a page, only its own.
    const target: EventTarget = isAlone(this.#root) ? document : this.#root;
    target.addEventListener("keydown", (event) => this.#press(event as KeyboardEvent));
    window.addEventListener("resize", () => this.#draw());
  }

  #toggleKeys(): void {
    this.#header.showsKeys = !this.#header.showsKeys;
    this.#draw();
  }

  #search(): void {
    try {
      this.#header.setFound(this.#model.search(this.#header.search.value));
    } catch {
      this.#header.setFound("not a regular expression", true);
    }
    // The line about the matches may change the height of the header.
    if (this.#header.place(0, this.#width()) === this.#look.top) this.#boxes.mark(this.#look);
    else this.#draw();
  }

  #width(): number {
    return Math.max(MIN_WIDTH, this.#root.getBoundingClientRect().width);
  }

  #press(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, altKey } = event;
    const { search } = this.#header;
    const isTyping = event.target === search;
    if ((ctrlKey || metaKey) && key.toLowerCase() === "f" && !isTyping) {
      event.preventDefault();
      this.#startSearch();
      return;
    }
    if (ctrlKey || metaKey || altKey) return;
    if (isTyping ? this.#pressInSearch(key) : this.#pressKey(event)) event.preventDefault();
  }

  #startSearch(): void {
    this.#header.search.focus();
    this.#header.search.select();
    window.scrollTo({ top: 0 });
  }

  #pressInSearch(key: string): boolean {
    if (key === "Escape") {
      this.#header.search.value = "";
      this.#search();
    }
    if (key === "Escape" || key === "Enter") {
      this.#boxes.group.focus({ preventScroll: true });
      if (key === "Enter" && this.#model.hasMatches) this.#goToMatch(1);
      return true;
    }
    return false;
  }

  /** Acts on a key; returns whether the key has a meaning. */
  #pressKey({ key, target }: KeyboardEvent): boolean {
    // Enter on a button clicks the button.
    const onButton = target instanceof HTMLButtonElement;
    switch (key) {
      case "/":
        this.#startSearch();
        return true;
      case "?":
        this.#toggleKeys();
        return true;
      case "Escape":
        this.#escape();
        return true;
      case "Enter":
        if (onButton) return false;
        this.#zoomTo(this.#selected);
        this.#showSelectedTooltip();
        return true;
      case "Backspace":
        if (this.#model.zoom.parent) this.#zoomTo(this.#model.zoom.parent);
        return true;
      case "n":
      case "N":
        this.#goToMatch(key === "n" ? 1 : -1);
        return true;
      case "ArrowLeft":
      case "ArrowRight":
      case "ArrowUp":
      case "ArrowDown":
        this.#go(key);
        return true;
    }
    const toggle = this.#toggles.get(key.toUpperCase());
    toggle?.click();
    return toggle !== undefined;
  }

  #escape(): void {
    if (this.#header.showsKeys) this.#toggleKeys();
    else if (this.#model.zoom.parent) this.#zoomTo(this.#model.source.root);
    else if (this.#header.search.value !== "") {
      this.#header.search.value = "";
      this.#search();
    }
    this.#tip.hide();
  }

  #go(key: "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown"): void {
    const { boxes } = this.#look.layout;
    const number = this.#select(this.#selected);
    const { frame, level } = boxes[number];
    let next: Box | undefined;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      next = boxes[number + (key === "ArrowLeft" ? -1 : 1)];
      if (next?.level !== level) next = undefined;
    } else if ((key === "ArrowUp") === this.#rootAtTop) {
      next = boxes.findLast((box) => box.level === level - 1 && isBelow(box, boxes[number]));
    } else {
      next = boxes.find((box) => box.frame.parent?.index === frame.index);
      // Children of the zoomed frame's callers that were left out: go to the frame above.
      next ??= boxes.find((box) => box.level === level + 1 && isBelow(boxes[number], box));
    }
    if (next) this.#goTo(next);
  }

  #goToMatch(step: 1 | -1): void {
    const { boxes } = this.#look.layout;
    const { isMatch } = this.#look;
    let number = this.#select(this.#selected);
    let tried = 0;
    do {
      number = (number + step + boxes.length) % boxes.length;
      tried++;
    } while (!isMatch(boxes[number]) && tried < boxes.length);
    if (isMatch(boxes[number])) this.#goTo(boxes[number]);
  }

  #goTo({ frame }: Box): void {
    this.#select(frame);
    this.#boxes.group.focus({ preventScroll: true });
    this.#showSelectedTooltip();
  }

  #showSelectedTooltip(): void {
    const box = this.#look.layout.boxes[this.#select(this.#selected)];
    const { x, y, width } = boxArea(this.#look, box);
    this.#selectionBox.scrollIntoView({ block: "nearest" });
    this.#showTooltip(box, x + Math.min(width / 2, 40), y);
  }
}

function isBelow(below: Box, above: Box): boolean {
  return below.left <= above.left && below.right >= above.right;
}

/** Returns whether the picture is a document of its own. */
function isAlone(root: SVGSVGElement): boolean {
  return root === (document.documentElement as Element);
}

/** Replaces the picture without scripts by the interactive parts; returns the width of a letter. */
function prepare(root: SVGSVGElement, parts: readonly Element[]): number {
  const still = document.getElementById("flame-picture");
  const probe = svg("text", { visibility: "hidden" }, "m".repeat(100));
  root.append(probe);
  const measured = probe.getComputedTextLength() / 100;
  probe.remove();
  still?.replaceWith(...parts);
  if (isAlone(root)) root.style.background = "var(--page)";
  root.setAttribute("width", "100%");
  root.setAttribute("font-size", String(FONT_SIZE));
  return measured > 0 ? measured : LETTER_WIDTH;
}
