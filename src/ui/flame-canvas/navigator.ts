import { type Camera, panned, WHOLE, within, zoomed } from "./camera.js";
import { Layout } from "./layout.js";
import { MovingCamera } from "./moving-camera.js";
import { type Direction, neighbour } from "./neighbours.js";
import { LEVEL_HEIGHT, type Surface } from "./painter.js";
import { NONE, type Scene } from "./scene.js";

/** Boxes narrower than this are zoomed in on when keys go to them, in CSS pixels. */
const MIN_FOLLOWED_WIDTH = 3;

export interface NavigatorHost {
  surface(): Surface;
  /** The frame zoomed in on or selected, or the camera, has changed: paint soon. */
  onMove(): void;
  /** Something that a toolbar shows has changed. */
  onChange(): void;
  /** The selected frame has changed. */
  onSelect(frame: number): void;
  /** The user has moved away from the frame zoomed in on. */
  onLeave(): void;
}

/** A rectangle of one level, in CSS pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Moves through a flame graph: its visible part, zoomed frame, and the frame that keys act on. */
export class Navigator {
  readonly #host: NavigatorHost;
  readonly #camera = new MovingCamera();
  readonly #reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
  #scene: Scene | undefined;
  #zoomed = 0;
  #selected = 0;
  #flipped = false;
  /** True until the user moves; a new size of the canvas then keeps the root in view. */
  #isAtRest = true;

  constructor(host: NavigatorHost) {
    this.#host = host;
  }

  get scene(): Scene | undefined {
    return this.#scene;
  }

  get zoomed(): number {
    return this.#zoomed;
  }

  get selected(): number {
    return this.#selected;
  }

  get camera(): Camera {
    return this.#camera.now;
  }

  get isMoving(): boolean {
    return this.#camera.isMoving;
  }

  /** Whether less than the whole width is visible. */
  get isZoomed(): boolean {
    const { left, right } = this.camera;
    return left > 0 || right < 1;
  }

  get flipped(): boolean {
    return this.#flipped;
  }

  /** Whether the root is at the bottom. */
  set flipped(flipped: boolean) {
    if (flipped !== this.#flipped) {
      // Keep the same levels in view: the distance from the top becomes that from the bottom.
      const camera = this.#camera.goal;
      this.#camera.put({ ...camera, top: this.maxTop - camera.top });
    }
    this.#flipped = flipped;
  }

  /** Keeps frames with the same stack and root. `keepsCamera`: only details have changed. */
  show(scene: Scene, keepsCamera: boolean): void {
    const before = this.#scene;
    const zoomedPath = before?.pathOf(this.#zoomed) ?? [];
    const selectedPath = before?.pathOf(this.#selected) ?? [];
    const zoomedSide = before?.isCaller(this.#zoomed) ? "callers" : "callees";
    const selectedSide = before?.isCaller(this.#selected) ? "callers" : "callees";
    const hasSameRoot =
      before !== undefined &&
      before.isPivot === scene.isPivot &&
      (!scene.isPivot || before.nameOf(before.root) === scene.nameOf(scene.root));
    this.#scene = scene;
    const followed = hasSameRoot ? scene.follow(zoomedPath, zoomedSide) : scene.root;
    const isThere = hasSameRoot && scene.pathOf(followed).length === zoomedPath.length;
    this.#zoomed = isThere ? followed : scene.root;
    this.#selected = hasSameRoot ? scene.follow(selectedPath, selectedSide) : scene.root;
    let camera = keepsCamera && isThere ? this.camera : this.#cameraOn(this.#zoomed);
    if (!hasSameRoot) {
      camera = { ...camera, top: this.#layout?.firstTop ?? 0 };
      this.#isAtRest = true;
    }
    this.#camera.put(within(camera, this.maxTop));
  }

  /** Adapts to a new size of the canvas, and ends an animation at its goal. */
  resize(): void {
    const { goal } = this.#camera;
    const camera = this.#isAtRest ? { ...goal, top: this.#layout?.firstTop ?? 0 } : goal;
    this.#camera.put(within(camera, this.maxTop));
  }

  /** Moves an animated camera to its position at `time`, as of `performance.now()`. */
  advance(time: number): void {
    this.#move(() => this.#camera.advance(time));
  }

  /** The largest scroll position, in CSS pixels. */
  get maxTop(): number {
    return this.#layout?.maxTop ?? 0;
  }

  /** The frame at a point of the canvas, or {@link NONE}. */
  frameAt(x: number, y: number): number {
    return this.#layout?.frameAt(x, y, this.camera) ?? NONE;
  }

  /** The area in which a frame is drawn. */
  areaOf(frame: number): Area {
    return this.#layout?.areaOf(frame, this.camera) ?? { x: 0, y: 0, width: 0 };
  }

  select(frame: number): void {
    this.#selected = frame;
    this.#host.onMove();
    this.#host.onSelect(frame);
  }

  step(direction: Direction, done: (frame: number) => void): void {
    if (this.#scene) this.goTo(neighbour(this.#scene, this.#selected, direction), done);
  }

  /** Selects a frame, and moves the camera until the frame is visible; then calls `done`. */
  goTo(frame: number, done: (frame: number) => void): void {
    const scene = this.#scene;
    if (!scene) return;
    this.select(frame);
    const { left, right } = this.camera;
    const [start, end] = [scene.startOf(frame), scene.endOf(frame)];
    const span = right - left;
    let to = this.camera;
    const isInView = end > left && start < right;
    const width = ((end - start) / span) * this.#host.surface().width;
    if (!isInView || width < MIN_FOLLOWED_WIDTH) {
      // Zoom in until the frame fills a quarter of the width.
      const wanted = Math.min(span, (end - start) * 4);
      const middle = (start + end) / 2;
      to = { ...to, left: middle - wanted / 2, right: middle + wanted / 2 };
      if (!scene.covers(this.#zoomed, frame)) {
        this.#zoomed = scene.root;
        this.#host.onLeave();
      }
    }
    this.#animate(this.#layout?.scrolledTo(frame, to) ?? to, () => done(frame));
  }

  /** Zooms in on a frame and selects it, with an animation unless `isInstant` is set. */
  zoomTo(frame: number, { isInstant = false } = {}): void {
    if (!this.#scene) return;
    this.#zoomed = frame;
    this.select(frame);
    const camera = this.#cameraOn(frame);
    if (isInstant) this.#put(camera);
    else this.#animate(camera);
    this.#host.onChange();
  }

  /** Zooms around the selected frame if it is visible, or around the middle. */
  zoomBy(factor: number): void {
    const scene = this.#scene;
    if (!scene) return;
    const { left, right } = this.#camera.goal;
    const middle = (scene.startOf(this.#selected) + scene.endOf(this.#selected)) / 2;
    const about = (middle - left) / (right - left);
    this.#animate(
      zoomed({ ...this.camera, left, right }, factor, about > 0 && about < 1 ? about : 0.5),
    );
  }

  /** Zooms around `x`, in CSS pixels of the canvas, without an animation. */
  zoomAt(factor: number, x: number): void {
    const { width } = this.#host.surface();
    this.#put(zoomed(this.camera, factor, x / Math.max(1, width)));
  }

  /** Pans by CSS pixels without an animation. */
  pan(dx: number, dy: number): void {
    this.#put(panned(this.camera, dx / Math.max(1, this.#host.surface().width), dy));
  }

  /** Pans by parts of the visible area, animated. */
  panBy(across: number, down: number): void {
    this.#animate(panned(this.camera, across, down * this.#host.surface().height));
  }

  /** Centres the camera on a point of the whole graph, from 0 to 1 in both directions. */
  centerOn(x: number, y: number): void {
    const { left, right } = this.camera;
    const span = right - left;
    const height = (this.#scene?.levels ?? 0) * LEVEL_HEIGHT;
    this.#put({
      left: x - span / 2,
      right: x + span / 2,
      top: y * height - this.#host.surface().height / 2,
    });
  }

  get #layout(): Layout | undefined {
    return this.#scene && new Layout(this.#scene, this.#host.surface(), this.#flipped);
  }

  #cameraOn(frame: number): Camera {
    return this.#layout?.cameraOn(frame, this.camera.top) ?? WHOLE;
  }

  #put(camera: Camera): void {
    this.#isAtRest = false;
    this.#move(() => this.#camera.put(within(camera, this.maxTop)));
    this.#leaveZoomedFrame();
  }

  /** Forgets the zoomed frame once more than it is visible. */
  #leaveZoomedFrame(): void {
    const scene = this.#scene;
    if (!scene || this.#zoomed === scene.root) return;
    const { left, right } = this.camera;
    const slack = (right - left) * 1e-6;
    if (left >= scene.startOf(this.#zoomed) - slack && right <= scene.endOf(this.#zoomed) + slack) {
      return;
    }
    this.#zoomed = scene.root;
    this.#host.onLeave();
    this.#host.onChange();
  }

  #move(act: () => void): void {
    const wasZoomed = this.isZoomed;
    act();
    this.#host.onMove();
    if (wasZoomed !== this.isZoomed) this.#host.onChange();
  }

  #animate(camera: Camera, done: () => void = () => {}): void {
    const to = within(camera, this.maxTop);
    this.#isAtRest = false;
    if (this.#reducedMotion.matches || this.#host.surface().width === 0) {
      this.#move(() => this.#camera.put(to));
      done();
      return;
    }
    this.#camera.send(to, done);
    this.#host.onMove();
  }
}
