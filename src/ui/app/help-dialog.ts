import { FLAME_HELP } from "../flame-canvas/panel.js";
import { TIMELINE_HELP } from "../timeline/timeline-keys.js";
import { openDialog } from "../widgets/dialog.js";
import { h } from "../widgets/elements.js";

const SECTIONS: readonly { heading: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    heading: "Everywhere",
    keys: [
      ["1 … 9", "switch to a view"],
      ["f", "add a filter"],
      ["b", "show another view beside this one"],
      ["/", "search in the view"],
      ["?", "show this help"],
      ["Alt ←, Alt →", "go back and forward"],
      ["Escape", "close a dialog or menu"],
    ],
  },
  {
    heading: "Flame graph",
    keys: FLAME_HELP,
  },
  {
    heading: "Timeline",
    keys: TIMELINE_HELP,
  },
  {
    heading: "Graph",
    keys: [
      ["arrows", "go to callers and callees"],
      ["+, -, 0", "zoom in, zoom out, show the whole graph"],
      ["h", "show the heaviest path"],
      ["n, N", "next match, previous match"],
      ["Enter", "open the menu of the node"],
    ],
  },
  {
    heading: "Tables",
    keys: [
      ["↑, ↓", "go from row to row"],
      ["Enter", "open the menu of the row"],
    ],
  },
  {
    heading: "Tree",
    keys: [
      ["→, ←", "expand, collapse; go to the first child, to the parent"],
      ["Space", "expand or collapse"],
      ["*", "expand everything below the row"],
      ["h", "expand the heaviest path below the row"],
      ["n, N", "next match, previous match"],
    ],
  },
];

export function openHelp(): void {
  openDialog("Help", [
    h(
      "p",
      {},
      h("b", {}, "flat"),
      " is the cost of a function itself; ",
      h("b", {}, "cum"),
      " is its cost together with all its callees. Right-click a function in any view to open its menu.",
    ),
    SECTIONS.map(({ heading, keys }) => [
      h("h3", {}, heading),
      h(
        "dl",
        { class: "keys" },
        keys.map(([key, meaning]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, meaning)]),
      ),
    ]),
  ]);
}
