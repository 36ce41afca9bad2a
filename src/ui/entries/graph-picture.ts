// The script inside the picture of a call graph (`tsprof svg`). It lets the user pan, zoom and
// search when a browser shows the picture by itself. Names are only ever set as text.

import { Graph } from "../call-graph/graph-parts.js";
import { Search } from "../call-graph/node-search.js";
import { pictureCamera } from "../call-graph/picture-camera.js";
import { Toolbar } from "../call-graph/toolbar.js";

const root = document.documentElement;
if (root instanceof SVGSVGElement) start(root);

function start(root: SVGSVGElement): void {
  const view = root.querySelector<SVGGElement>(".graph");
  if (!view) return;
  root.classList.add("live");
  const camera = pictureCamera(root, view);
  const graph = new Graph(view);
  const toolbar = new Toolbar(root, {
    find: (text) => show(search.find(text)),
    next: (step) => show(search.step(step)),
    close: () => leaveSearch(),
    zoom: (factor) => camera.zoom(factor),
    fit: () => camera.fit(),
  });
  const search = new Search(graph.nodes);
  graph.onSubject = (text) => toolbar.showInfo(text);

  const show = ({ count, at, current }: ReturnType<Search["find"]>) => {
    toolbar.showCount(search.text === "" ? "" : count === 0 ? "none" : `${at} of ${count}`);
    view.classList.toggle("found", count > 0);
    if (current) camera.center(camera.middleOf(current.element));
  };
  const leaveSearch = () => {
    toolbar.clear();
    show(search.find(""));
    graph.nodes[0]?.element.focus({ preventScroll: true });
    graph.choose(undefined);
  };

  camera.onTap = (target) => graph.choose(graph.nodeOf(target));

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || toolbar.isTyping(event.target)) return;
    const focused = graph.nodeOf(event.target);
    const direction = DIRECTIONS[event.key];
    if (event.key === "+" || event.key === "=") camera.zoom(1.25);
    else if (event.key === "-" || event.key === "_") camera.zoom(0.8);
    else if (event.key === "0") camera.fit();
    else if (event.key === "/") toolbar.focus();
    else if (event.key === "n" || event.key === "N") show(search.step(event.key === "n" ? 1 : -1));
    else if (event.key === "Escape") {
      if (graph.chosen || focused) {
        graph.choose(undefined);
        // A clicked box has the focus, and a key press would make its focus visible.
        focused?.element.blur();
      } else leaveSearch();
    } else if (event.key === "Enter" && focused) graph.choose(focused);
    else if (direction && focused) {
      const next = graph.neighbour(focused, direction);
      next?.element.focus({ preventScroll: true });
    } else if (direction) camera.move(-direction[0] * 60, -direction[1] * 60);
    else return;
    event.preventDefault();
  });
  document.addEventListener("focusin", (event) => {
    const node = graph.nodeOf(event.target);
    if (node?.element.matches(":focus-visible")) camera.reveal(camera.middleOf(node.element));
  });
}

const DIRECTIONS: Record<string, readonly [x: number, y: number] | undefined> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
