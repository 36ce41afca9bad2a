import { NONE, type Scene, type Side } from "./scene.js";

/** Directions on screen while the root is at the top. */
export type Direction = "up" | "down" | "left" | "right";

/** Returns the frame in a direction; `frame` itself if there is none. */
export function neighbour(scene: Scene, frame: number, direction: Direction): number {
  if (direction === "left" || direction === "right") {
    return beside(scene, frame, direction === "left" ? -1 : 1);
  }
  const isOutward = (direction === "down") === scene.directionOf(frame) > 0;
  if (scene.isPivot && frame === scene.root) {
    return heaviestChild(scene, frame, direction === "down" ? "callees" : "callers");
  }
  if (isOutward) return heaviestChild(scene, frame);
  const parent = scene.parentOf(frame);
  return parent === NONE ? frame : parent;
}

/** Returns the frame at the end of the heaviest calls below `frame`. */
export function heaviestLeaf(scene: Scene, frame: number): number {
  let at = frame;
  for (;;) {
    const next = heaviestChild(scene, at);
    if (next === at) return at;
    at = next;
  }
}

function heaviestChild(scene: Scene, frame: number, side?: Side): number {
  const width = (child: number) => scene.endOf(child) - scene.startOf(child);
  return scene
    .childrenOf(frame, side)
    .reduce((best, child) => (best === frame || width(child) > width(best) ? child : best), frame);
}

/** Returns the next box of the same level, which may have another caller. */
function beside(scene: Scene, frame: number, step: 1 | -1): number {
  const level = scene.levelOf(frame);
  const box = scene.boxOf(frame) + step;
  const isOfLevel = box >= scene.levelStarts[level] && box < scene.levelStarts[level + 1];
  return isOfLevel ? scene.frames[box] : frame;
}
