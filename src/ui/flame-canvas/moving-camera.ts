import { between, type Camera, eased, WHOLE } from "./camera.js";

/** How long it is on its way, in milliseconds. */
const TIME = 260;

interface Journey {
  readonly from: Camera;
  readonly to: Camera;
  readonly start: number;
  readonly done: () => void;
}

/** Where the camera is, and where it is going. */
export class MovingCamera {
  #now: Camera = WHOLE;
  #journey: Journey | undefined;

  get now(): Camera {
    return this.#now;
  }

  /** Where it will be once it has arrived. */
  get goal(): Camera {
    return this.#journey?.to ?? this.#now;
  }

  get isMoving(): boolean {
    return this.#journey !== undefined;
  }

  /** Puts it there at once, and ends where it was going. */
  put(camera: Camera): void {
    this.#journey = undefined;
    this.#now = camera;
  }

  /** Sends it there; `done` is called when it arrives, unless it is put or sent elsewhere before. */
  send(to: Camera, done: () => void): void {
    this.#journey = { from: this.#now, to, start: performance.now(), done };
  }

  /** Moves it to where it is at this time, in milliseconds as `performance.now()` has it. */
  advance(time: number): void {
    if (!this.#journey) return;
    const { from, to, start, done } = this.#journey;
    const part = Math.max(0, (time - start) / TIME);
    this.#now = between(from, to, eased(part));
    if (part < 1) return;
    this.#journey = undefined;
    done();
  }
}
