import type { Direction } from "./neighbours.js";

/** The actions of a flame graph that have a key. An action returns false if it did nothing. */
export interface KeyActions {
  step(direction: Direction): void;
  goToRoot(): void;
  goToHeaviestLeaf(): void;
  goToMatch(step: 1 | -1): void;
  zoomToSelected(): void;
  zoomToCaller(): void;
  zoomBy(factor: number): void;
  /** Moves by parts of the visible area. */
  panBy(across: number, down: number): void;
  reset(): void;
  escape(): boolean;
  startSearch(): void;
  openMenu(): boolean;
  showCallersAndCallees(): void;
  toggleFlipped(): void;
  nextColor(): void;
  toggleTable(): void;
  toggleMap(): void;
}

const ZOOM_FACTOR = 1.6;
/** The distance that a key pans, as a part of the visible area. */
const PAN_ACROSS = 0.2;
const PAN_DOWN = 0.8;

/** Letters are in lower case, except `N`. */
const KEYS: Readonly<Record<string, (actions: KeyActions) => unknown>> = {
  ArrowUp: (actions) => actions.step("up"),
  ArrowDown: (actions) => actions.step("down"),
  ArrowLeft: (actions) => actions.step("left"),
  ArrowRight: (actions) => actions.step("right"),
  "Shift ArrowLeft": (actions) => actions.panBy(-PAN_ACROSS, 0),
  "Shift ArrowRight": (actions) => actions.panBy(PAN_ACROSS, 0),
  PageUp: (actions) => actions.panBy(0, -PAN_DOWN),
  PageDown: (actions) => actions.panBy(0, PAN_DOWN),
  Home: (actions) => actions.goToRoot(),
  End: (actions) => actions.goToHeaviestLeaf(),
  Enter: (actions) => actions.zoomToSelected(),
  Backspace: (actions) => actions.zoomToCaller(),
  Escape: (actions) => actions.escape(),
  "0": (actions) => actions.reset(),
  "+": (actions) => actions.zoomBy(ZOOM_FACTOR),
  "=": (actions) => actions.zoomBy(ZOOM_FACTOR),
  "-": (actions) => actions.zoomBy(1 / ZOOM_FACTOR),
  "/": (actions) => actions.startSearch(),
  n: (actions) => actions.goToMatch(1),
  N: (actions) => actions.goToMatch(-1),
  m: (actions) => actions.showCallersAndCallees(),
  i: (actions) => actions.toggleFlipped(),
  c: (actions) => actions.nextColor(),
  t: (actions) => actions.toggleTable(),
  v: (actions) => actions.toggleMap(),
  ContextMenu: (actions) => actions.openMenu(),
  "Shift F10": (actions) => actions.openMenu(),
};

/** Keys that belong to the focused element unless that is the graph itself. */
const OWN_KEYS = /^(Enter| |Arrow.*|Home|End|Page.*|Tab|Backspace)$/;

/** Acts on a key that is not meant for another element than `graph`; returns whether it did. */
export function pressFlameKey(
  event: KeyboardEvent,
  graph: HTMLElement,
  actions: KeyActions,
): boolean {
  const act = keyFor(event, graph, KEYS);
  return act !== undefined && act(actions) !== false;
}

/** Returns the entry of `keys` for a key that is not meant for another element than `graph`. */
export function keyFor<Action>(
  { key, target, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent,
  graph: HTMLElement,
  keys: Readonly<Record<string, Action>>,
): Action | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  const element = target instanceof Element ? target : undefined;
  if (element?.closest("input,select,textarea,[contenteditable],dialog,[role=menu]")) {
    return undefined;
  }
  const isElsewhere = element !== undefined && element !== graph && element !== document.body;
  if (isElsewhere && OWN_KEYS.test(key)) return undefined;
  const plainKey = key.length === 1 && key !== "N" ? key.toLowerCase() : key;
  return (shiftKey && keys[`Shift ${key}`]) || keys[plainKey];
}
