import { FLAME_HELP } from "../flame-canvas/panel.js";
import { openDialog } from "../widgets/dialog.js";
import { h } from "../widgets/elements.js";

const SECTIONS: readonly { heading: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    heading: "Everywhere",
    keys: [
      ["1 … 9", "the views"],
      ["f", "add a filter"],
      ["/", "search in the view"],
      ["?", "this help"],
      ["Alt ←, Alt →", "back and forward"],
      ["Escape", "close what is open"],
    ],
  },
  {
    heading: "Flame graph",
    keys: FLAME_HELP,
  },
  {
    heading: "Graph",
    keys: [
      ["arrows", "to callers and callees"],
      ["+, -, 0", "larger, smaller, all of it"],
      ["Enter", "what can be done with the place"],
    ],
  },
  {
    heading: "Tables",
    keys: [
      ["↑, ↓", "from row to row"],
      ["Enter", "what can be done with the row"],
    ],
  },
];

/** Opens a dialog that explains the terms and lists the keys. */
export function openHelp(): void {
  openDialog("Help", [
    h(
      "p",
      {},
      h("b", {}, "flat"),
      " is what a place takes itself; ",
      h("b", {}, "cum"),
      " is what it takes with all that it calls. Click the other mouse button on a place, anywhere, for what can be done with it.",
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
