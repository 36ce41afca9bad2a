/** What part of a flame graph is seen. */
export interface Camera {
  /** From where to where, of all that lies between 0 and 1. */
  readonly left: number;
  readonly right: number;
  /** How far it is scrolled down, in CSS pixels. */
  readonly top: number;
}

export const WHOLE: Camera = { left: 0, right: 1, top: 0 };

/** Below this, doubles no longer tell boxes apart to a part of a pixel. */
const LEAST_SPAN = 1e-11;

/** The same camera, kept within what there is to see. */
export function within({ left, right, top }: Camera, maxTop: number): Camera {
  const span = Math.min(1, Math.max(LEAST_SPAN, right - left));
  const from = Math.min(Math.max(0, left), 1 - span);
  return {
    left: from,
    right: span === 1 ? 1 : from + span,
    top: Math.min(Math.max(0, top), Math.max(0, maxTop)),
  };
}

/** Zooms by a factor (above 1: in) about a place that keeps where it is, from 0 to 1 of the view. */
export function zoomed(camera: Camera, factor: number, about: number): Camera {
  const span = camera.right - camera.left;
  const point = camera.left + span * about;
  const wanted = Math.min(1, Math.max(LEAST_SPAN, span / factor));
  const left = point - wanted * about;
  return { ...camera, left, right: left + wanted };
}

/** Moves sideways by a part of the view, and down by pixels. */
export function panned(camera: Camera, aside: number, down: number): Camera {
  const by = aside * (camera.right - camera.left);
  return { left: camera.left + by, right: camera.right + by, top: camera.top + down };
}

/** What lies between two cameras, from 0 to 1: sizes change evenly, so that zooming looks even. */
export function between(from: Camera, to: Camera, part: number): Camera {
  if (part >= 1) return to;
  const [a, b] = [from.right - from.left, to.right - to.left];
  const top = from.top + (to.top - from.top) * part;
  const ratio = b / a;
  // One point stays in place while all around it grows, unless both are about as wide.
  const moving = Math.abs(Math.log(ratio)) < 0.05 ? part : (a * ratio ** part - a) / (b - a);
  const left = from.left + (to.left - from.left) * moving;
  const right = from.right + (to.right - from.right) * moving;
  return { left, right, top };
}

/** Fast at first, slowly to a rest. */
export const eased = (part: number) => 1 - (1 - Math.min(1, part)) ** 3;
