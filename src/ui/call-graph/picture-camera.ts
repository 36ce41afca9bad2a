import { PanZoom } from "../widgets/pan-zoom.js";

/** The height of the toolbar above the picture. */
const TOOLBAR_PX = 50;

/** Makes the picture `root` fill its window. The user can pan and zoom its group `graph`. */
export function pictureCamera(root: SVGSVGElement, graph: SVGGElement): PanZoom {
  const { width, height } = root.viewBox.baseVal;
  const stillAttributes = ["width", "height", "viewBox"].map(
    (name) => [name, root.getAttribute(name) ?? ""] as const,
  );
  const fillWindow = () => {
    root.setAttribute("width", "100%");
    root.setAttribute("height", "100%");
    root.removeAttribute("viewBox");
  };
  fillWindow();
  root.style.touchAction = "none";
  const camera = new PanZoom(root, {
    size: () => [window.innerWidth, window.innerHeight],
    margin: { x: 0, top: TOOLBAR_PX, bottom: 0 },
    apply: (x, y, scale, lineWidth) => {
      graph.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
      graph.style.strokeWidth = String(lineWidth);
    },
    ignores: (target) => target instanceof Element && target.closest(".bar, .info") !== null,
  });
  camera.resize(width, height);
  window.addEventListener("resize", () => camera.refit());
  // Print the whole graph, as in the picture without scripts.
  window.addEventListener("beforeprint", () => {
    for (const [name, value] of stillAttributes) root.setAttribute(name, value);
    graph.removeAttribute("transform");
    graph.style.strokeWidth = "";
  });
  window.addEventListener("afterprint", () => {
    fillWindow();
    camera.apply();
  });
  return camera;
}
