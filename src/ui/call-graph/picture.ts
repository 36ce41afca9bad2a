import type { DotNode } from "../../report/dot.js";
import type { PanZoom } from "../widgets/pan-zoom.js";
import type { Facts, GraphFacts } from "./facts.js";
import type { DrawnGraph } from "./renderer.js";

export interface PictureEvents {
  /** The user points at a part, or focuses it, at `at` of the window; undefined when that ends. */
  showFacts(facts: Facts | undefined, at: DOMRect | undefined): void;
  /** The user chooses a node with a key. */
  choose(id: string): void;
  /** The user asks for the menu of a node, at a point of the window. */
  openMenu(node: DotNode, at: { readonly x: number; readonly y: number }): void;
}

/** The graph on screen: its chosen, found, hovered and focused nodes. */
export class GraphPicture {
  readonly #stage: HTMLElement;
  readonly #camera: PanZoom;
  readonly #events: PictureEvents;
  #facts: GraphFacts | undefined;
  #drawn: DrawnGraph | undefined;
  #elements = new Map<string, SVGGElement>();
  #edges: readonly SVGGElement[] = [];
  /** The name of the node that stays highlighted; the next graph may contain it too. */
  #chosen: string | undefined;
  /** The id of the node that keys act on. */
  #current: string | undefined;
  #hovered: string | undefined;
  #matches: readonly string[] = [];

  constructor(stage: HTMLElement, camera: PanZoom, events: PictureEvents) {
    this.#stage = stage;
    this.#camera = camera;
    this.#events = events;
    this.#listen();
  }

  get chosen(): string | undefined {
    return this.#chosen;
  }

  /** Returns the id of the node that keeps its position when the next graph is drawn. */
  anchor(next: GraphFacts): string | undefined {
    const shown = this.#drawn?.centers;
    if (!shown || this.#camera.isAtRest) return undefined;
    const kept = next.ids.filter((id) => shown.has(id));
    const chosen = kept.find((id) => next.node(id)?.name === this.#chosen);
    if (chosen) return chosen;
    const { width, height } = this.#stage.parentElement?.getBoundingClientRect() ?? new DOMRect();
    const fromMiddle = (id: string) => {
      const center = shown.get(id);
      const [x, y] = center ? this.#camera.locate(center) : [0, 0];
      return Math.hypot(x - width / 2, y - height / 2);
    };
    return kept.sort((a, b) => fromMiddle(a) - fromMiddle(b))[0];
  }

  /** Returns whether the next graph contains a node of this one. */
  shares(next: GraphFacts): boolean {
    return next.ids.some((id) => this.#drawn?.centers.has(id));
  }

  /** Replaces the graph. Its elements are complete only once it has {@link settle}d. */
  begin(facts: GraphFacts, drawn: DrawnGraph, anchor: string | undefined): void {
    const before = anchor === undefined ? undefined : this.#drawn?.centers.get(anchor);
    const after = anchor === undefined ? undefined : drawn.centers.get(anchor);
    const at = before && this.#camera.locate(before);
    this.#facts = facts;
    this.#drawn = drawn;
    this.#hovered = undefined;
    this.#stage.classList.remove("near", "found");
    const path = facts.hottestPath().map((id) => drawn.centers.get(id));
    this.#camera.resize(
      drawn.width,
      drawn.height,
      path.filter((point) => point !== undefined),
    );
    if (at && after) this.#camera.put(after, at);
  }

  /** Prepares the elements of a graph that has been drawn completely. */
  settle(): void {
    this.#elements = new Map();
    for (const element of this.#stage.querySelectorAll<SVGGElement>(".node")) {
      if (element.dataset.id) this.#elements.set(element.dataset.id, element);
    }
    this.#edges = [...this.#stage.querySelectorAll<SVGGElement>(".edge")];
    if (!this.#current || !this.#elements.has(this.#current)) {
      this.#current = this.#idOf(this.#chosen) ?? this.#facts?.ids[0];
    }
    this.#markCurrent();
    this.#highlight();
  }

  clear(): void {
    this.#facts = undefined;
    this.#drawn = undefined;
    this.#elements = new Map();
    this.#edges = [];
    this.#events.showFacts(undefined, undefined);
  }

  /** Marks the nodes whose names match; returns their number. */
  find(matches: ((name: string) => boolean) | undefined): number {
    const ids = this.#facts?.ids ?? [];
    this.#matches = matches ? ids.filter((id) => matches(this.#facts?.node(id)?.name ?? "")) : [];
    const found = new Set(this.#matches);
    for (const [id, element] of this.#elements) element.classList.toggle("match", found.has(id));
    this.#stage.classList.toggle("found", found.size > 0);
    return found.size;
  }

  /** Goes to the next match, or with -1 to the previous one. */
  goToMatch(step: 1 | -1, takesFocus = true): void {
    const { length } = this.#matches;
    if (length === 0) return;
    const at = this.#matches.indexOf(this.#current ?? "");
    const next = at < 0 ? (step === 1 ? 0 : length - 1) : (at + step + length) % length;
    this.#goTo(this.#matches[next], { isCentered: true, takesFocus });
  }

  /** Keeps a node and its neighbours highlighted; choosing it again, or undefined, ends that. */
  choose(id: string | undefined): void {
    const name = id === undefined ? undefined : this.#facts?.node(id)?.name;
    this.#chosen = name === this.#chosen ? undefined : name;
    if (id !== undefined && name !== undefined) this.#current = id;
    this.#markCurrent();
    this.#highlight();
  }

  /** Highlights the node of a selected function, and shows it; an empty name ends that. */
  chooseNamed(name: string): void {
    if (name === (this.#chosen ?? "")) return;
    const id = this.#idOf(name);
    this.#chosen = id === undefined ? undefined : name;
    const center = id === undefined ? undefined : this.#drawn?.centers.get(id);
    if (center) this.#camera.show(center);
    if (id !== undefined) this.#current = id;
    this.#markCurrent();
    this.#highlight();
  }

  /** Acts on a key if a node has the focus; returns whether it did. */
  press({ key }: KeyboardEvent): boolean {
    const current = this.#current;
    const isFocused = document.activeElement === this.#elements.get(current ?? "");
    if (!this.#facts || current === undefined || !isFocused) return false;
    const { ids } = this.#facts;
    switch (key) {
      case "ArrowUp":
        this.#goTo(this.#facts.callers(current).find((id) => id !== current));
        return true;
      case "ArrowDown":
        this.#goTo(this.#facts.callees(current).find((id) => id !== current));
        return true;
      case "ArrowLeft":
        this.#goTo(this.#beside(current, -1));
        return true;
      case "ArrowRight":
        this.#goTo(this.#beside(current, 1));
        return true;
      case "Home":
        this.#goTo(ids[0]);
        return true;
      case "End":
        this.#goTo(ids.at(-1));
        return true;
      case " ":
        this.#events.choose(current);
        return true;
      case "Enter":
      case "ContextMenu":
        this.#openMenu(current);
        return true;
      default:
        return false;
    }
  }

  focus(): void {
    this.#elements.get(this.#current ?? "")?.focus({ preventScroll: true });
  }

  nodeAt(target: EventTarget | null): string | undefined {
    const element = target instanceof Element ? target.closest<SVGGElement>(".node") : null;
    return element?.dataset.id;
  }

  #idOf(name: string | undefined): string | undefined {
    if (name === undefined) return undefined;
    return this.#facts?.ids.find((id) => this.#facts?.node(id)?.name === name);
  }

  #goTo(
    id: string | undefined,
    { isCentered = false, takesFocus = true }: { isCentered?: boolean; takesFocus?: boolean } = {},
  ): void {
    const center = id === undefined ? undefined : this.#drawn?.centers.get(id);
    if (id === undefined || !center) return;
    this.#current = id;
    this.#markCurrent();
    if (isCentered) this.#camera.center(center);
    else this.#camera.reveal(center);
    if (takesFocus) this.focus();
    for (const [other, element] of this.#elements) {
      element.classList.toggle("current", !takesFocus && other === id);
    }
    this.#highlight();
  }

  /** Returns the nearest node to the left (-1) or right (1), preferring the same height. */
  #beside(from: string, direction: 1 | -1): string | undefined {
    const centers = this.#drawn?.centers;
    const [x, y] = centers?.get(from) ?? [0, 0];
    let nearest: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const id of this.#facts?.ids ?? []) {
      const [otherX, otherY] = centers?.get(id) ?? [0, 0];
      const along = (otherX - x) * direction;
      const distance = along + 3 * Math.abs(otherY - y);
      if (id === from || along < 1 || distance >= least) continue;
      least = distance;
      nearest = id;
    }
    return nearest;
  }

  #openMenu(id: string, at?: { readonly x: number; readonly y: number }): void {
    const node = this.#facts?.node(id);
    const box = this.#elements.get(id)?.getBoundingClientRect();
    if (!node || !box) return;
    this.#events.showFacts(undefined, undefined);
    this.#events.openMenu(node, at ?? { x: box.left + box.width / 2, y: box.bottom });
  }

  /** Makes one node reachable with Tab; arrow keys go on from it. */
  #markCurrent(): void {
    for (const [id, element] of this.#elements) {
      element.setAttribute("tabindex", id === this.#current ? "0" : "-1");
    }
  }

  #listen(): void {
    this.#stage.addEventListener("pointerover", ({ target }) => {
      const part = target instanceof Element ? target.closest<SVGGElement>(".node, .edge") : null;
      const id = part?.dataset.id;
      if (id === this.#hovered) return;
      this.#hovered = id;
      this.#highlight();
    });
    this.#stage.addEventListener("pointerleave", () => {
      this.#hovered = undefined;
      this.#highlight();
    });
    this.#stage.addEventListener("focusin", ({ target }) => {
      const id = this.nodeAt(target);
      if (id === undefined) return;
      this.#current = id;
      this.#markCurrent();
      this.#highlight();
    });
    this.#stage.addEventListener("focusout", () => this.#highlight());
    this.#stage.addEventListener("contextmenu", (event) => {
      const id = this.nodeAt(event.target);
      if (id === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      // For the menu key, the event has no position of a pointer.
      const isAtPointer = event.button === 2;
      this.#openMenu(id, isAtPointer ? { x: event.clientX, y: event.clientY } : undefined);
    });
  }

  /** Highlights the hovered, focused or chosen part with its neighbours, and describes it. */
  #highlight(): void {
    const chosen = this.#idOf(this.#chosen);
    const focused = this.#current;
    const isFocusSeen = this.#elements.get(focused ?? "")?.matches(":focus-visible");
    const subject = this.#hovered ?? (isFocusSeen ? focused : undefined) ?? chosen;
    const center = chosen ?? subject;
    const lit = new Set(center === undefined ? [] : this.#belongingTo(center));
    for (const [id, element] of this.#elements) {
      element.classList.toggle("on", lit.has(id));
      element.classList.toggle("chosen", id === chosen);
    }
    for (const element of this.#edges) {
      const id = element.dataset.id ?? "";
      const ends = this.#facts?.ends(id) ?? [];
      const isPointedAt = id === this.#hovered && chosen === undefined;
      element.classList.toggle(
        "on",
        isPointedAt || (center !== undefined && ends.includes(center)),
      );
    }
    this.#stage.classList.toggle("near", center !== undefined);
    const described = this.#hovered ?? (isFocusSeen ? focused : undefined);
    this.#describe(described);
  }

  #belongingTo(id: string): readonly string[] {
    if (!this.#facts) return [];
    if (this.#facts.ofEdge(id)) return this.#facts.ends(id);
    return [id, ...this.#facts.callers(id), ...this.#facts.callees(id)];
  }

  #describe(id: string | undefined): void {
    if (id === undefined || !this.#facts) {
      this.#events.showFacts(undefined, undefined);
      return;
    }
    const element =
      this.#elements.get(id) ??
      this.#edges.find((edge) => edge.dataset.id === id)?.querySelector("text");
    const facts = this.#facts.ofNode(id) ?? this.#facts.ofEdge(id);
    this.#events.showFacts(facts, element?.getBoundingClientRect());
  }
}
