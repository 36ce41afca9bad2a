const SVG = "http://www.w3.org/2000/svg";

export interface GraphNode {
  readonly element: SVGGElement;
  /** The full name and the value. */
  readonly name: string;
}

interface Call {
  readonly element: SVGGElement;
  readonly from: SVGGElement;
  readonly to: SVGGElement;
}

/** The nodes and edges of the picture, and which of them are highlighted. */
export class Graph {
  readonly nodes: readonly GraphNode[];
  /** The node that stays highlighted until another one is chosen. */
  chosen: GraphNode | undefined;
  /** Called with lines that describe the highlighted part. */
  onSubject: (lines: readonly string[]) => void = () => {};

  readonly #view: SVGGElement;
  readonly #calls: readonly Call[];
  readonly #titles = new Map<Element, string>();
  readonly #callsOf = new Map<Element, Call[]>();
  #hovered: Element | undefined;

  constructor(view: SVGGElement) {
    this.#view = view;
    const boxes = [...view.querySelectorAll<SVGGElement>(".node, .tag, .legend")];
    this.#calls = [...view.querySelectorAll<SVGGElement>(".edge")].map((element) => ({
      element,
      from: boxes[Number(element.dataset.from)],
      to: boxes[Number(element.dataset.to)],
    }));
    for (const call of this.#calls) {
      for (const end of [call.from, call.to]) {
        const calls = this.#callsOf.get(end) ?? [];
        calls.push(call);
        this.#callsOf.set(end, calls);
      }
      addHitArea(call.element);
    }
    for (const part of [...boxes, ...this.#calls.map(({ element }) => element)]) {
      // The toolbar shows the title immediately; the browser's tooltip would come late.
      const title = part.querySelector("title");
      this.#titles.set(part, title?.textContent ?? "");
      title?.remove();
    }
    this.nodes = boxes.filter((box) => box.matches(".node")).map((box) => this.#prepare(box));
    this.#listen();
  }

  nodeOf(target: EventTarget | null): GraphNode | undefined {
    const element = target instanceof Element ? target.closest(".node") : null;
    return this.nodes.find((node) => node.element === element);
  }

  /** Keeps a node and its neighbours highlighted; choosing it again ends that. */
  choose(node: GraphNode | undefined): void {
    this.chosen?.element.classList.remove("chosen");
    this.chosen = node === this.chosen ? undefined : node;
    this.chosen?.element.classList.add("chosen");
    this.#highlight();
  }

  /** Returns the nearest node in a direction, or undefined. */
  neighbour(
    { element }: GraphNode,
    [dx, dy]: readonly [x: number, y: number],
  ): GraphNode | undefined {
    const [x, y] = middle(element);
    let nearest: GraphNode | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const node of this.nodes) {
      const [nx, ny] = middle(node.element);
      const along = (nx - x) * dx + (ny - y) * dy;
      const aside = Math.abs((nx - x) * dy) + Math.abs((ny - y) * dx);
      if (along < 1 || along + 2 * aside >= least) continue;
      least = along + 2 * aside;
      nearest = node;
    }
    return nearest;
  }

  #prepare(element: SVGGElement): GraphNode {
    const name = this.#titles.get(element) ?? "";
    const box = element.querySelector("rect, path, ellipse")?.cloneNode() as SVGElement | undefined;
    if (box) {
      for (const attribute of ["style", "fill", "stroke", "stroke-width"])
        box.removeAttribute(attribute);
      box.setAttribute("class", "ring");
      element.append(box);
    }
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", name);
    return { element, name };
  }

  #listen(): void {
    this.#view.addEventListener("pointerover", (event) => {
      const target = event.target as Element;
      const part = target.closest(".node, .tag, .edge") ?? undefined;
      if (part !== this.#hovered) {
        this.#hovered = part;
        this.#highlight();
      }
    });
    this.#view.addEventListener("pointerleave", () => {
      this.#hovered = undefined;
      this.#highlight();
    });
    // Not on the graph element: Chromium would make it a stop for Tab.
    document.addEventListener("focusin", () => this.#highlight());
    document.addEventListener("focusout", () => this.#highlight());
  }

  /** Highlights the hovered, focused or chosen part with its neighbours, and dims the rest. */
  #highlight(): void {
    const focused = this.#view.querySelector(".node:focus-visible") ?? undefined;
    const subject = this.#hovered ?? focused ?? this.chosen?.element;
    const center = this.chosen?.element ?? subject;
    for (const element of this.#view.querySelectorAll(".on")) element.classList.remove("on");
    this.#view.classList.toggle("near", center !== undefined);
    if (center) for (const element of this.#belongingTo(center)) element.classList.add("on");
    this.onSubject(subject ? this.#describe(subject) : []);
  }

  *#belongingTo(part: Element): Iterable<Element> {
    yield part;
    for (const { element, from, to } of this.#calls) {
      if (element === part) yield* [from, to];
    }
    for (const { element, from, to } of this.#callsOf.get(part) ?? []) yield* [element, from, to];
  }

  #describe(part: Element): string[] {
    const title = this.#titles.get(part) ?? "";
    if (!part.matches(".node")) return [title];
    const values = [...part.querySelectorAll("text")]
      .map(({ textContent }) => textContent ?? "")
      .filter((line) => /\d.*%\)$/.test(line));
    const calls = (this.#callsOf.get(part) ?? []).filter(
      ({ from, to }) => from.matches(".node") && to.matches(".node"),
    );
    const callers = calls.filter(({ to }) => to === part).length;
    const callees = calls.filter(({ from }) => from === part).length;
    return [title, [...values, `${callers} in, ${callees} out`].join(" · ")];
  }
}

/** Adds an invisible wide line, because edges are too thin to point at. */
function addHitArea(element: SVGGElement): void {
  const line = element.querySelector("path");
  if (!line) return;
  const hit = document.createElementNS(SVG, "path");
  hit.setAttribute("d", line.getAttribute("d") ?? "");
  hit.setAttribute("class", "hit");
  element.prepend(hit);
}

function middle(element: SVGGraphicsElement): readonly [x: number, y: number] {
  const { x, y, width, height } = element.getBBox();
  return [x + width / 2, y + height / 2];
}
