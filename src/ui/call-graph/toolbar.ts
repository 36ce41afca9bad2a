const SVG = "http://www.w3.org/2000/svg";
const XHTML = "http://www.w3.org/1999/xhtml";

interface Actions {
  find(text: string): void;
  /** Goes to the next match, or with -1 to the previous one. */
  next(step: 1 | -1): void;
  close(): void;
  zoom(factor: number): void;
  fit(): void;
}

/** The search field, the buttons, and the panel that describes the highlighted part. */
export class Toolbar {
  readonly #input: HTMLInputElement;
  readonly #count: HTMLElement;
  readonly #info: HTMLElement;

  constructor(root: SVGSVGElement, actions: Actions) {
    const bar = make("div", "bar");
    const find = make("label", "find");
    this.#input = make("input", "") as HTMLInputElement;
    this.#input.type = "text";
    this.#input.placeholder = "Find a function ( / )";
    this.#input.setAttribute("aria-label", "Find a function: text or a regular expression");
    this.#input.spellcheck = false;
    this.#input.autocomplete = "off";
    this.#count = make("span", "count");
    this.#count.setAttribute("role", "status");
    find.append(this.#input, this.#count);
    bar.append(
      find,
      button("+", "Zoom in (+)", () => actions.zoom(1.25)),
      button("\u2212", "Zoom out (-)", () => actions.zoom(0.8)),
      button("Fit", "Fit the graph (0)", () => actions.fit()),
    );
    this.#info = make("div", "info");
    this.#info.setAttribute("role", "status");
    const panel = make("div", "panel");
    panel.append(this.#info);
    root.append(layer(panel, "100%"), layer(bar, "54px"));

    this.#input.addEventListener("input", () => actions.find(this.#input.value));
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") actions.next(event.shiftKey ? -1 : 1);
      else if (event.key === "Escape") actions.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  clear(): void {
    this.#input.value = "";
  }

  isTyping(target: EventTarget | null): boolean {
    return target === this.#input;
  }

  showCount(text: string): void {
    this.#count.textContent = text;
  }

  /** Shows a description; its first line is a name. */
  showInfo([name, ...lines]: readonly string[]): void {
    this.#info.replaceChildren();
    if (name === undefined) return;
    const heading = make("b", "");
    heading.textContent = name;
    this.#info.append(heading, ...lines);
  }
}

function make(tag: string, className: string): HTMLElement {
  const element = document.createElementNS(XHTML, tag) as HTMLElement;
  if (className) element.className = className;
  return element;
}

function button(text: string, title: string, act: () => void): HTMLElement {
  const element = make("button", "") as HTMLButtonElement;
  element.type = "button";
  element.textContent = text;
  element.title = title;
  element.setAttribute("aria-label", title);
  element.addEventListener("click", act);
  return element;
}

/** Wraps HTML to lie on top of the picture, as wide as the window, without catching clicks. */
function layer(content: HTMLElement, height: string): SVGForeignObjectElement {
  const layer = document.createElementNS(SVG, "foreignObject");
  layer.setAttribute("width", "100%");
  layer.setAttribute("height", height);
  layer.style.pointerEvents = "none";
  layer.append(content);
  return layer;
}
