import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { graphviz } from "d3-graphviz";
import { select } from "d3-selection";
import { NOT_LAID_OUT } from "../../render/graphviz-text.js";
import { dress, type GraphElement, readLayout } from "./dress.js";
import { type DrawnGraph, type GraphRenderer, type GraphToDraw, MOVE_TIME } from "./renderer.js";

/** What is used of d3-graphviz; its own types lack the callbacks' arguments. */
interface Drawer {
  dot(text: string, callback: () => void): this;
  render(callback: () => void): this;
  data(): GraphElement;
  onerror(callback: (error: unknown) => void): this;
  attributer(callback: (element: GraphElement) => void): this;
  transition(make: () => unknown): this;
}

/** Draws with d3-graphviz: Graphviz lays out, and elements are kept from one graph to the next. */
export class D3Renderer implements GraphRenderer {
  readonly #container: HTMLElement;
  #drawer: Drawer | undefined;
  /** Graphs are drawn one after another: the next one starts where this one ended. */
  #settled: Promise<void> = Promise.resolve();

  private constructor(container: HTMLElement) {
    this.#container = container;
  }

  static async create(container: HTMLElement): Promise<D3Renderer> {
    try {
      // d3-graphviz uses the same, and does not say where it cannot be had.
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
      drawer.onerror((error) => reject(new Error(NOT_LAID_OUT, { cause: error })));
      drawer.dot(graph.dot, resolve);
    });
    if (!kept) {
      // Only now, as what was there stays where a graph cannot be laid out.
      this.#container.replaceChildren(host);
      this.#drawer = drawer;
    }
    const layout = readLayout(drawer.data());
    drawer.attributer((element) => dress(element, graph));
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
    // Boxes keep their corners, so that they need not become paths on the way.
    tweenShapes: false,
    tweenPaths: true,
    // Ten straight pieces to an arrow while it moves: that is what takes the time.
    tweenPrecision: "10%",
  }) as unknown as Drawer;
}

/** d3-graphviz brings what adds this to selections; the types of the two do not know each other. */
interface Moving {
  transition(): { duration(milliseconds: number): unknown };
}

function newTransition(): unknown {
  const page = select(document.documentElement) as unknown as Moving;
  return page.transition().duration(MOVE_TIME);
}
