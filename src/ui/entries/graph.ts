// The script that draws call graphs, apart from the page's script because it contains Graphviz.
import { D3Renderer } from "../call-graph/d3-renderer.js";
import { GRAPH_PROGRAM, type GraphProgram } from "../call-graph/renderer.js";

const program: GraphProgram = { create: (container) => D3Renderer.create(container) };
Object.assign(globalThis, { [GRAPH_PROGRAM]: program });
