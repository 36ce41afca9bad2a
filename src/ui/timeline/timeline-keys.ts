import { keyFor } from "../flame-canvas/flame-keys.js";

/** The actions of a timeline that have a key. An action returns false if it did nothing. */
export interface TimelineActions {
  step(direction: "up" | "down" | "left" | "right"): void;
  zoomBy(factor: number): void;
  /** Moves by parts of the visible area. */
  panBy(across: number, down: number): void;
  goToEdge(edge: "start" | "end"): void;
  zoomToSelected(): void;
  selectRange(what: "box" | "visible"): void;
  removeRange(): void;
  reset(): void;
  escape(): boolean;
  toggleLane(): void;
  goToMatch(step: 1 | -1): void;
  startSearch(): void;
  openMenu(): boolean;
}

const ZOOM_FACTOR = 1.6;
/** The distance that a key pans, as a part of the visible area. */
const PAN_ACROSS = 0.2;
const PAN_DOWN = 0.8;

/** Letters are in lower case, except `N`. */
const KEYS: Readonly<Record<string, (actions: TimelineActions) => unknown>> = {
  ArrowUp: (actions) => actions.step("up"),
  ArrowDown: (actions) => actions.step("down"),
  ArrowLeft: (actions) => actions.step("left"),
  ArrowRight: (actions) => actions.step("right"),
  w: (actions) => actions.zoomBy(ZOOM_FACTOR),
  "+": (actions) => actions.zoomBy(ZOOM_FACTOR),
  "=": (actions) => actions.zoomBy(ZOOM_FACTOR),
  s: (actions) => actions.zoomBy(1 / ZOOM_FACTOR),
  "-": (actions) => actions.zoomBy(1 / ZOOM_FACTOR),
  a: (actions) => actions.panBy(-PAN_ACROSS, 0),
  d: (actions) => actions.panBy(PAN_ACROSS, 0),
  "Shift ArrowLeft": (actions) => actions.panBy(-PAN_ACROSS, 0),
  "Shift ArrowRight": (actions) => actions.panBy(PAN_ACROSS, 0),
  PageUp: (actions) => actions.panBy(0, -PAN_DOWN),
  PageDown: (actions) => actions.panBy(0, PAN_DOWN),
  Home: (actions) => actions.goToEdge("start"),
  End: (actions) => actions.goToEdge("end"),
  z: (actions) => actions.zoomToSelected(),
  r: (actions) => actions.selectRange("box"),
  v: (actions) => actions.selectRange("visible"),
  x: (actions) => actions.removeRange(),
  "0": (actions) => actions.reset(),
  Escape: (actions) => actions.escape(),
  l: (actions) => actions.toggleLane(),
  "/": (actions) => actions.startSearch(),
  n: (actions) => actions.goToMatch(1),
  N: (actions) => actions.goToMatch(-1),
  Enter: (actions) => actions.openMenu(),
  ContextMenu: (actions) => actions.openMenu(),
  "Shift F10": (actions) => actions.openMenu(),
};

/** Acts on a key that is not meant for another element than `chart`; returns whether it did. */
export function pressTimelineKey(
  event: KeyboardEvent,
  chart: HTMLElement,
  actions: TimelineActions,
): boolean {
  const act = keyFor(event, chart, KEYS);
  return act !== undefined && act(actions) !== false;
}

/** Keys, mouse and touch gestures, for the help dialog. */
export const TIMELINE_HELP: readonly (readonly [how: string, what: string])[] = [
  ["drag", "select a range of time: the other views show only that range"],
  ["r, v", "select the range of the frame, or the visible range"],
  ["x", "remove the range"],
  ["wheel, pinch, W S, + −", "zoom at the pointer"],
  ["Shift + drag, A D, Shift + ← →", "pan; on touch screens, drag"],
  ["Shift + wheel, Page ↑ ↓", "scroll"],
  ["double click, 0, Esc", "show the whole recording"],
  ["← → ↑ ↓", "go from frame to frame"],
  ["z", "zoom in on the frame"],
  ["click, Enter, menu key", "open the menu of a frame"],
  ["l, click on its name", "fold or unfold a thread"],
  ["/, n, N", "search; next match, previous match"],
];
