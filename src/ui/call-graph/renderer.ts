/*
 * The interface between the page and the script that draws call graphs (src/ui/entries/graph.ts).
 * That script needs Graphviz, which is large, so the page loads both with the first graph.
 */

export interface GraphProgram {
  /** Creates a renderer that draws into an element. Rejects if Graphviz cannot run. */
  create(container: HTMLElement): Promise<GraphRenderer>;
}

/** Loads the script. Called once, and again if it rejected. */
export type LoadGraphProgram = () => Promise<GraphProgram>;

export interface GraphRenderer {
  /** Starts to draw a graph. If its layout fails, rejects with one line; the last graph stays. */
  draw(graph: GraphToDraw): Promise<DrawnGraph>;
}

export interface GraphToDraw {
  readonly dot: string;
  /** Whether nodes move from their old to their new positions. */
  readonly isAnimated: boolean;
  readonly isDark: boolean;
  /** Accessible names of the nodes, by their ids in the DOT text. */
  readonly labels: ReadonlyMap<string, string>;
}

/** The final layout, in points. */
export interface DrawnGraph {
  readonly width: number;
  readonly height: number;
  /** The centre of each node, by its id. */
  readonly centers: ReadonlyMap<string, readonly [x: number, y: number]>;
  /** Resolves when the animation has ended. */
  readonly settled: Promise<void>;
}

export const ANIMATION_MS = 450;

/** The global name that the script uses. */
export const GRAPH_PROGRAM = "tsprofGraph";

/** The global name of Graphviz's WebAssembly code: see scripts/graphviz-wasm.mjs. */
const GRAPHVIZ_WASM = "tsprofGraphvizWasm";

/** Loads the script from a URL. `wasm` is the WebAssembly code of Graphviz. */
export async function loadGraphProgram(
  url: string,
  wasm: Promise<Uint8Array>,
): Promise<GraphProgram> {
  const [program, code] = await Promise.all([loadScript(url), wasm]);
  Object.assign(globalThis, { [GRAPHVIZ_WASM]: code });
  return program;
}

function loadScript(url: string): Promise<GraphProgram> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const fail = () => {
      script.remove();
      reject(new Error("could not load the script that draws graphs"));
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
