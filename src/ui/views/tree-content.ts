import type { FlameReport } from "../../report/flame.js";
import type { State } from "../contract.js";
import { FrameKeys } from "../flame-canvas/frame-keys.js";
import { Scene } from "../flame-canvas/scene.js";
import { h } from "../widgets/elements.js";
import { explain } from "../widgets/explain.js";
import { type Figures, shareBar, shareText, signClass, valueText } from "./figures.js";
import { HELP } from "./help-texts.js";
import { hoverText } from "./link.js";
import { TreeRows } from "./tree-rows.js";

/** Deeper rows are not indented further; they show their depth. */
const MAX_INDENTED = 40;
const INDENT_PX = 12;

export interface TreeInput {
  readonly report: FlameReport;
  readonly state: State;
  /** The options and the direction, as JSON. */
  readonly key: string;
  readonly isComparison: boolean;
  /** The content that is shown before this one. */
  readonly before: TreeContent | undefined;
}

/** A report as an expandable tree. */
export class TreeContent {
  readonly key: string;
  readonly state: State;
  readonly report: FlameReport;
  readonly figures: Figures;
  readonly rows: TreeRows;
  /** Whether the children of a row are its callers. */
  readonly isInverted: boolean;
  #keys: FrameKeys | undefined;

  /** Expands what was expanded before in the same direction, or else the heaviest path. */
  constructor({ report, state, key, isComparison, before }: TreeInput) {
    const { format, total } = report;
    this.key = key;
    this.state = state;
    this.report = report;
    this.figures = { format, total, isComparison };
    this.rows = new TreeRows(report);
    this.isInverted = state.tree === "up";
    if (before?.isInverted === this.isInverted) this.rows.expandLike(before.rows);
    else if (this.isInverted) this.rows.set(0, true);
    else this.rows.expandHeaviest(0);
  }

  /** The keys of frames in the address. */
  get keys(): FrameKeys {
    this.#keys ??= new FrameKeys(new Scene({ report: this.report }));
    return this.#keys;
  }
}

export function treeHead(isInverted: boolean): HTMLElement {
  const head = (className: string, title: string, help: keyof typeof HELP) =>
    h(
      "th",
      { role: "columnheader", scope: "col", class: className },
      explain(h("button", { type: "button" }, title), HELP[help]),
    );
  return h(
    "tr",
    { role: "row", "aria-rowindex": 1 },
    isInverted
      ? [head("col-cum", "Flat", "flatByCaller"), head("col-cumShare", "Flat%", "flatShare")]
      : [
          head("col-flat", "Flat", "flat"),
          head("col-flatShare", "Flat%", "flatShare"),
          head("col-cum", "Cum", "cum"),
          head("col-cumShare", "Cum%", "cumShare"),
        ],
    head("col-name", "Name", "name"),
  );
}

interface RowLook {
  readonly id: string;
  readonly isSelected: boolean;
  readonly isMatch: boolean;
}

/** Creates the element of a row. */
export function treeRow(
  { rows, figures, isInverted }: TreeContent,
  row: number,
  { id, isSelected, isMatch }: RowLook,
): HTMLElement {
  const frame = rows.frames[row];
  const fn = rows.functionOf(frame);
  const depth = rows.tree.depths[frame];
  const { position, size } = rows.positionOf(frame);
  const cum = rows.cum(frame);
  const flat = rows.flat(frame);
  const { total } = figures;
  const number = (column: string, text: string, className = "", bar?: HTMLElement) =>
    h(
      "td",
      { role: "gridcell", class: `number col-${column} ${className}`.trim() },
      bar,
      h("span", {}, text),
    );
  const name = h(
    "td",
    { role: "gridcell", class: "col-name", title: frame === 0 ? undefined : hoverText(fn) },
    h("span", { class: "twisty", "aria-hidden": true }),
    depth > MAX_INDENTED && h("span", { class: "depth" }, String(depth)),
    h("span", { class: isMatch ? "match" : undefined }, fn.name),
    rows.isCut(frame) && h("span", { class: "depth", title: "What it calls is left out" }, " …"),
  );
  name.style.paddingLeft = `${6 + Math.min(depth, MAX_INDENTED) * INDENT_PX}px`;
  const cumSign = signClass(figures, cum);
  const flatSign = flat === undefined ? "" : signClass(figures, flat);
  return h(
    "tr",
    {
      role: "row",
      id,
      "aria-rowindex": row + 2,
      "aria-level": depth + 1,
      "aria-posinset": position,
      "aria-setsize": size,
      "aria-expanded": rows.hasChildren(frame) ? rows.isExpanded(frame) : undefined,
      "aria-selected": isSelected,
      "data-row": row,
    },
    !isInverted && [
      number("flat", flat === undefined ? "" : valueText(figures, flat), flatSign),
      number(
        "flatShare",
        flat === undefined ? "" : shareText(flat, total),
        "",
        flat === undefined ? undefined : shareBar(flat, total, flatSign),
      ),
    ],
    number("cum", valueText(figures, cum), cumSign),
    number("cumShare", shareText(cum, total), "", shareBar(cum, total, cumSign)),
    name,
  );
}
