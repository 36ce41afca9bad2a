import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { graphviz } from "d3-graphviz";
import { select } from "d3-selection";
import { LAYOUT_FAILED_MESSAGE } from "../../render/graphviz-text.js";
import { adaptElement, type GraphElement, readLayout } from "./adapt-element.js";
import { ANIMATION_MS, type DrawnGraph, type GraphRenderer, type GraphToDraw } from "./renderer.js";

/** The part of d3-graphviz that is used here. Its own types lack the arguments of callbacks. */
interface Drawer {
  dot(text: string, callback: () => void): this;
  render(callback: () => void): this;
  data(): GraphElement;
  onerror(callback: (error: unknown) => void): this;
  attributer(callback: (element: GraphElement) => void): this;
  transition(make: () => unknown): this;
}

/** Draws with d3-graphviz: Graphviz lays the graph out; elements of nodes that stay are reused. */
export class D3Renderer implements GraphRenderer {
  readonly #container: HTMLElement;
  #drawer: Drawer | undefined;
  /** Resolves when the last drawing has ended; the next one waits for it. */
  #settled: Promise<void> = Promise.resolve();

  private constructor(container: HTMLElement) {
    this.#container = container;
  }

  static async create(container: HTMLElement): Promise<D3Renderer> {
    try {
      // d3-graphviz loads the same module, but reports no error if that fails.
      await Graphviz.load();
    } catch (error) {
      throw new Error("Graphviz cannot run in this browser", { cause: error });
    }
    return new D3Renderer(container);
  }

  async draw(graph: GraphToDraw): Promise<DrawnGraph> {
    await this.#settled;
    const kept = graph.isAnimated ? this.#drawer : undefined;
    const host = document.createElement("div");
    const drawer = kept ?? newDrawer(host);
    await new Promise<void>((resolve, reject) => {
      drawer.onerror((error) => reject(new Error(LAYOUT_FAILED_MESSAGE, { cause: error })));
      drawer.dot(graph.dot, resolve);
    });
    if (!kept) {
      // Not earlier: the old graph stays if the new one cannot be laid out.
      this.#container.replaceChildren(host);
      this.#drawer = drawer;
    }
    const layout = readLayout(drawer.data());
    drawer.attributer((element) => adaptElement(element, graph));
    if (kept) drawer.transition(() => newTransition());
    this.#settled = new Promise((resolve) => drawer.render(resolve));
    return { ...layout, settled: this.#settled };
  }
}

function newDrawer(host: HTMLElement): Drawer {
  return graphviz(host, {
    useWorker: false,
    zoom: false,
    fit: false,
    keyMode: "title",
    fade: true,
    growEnteringEdges: false,
    // Boxes need not become paths while they move.
    tweenShapes: false,
    tweenPaths: true,
    // Ten straight segments per edge while it moves: a finer precision is slow.
    tweenPrecision: "10%",
  }) as unknown as Drawer;
}

/** The method that d3-transition adds to selections; the types of the packages do not show it. */
interface Moving {
  transition(): { duration(milliseconds: number): unknown };
}

function newTransition(): unknown {
  const page = select(document.documentElement) as unknown as Moving;
  return page.transition().duration(ANIMATION_MS);
}
