// The program that draws call graphs, apart from the page's own as it holds Graphviz.
import { D3Renderer } from "../call-graph/d3-renderer.js";
import { GRAPH_PROGRAM, type GraphProgram } from "../call-graph/renderer.js";

const program: GraphProgram = { create: (container) => D3Renderer.create(container) };
Object.assign(globalThis, { [GRAPH_PROGRAM]: program });
