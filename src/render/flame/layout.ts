import type { Frame, FrameSource } from "./frames.js";

export interface Box {
  readonly frame: Frame;
  /** The distance from the root's edge of the picture; 0 for the root. */
  readonly level: number;
  /** In hundredths of a pixel, as integers, so that the written numbers are exact. */
  readonly left: number;
  readonly right: number;
}

export interface LayoutOptions {
  /** In pixels. */
  readonly width: number;
  /** The minimum width of a box in pixels. It is increased if there are too many boxes. */
  readonly narrowest: number;
  readonly maxBoxes: number;
  /** The maximum number of levels, counted from the frame that fills the width. */
  readonly maxLevels: number;
  /** The maximum number of frames shown below it. */
  readonly maxParents: number;
}

export interface Layout {
  /** Sorted by level, then from left to right. */
  readonly boxes: readonly Box[];
  readonly levels: number;
  /** The number of frames narrower than this minimum width; undefined if not known. */
  readonly narrow: number | undefined;
  readonly narrowest: number;
  /** The number of frames beyond the last level; undefined if not known. */
  readonly beyond: number | undefined;
  /** The number of frames left out between the root and the frame that fills the width. */
  readonly hiddenParents: number;
}

/** Lays out `zoom` over the full width, its parents below it, and the frames on top of it above. */
export function layOut(source: FrameSource, zoom: Frame, options: LayoutOptions): Layout {
  let { narrowest } = options;
  for (;;) {
    const layout = tryLayOut(source, zoom, narrowest, options);
    if (layout) return layout;
    narrowest *= 2;
  }
}

/** Returns undefined if there would be too many boxes. */
function tryLayOut(
  source: FrameSource,
  zoom: Frame,
  narrowest: number,
  { width, maxBoxes, maxLevels, maxParents }: LayoutOptions,
): Layout | undefined {
  const hundredths = Math.round(width * 100);
  const length = zoom.end - zoom.start || 1;
  const x = (position: number) => Math.round(((position - zoom.start) / length) * hundredths);
  const parents = parentsOf(zoom);
  // Keep the root and the nearest parents.
  const hiddenParents = Math.max(0, parents.length - maxParents);
  parents.splice(1, hiddenParents);
  const boxes: Box[] = parents.map((frame, level) => ({
    frame,
    level,
    left: 0,
    right: hundredths,
  }));
  boxes.push({ frame: zoom, level: parents.length, left: 0, right: hundredths });

  let levels = parents.length + 1;
  let beyond: number | undefined = 0;
  for (let i = parents.length; i < boxes.length; i++) {
    const { frame, level } = boxes[i];
    const isLast = level - parents.length + 1 >= maxLevels;
    const next = source.next(frame, (narrowest / width) * length);
    if (isLast) {
      const count = source.countBeyond(frame);
      if (count === undefined && next.length > 0) beyond = undefined;
      else if (beyond !== undefined) beyond += count ?? 0;
      continue;
    }
    for (const above of next) {
      boxes.push({ frame: above, level: level + 1, left: x(above.start), right: x(above.end) });
    }
    if (boxes.length > maxBoxes && narrowest < width) return undefined;
    levels = Math.max(levels, level + 1 + Math.sign(next.length));
  }
  const all = source.countBeyond(zoom);
  return {
    boxes,
    levels,
    narrow:
      all === undefined || beyond === undefined
        ? undefined
        : all + 1 - (boxes.length - parents.length) - beyond,
    narrowest,
    beyond,
    hiddenParents,
  };
}

function parentsOf(zoom: Frame): Frame[] {
  const parents: Frame[] = [];
  for (let frame = zoom.parent; frame; frame = frame.parent) parents.push(frame);
  return parents.reverse();
}
