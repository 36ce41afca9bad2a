import { between, type Camera, eased, WHOLE } from "./camera.js";

const ANIMATION_MS = 260;

interface Journey {
  readonly from: Camera;
  readonly to: Camera;
  readonly start: number;
  readonly done: () => void;
}

export class MovingCamera {
  #now: Camera = WHOLE;
  #journey: Journey | undefined;

  get now(): Camera {
    return this.#now;
  }

  /** The camera at the end of the animation. */
  get goal(): Camera {
    return this.#journey?.to ?? this.#now;
  }

  get isMoving(): boolean {
    return this.#journey !== undefined;
  }

  /** Moves the camera without an animation, and ends the current one. */
  put(camera: Camera): void {
    this.#journey = undefined;
    this.#now = camera;
  }

  /** Animates the camera. Calls `done` at the end unless the camera is moved before that. */
  send(to: Camera, done: () => void): void {
    this.#journey = { from: this.#now, to, start: performance.now(), done };
  }

  /** Moves an animated camera to its position at `time`, as of `performance.now()`. */
  advance(time: number): void {
    if (!this.#journey) return;
    const { from, to, start, done } = this.#journey;
    const part = Math.max(0, (time - start) / ANIMATION_MS);
    this.#now = between(from, to, eased(part));
    if (part < 1) return;
    this.#journey = undefined;
    done();
  }
}
