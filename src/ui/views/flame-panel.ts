import { type ColorMode, isColorMode, labelOf } from "../../render/flame/colors.js";
import type { FlameFunction } from "../../report/flame-functions.js";
import type { MarkedBy } from "../../report/frame-marks.js";
import { exactPattern } from "../../view/exact-filters.js";
import type { Page, State, ViewExport } from "../contract.js";
import { pivotPattern } from "../engine/pivot.js";
import type { FlamePlace } from "../flame-canvas/flame-view.js";
import { FlamePanel } from "../flame-canvas/panel.js";
import { selectionOf, selectionText } from "../selection.js";

export interface FlamePanelHooks {
  /** Called before the page's query changes. */
  onSearch(query: string): void;
  /** Returns the state that the view shows. */
  state(): State | undefined;
}

/** Creates a flame graph whose place and look are in the state of the page. */
export function flamePanel(page: Page, { onSearch, state }: FlamePanelHooks): FlamePanel {
  return new FlamePanel({
    markedColors: markedColors(page),
    onMenu: (subject, at) => page.openMenu(subject, at),
    onPivot: (name) => page.go({ pivot: name }),
    onPivotMatches: (pattern) => page.go({ pivot: `/${pattern}/`, query: "" }),
    onSearch: (query) => {
      onSearch(query);
      page.go({ query }, { replace: true });
    },
    onPlace: ({ zoom, selected: frame }, { isStep, name }) =>
      page.go({ zoom, selected: selectionText({ frame, name }) }, { replace: !isStep }),
    onLook: (look) => page.go(look, { replace: true }),
    onFocus: (subject) => {
      const shown = state();
      if (shown) page.go({ options: { ...shown.options, focus: patternFor(subject) } });
    },
  });
}

function patternFor({ name, filterName = name }: FlameFunction): string {
  return pivotPattern(name) ?? exactPattern(filterName);
}

/** Returns the meanings of colours for which this profile has data. */
function markedColors({ profile }: Page): ColorMode[] {
  return [
    ...(profile.counts.mappings > 1 ? (["binary"] as const) : []),
    ...profile.tags.map(({ key }): ColorMode => `label:${key}`),
  ];
}

/** Returns the marks that the colours of a state need. */
export function marksFor({ color }: State): MarkedBy | undefined {
  if (!isColorMode(color)) return undefined;
  const label = labelOf(color);
  if (label !== undefined) return { label };
  return color === "binary" ? "binary" : undefined;
}

/** Applies the look of a state. */
export function applyLook({ flame }: FlamePanel, { color, flipped }: State): void {
  flame.color = isColorMode(color) ? color : "";
  flame.flipped = flipped;
}

export function placeOf({ zoom, selected }: State): FlamePlace {
  return { zoom, selected: selectionOf(selected).frame };
}

/** Marks the selected function of a state. */
export function selectFunctionOf({ flame }: FlamePanel, { selected }: State): void {
  const { name } = selectionOf(selected);
  if (name !== "") flame.selectFunction(name);
}

/** Returns the forms in which the graph of a panel can be copied and saved. */
export function pictureExports({ flame }: FlamePanel): readonly ViewExport[] {
  const picture = flame.picture();
  if (!picture) return [];
  return [
    { label: "PNG", ending: "png", make: () => picture.png() },
    { label: "SVG", ending: "svg", make: () => picture.svg() },
  ];
}
