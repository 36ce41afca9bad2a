/*
 * What the page knows of the program that draws call graphs. That one holds Graphviz and is
 * large, so it is a script of its own (src/ui/entries/graph.ts) which is loaded when the first
 * graph is shown.
 */

/** The program, once it is loaded. */
export interface GraphProgram {
  /** Has graphs drawn into an element, one after another. Rejects where Graphviz cannot run. */
  create(container: HTMLElement): Promise<GraphRenderer>;
}

/** Loads the program; called once, and again only after it rejected. */
export type LoadGraphProgram = () => Promise<GraphProgram>;

export interface GraphRenderer {
  /**
   * Lays a graph out, and begins to draw it in the place of the one before. Rejects with an
   * Error of one line where it cannot be laid out; what was drawn before then stays.
   */
  draw(graph: GraphToDraw): Promise<DrawnGraph>;
}

export interface GraphToDraw {
  /** As Graphviz is to get it. */
  readonly dot: string;
  /** Whether what was drawn before moves to its new place. */
  readonly isAnimated: boolean;
  readonly isDark: boolean;
  /** What the nodes are called, by their ids in the DOT text, for those who cannot see them. */
  readonly labels: ReadonlyMap<string, string>;
}

/** The graph with its final places, in points. */
export interface DrawnGraph {
  readonly width: number;
  readonly height: number;
  /** The middle of each node, by its id. */
  readonly places: ReadonlyMap<string, readonly [x: number, y: number]>;
  /** Once all is where it belongs. */
  readonly settled: Promise<void>;
}

/** How long it takes to move from one graph to the next, in milliseconds. */
export const MOVE_TIME = 450;

/** The name under which the program makes itself known to the page. */
export const GRAPH_PROGRAM = "tsprofGraph";

/** Loads the program from an address. */
export function loadGraphProgram(url: string): Promise<GraphProgram> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const fail = () => {
      script.remove();
      reject(new Error("the program that draws graphs could not be loaded"));
    };
    script.onload = () => {
      const program = (globalThis as { [GRAPH_PROGRAM]?: GraphProgram })[GRAPH_PROGRAM];
      if (program) resolve(program);
      else fail();
    };
    script.onerror = fail;
    script.src = url;
    document.head.append(script);
  });
}
