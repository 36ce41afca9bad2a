/** A point of the window, or the sides of what a box belongs to. */
export interface Anchor {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** How far boxes stay from the edges of the window, in pixels; their styles keep them as narrow. */
const MARGIN = 6;

/**
 * Places a fixed box beside an anchor and within the window: below it, or above where there
 * is more room. A box that is too high for either is cut to the room there is, and scrolls.
 */
export function placeBox(box: HTMLElement, anchor: Anchor, gap: number): void {
  const { clientWidth, clientHeight } = document.documentElement;
  box.style.maxHeight = "";
  const { width, height } = box.getBoundingClientRect();
  const below = clientHeight - anchor.bottom - gap - MARGIN;
  const above = anchor.top - gap - MARGIN;
  const goesBelow = height <= below || below >= above;
  const room = Math.max(goesBelow ? below : above, 60);
  const shown = Math.min(height, room);
  const top = goesBelow ? anchor.bottom + gap : anchor.top - gap - shown;
  box.style.maxHeight = `${room}px`;
  box.style.left = `${clamp(anchor.left, MARGIN, clientWidth - width - MARGIN)}px`;
  box.style.top = `${clamp(top, MARGIN, clientHeight - shown - MARGIN)}px`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

/** Where boxes that lie on the page go: into the dialog that is open, or else the body. */
export function layerFor(element: Element | null | undefined): Element {
  return element?.closest("dialog") ?? document.body;
}
