import type { FilesPreview } from "../engine/engine.js";
import { type DialogAction, openDialog } from "../widgets/dialog.js";
import { button, fill, h } from "../widgets/elements.js";
import type { Brought } from "./kept-files.js";

/** A file in the dialog. */
export interface OfferedFile {
  readonly name: string;
  /** Whether it is the open profile. */
  readonly isOpen: boolean;
}

export interface Choice {
  readonly how: Brought["how"];
  /** The positions of the files; for `compare`, the base is the first. */
  readonly order: readonly number[];
}

/** Asks whether to open, merge or compare files. `preview` describes them in the given order. */
export function askHow(
  files: readonly OfferedFile[],
  preview: (order: readonly number[]) => Promise<FilesPreview>,
  first: FilesPreview,
  choose: (choice: Choice) => Promise<void>,
): void {
  let order = files.map((_, i) => i);
  let shown = first;
  const isPair = files.length === 2;
  const { problem } = first;
  const body = h("div", { class: "brought" });
  const draw = () => {
    fill(
      body,
      h(
        "dl",
        {},
        order.map((at, position) => [
          h("dt", {}, !isPair || problem ? `${position + 1}` : position === 0 ? "Base" : "New"),
          h(
            "dd",
            {},
            h("b", {}, files[at].name),
            files[at].isOpen && " (open now)",
            h("span", { class: "note" }, ` ${shown.totals[position]}`),
          ),
        ]),
      ),
      shown.change && h("p", { class: "change", role: "status" }, shown.change),
      problem && h("p", { class: "note" }, `They cannot be merged or compared. ${problem}.`),
      isPair && !problem && button("Swap base and new", () => void swap(), { class: "swap" }),
    );
  };
  const swap = async () => {
    order = order.toReversed();
    shown = await preview(order);
    draw();
    body.querySelector<HTMLElement>(".swap")?.focus();
  };
  draw();
  const brought = files.findLastIndex(({ isOpen }) => !isOpen);
  const isBeside = files.some(({ isOpen }) => isOpen);
  const how = (label: string, name: Brought["how"], chosen: () => readonly number[]) => ({
    label,
    act: () => choose({ how: name, order: chosen() }),
  });
  const open: DialogAction = isBeside
    ? how("Open", "open", () => [brought])
    : how("Open only the new one", "open", () => [order.at(-1) ?? brought]);
  const compare = how("Compare", "compare", () => order);
  const merge = how("Merge", "merge", () => order);
  const actions = problem ? [open] : isPair ? [merge, open, compare] : [merge];
  const main = problem || isBeside ? open : isPair ? compare : merge;
  const title = isBeside ? `Open ${files[brought].name}` : `Open ${files.length} files`;
  const { element } = openDialog(title, body, [
    { label: "Cancel" },
    ...actions.map((action) => (action === main ? { ...action, isMain: true } : action)),
  ]);
  element.querySelector<HTMLElement>("button.main")?.focus();
}
