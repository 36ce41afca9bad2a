import { type Camera, within } from "./camera.js";
import { LEVEL_HEIGHT, offsetOf, Painter, type Surface } from "./painter.js";
import { NONE, type Scene } from "./scene.js";

/** A pointer may miss a box by this much, in CSS pixels. */
const POINTER_SLACK_PX = 1.5;

/** The positions of a scene's frames on a canvas, in CSS pixels. */
export class Layout {
  readonly #scene: Scene;
  readonly #surface: Surface;
  readonly #flipped: boolean;

  /** `flipped`: whether the root is at the bottom. */
  constructor(scene: Scene, surface: Surface, flipped: boolean) {
    this.#scene = scene;
    this.#surface = surface;
    this.#flipped = flipped;
  }

  /** Returns the row of a frame, counted from the top. */
  rowOf(frame: number): number {
    const level = this.#scene.levelOf(frame);
    return this.#flipped ? this.#scene.levels - 1 - level : level;
  }

  get maxTop(): number {
    const { height, ratio } = this.#surface;
    return Math.max(0, (this.#scene.levels * Painter.levelPixels(this.#surface)) / ratio - height);
  }

  /** The scroll position of a new graph: its root is in view, or its pivot in the middle. */
  get firstTop(): number {
    const scene = this.#scene;
    if (!scene.isPivot) return this.#flipped ? this.maxTop : 0;
    return this.rowOf(scene.root) * LEVEL_HEIGHT - this.#surface.height * 0.45;
  }

  areaOf(frame: number, camera: Camera): { x: number; y: number; width: number } {
    const scene = this.#scene;
    const { width, ratio } = this.#surface;
    const { left, right } = camera;
    const scale = width / (right - left);
    const offset = offsetOf(this.#surface, scene, camera, this.#flipped);
    return {
      x: (scene.startOf(frame) - left) * scale,
      y: (offset + this.rowOf(frame) * Painter.levelPixels(this.#surface)) / ratio,
      width: (scene.endOf(frame) - scene.startOf(frame)) * scale,
    };
  }

  /** Returns the frame at a point, or {@link NONE}. */
  frameAt(x: number, y: number, camera: Camera): number {
    const scene = this.#scene;
    const { ratio, width } = this.#surface;
    const row = Math.floor(
      (y * ratio - offsetOf(this.#surface, scene, camera, this.#flipped)) /
        Painter.levelPixels(this.#surface),
    );
    const { left, right } = camera;
    const perPixel = (right - left) / width;
    const level = this.#flipped ? scene.levels - 1 - row : row;
    const box = scene.boxAt(level, left + x * perPixel, POINTER_SLACK_PX * perPixel);
    return box < 0 ? NONE : scene.frames[box];
  }

  /** Returns a camera in which a frame fills the width, with room for its callees. */
  cameraOn(frame: number, top: number): Camera {
    const scene = this.#scene;
    const camera = { left: scene.startOf(frame), right: scene.endOf(frame), top };
    const { height } = this.#surface;
    const y = this.rowOf(frame) * LEVEL_HEIGHT;
    const grows = scene.directionOf(frame) * (this.#flipped ? -1 : 1);
    // A pivot has frames on both sides.
    const isMiddle = scene.isPivot && frame === scene.root;
    const [from, to] = isMiddle ? [0.3, 0.6] : grows > 0 ? [0, 0.45] : [0.5, 1];
    const least = y - height * to + (to === 1 ? LEVEL_HEIGHT : 0);
    const most = y - height * from;
    return within({ ...camera, top: Math.min(Math.max(top, least), most) }, this.maxTop);
  }

  /** Returns the camera, scrolled just far enough to show a frame. */
  scrolledTo(frame: number, camera: Camera): Camera {
    const y = this.rowOf(frame) * LEVEL_HEIGHT;
    const { height } = this.#surface;
    const least = y + 2 * LEVEL_HEIGHT - height;
    const most = y - LEVEL_HEIGHT;
    return { ...camera, top: Math.max(Math.min(camera.top, most), least) };
  }
}
