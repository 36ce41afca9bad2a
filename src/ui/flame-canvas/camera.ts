export interface Camera {
  /** The visible range of the width, which goes from 0 to 1. */
  readonly left: number;
  readonly right: number;
  /** The scroll position, in CSS pixels. */
  readonly top: number;
}

export const WHOLE: Camera = { left: 0, right: 1, top: 0 };

/** Doubles cannot place boxes precisely within a smaller range. */
const MIN_SPAN = 1e-11;

/** Returns the camera, moved so that it stays within the graph. */
export function within({ left, right, top }: Camera, maxTop: number): Camera {
  const span = Math.min(1, Math.max(MIN_SPAN, right - left));
  const from = Math.min(Math.max(0, left), 1 - span);
  return {
    left: from,
    right: span === 1 ? 1 : from + span,
    top: Math.min(Math.max(0, top), Math.max(0, maxTop)),
  };
}

/** Zooms by a factor (above 1: in) around a position of the visible range, from 0 to 1. */
export function zoomed(camera: Camera, factor: number, about: number): Camera {
  const span = camera.right - camera.left;
  const point = camera.left + span * about;
  const wanted = Math.min(1, Math.max(MIN_SPAN, span / factor));
  const left = point - wanted * about;
  return { ...camera, left, right: left + wanted };
}

/** Pans by a part of the visible range, and by pixels downwards. */
export function panned(camera: Camera, aside: number, down: number): Camera {
  const by = aside * (camera.right - camera.left);
  return { left: camera.left + by, right: camera.right + by, top: camera.top + down };
}

/** Returns a camera between two, exponentially, so that zooming looks steady; `part` is 0 to 1. */
export function between(from: Camera, to: Camera, part: number): Camera {
  if (part >= 1) return to;
  const [a, b] = [from.right - from.left, to.right - to.left];
  const top = from.top + (to.top - from.top) * part;
  const ratio = b / a;
  // Keep one point fixed while the range changes, unless both ranges are about as wide.
  const moving = Math.abs(Math.log(ratio)) < 0.05 ? part : (a * ratio ** part - a) / (b - a);
  const left = from.left + (to.left - from.left) * moving;
  const right = from.right + (to.right - from.right) * moving;
  return { left, right, top };
}

/** Eases out: fast at first, then slower. */
export const eased = (part: number) => 1 - (1 - Math.min(1, part)) ** 3;
