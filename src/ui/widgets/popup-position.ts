/** The sides of the element or point that a popup belongs to, relative to the window. */
export interface Anchor {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The minimum distance between a popup and the edges of the window. */
const WINDOW_MARGIN_PX = 6;

/** Places a popup below an anchor, or above if there is more room. It scrolls if it is too high. */
export function placeBox(box: HTMLElement, anchor: Anchor, gap: number): void {
  const { clientWidth, clientHeight } = document.documentElement;
  box.style.maxHeight = "";
  const { width, height } = box.getBoundingClientRect();
  const below = clientHeight - anchor.bottom - gap - WINDOW_MARGIN_PX;
  const above = anchor.top - gap - WINDOW_MARGIN_PX;
  const goesBelow = height <= below || below >= above;
  const room = Math.max(goesBelow ? below : above, 60);
  const shown = Math.min(height, room);
  const top = goesBelow ? anchor.bottom + gap : anchor.top - gap - shown;
  box.style.maxHeight = `${room}px`;
  box.style.left = `${clamp(anchor.left, WINDOW_MARGIN_PX, clientWidth - width - WINDOW_MARGIN_PX)}px`;
  box.style.top = `${clamp(top, WINDOW_MARGIN_PX, clientHeight - shown - WINDOW_MARGIN_PX)}px`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

/** Returns the parent for popups: the open dialog, or the body. */
export function layerFor(element: Element | null | undefined): Element {
  return element?.closest("dialog") ?? document.body;
}
