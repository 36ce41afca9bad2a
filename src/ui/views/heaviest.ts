import type { Options } from "../../options/table.js";
import type { TopReport } from "../../report/top.js";
import { formatValue } from "../../report/value-format.js";
import type { Int64 } from "../../units/int64.js";
import { percentage } from "../../units/percentage.js";
import { exactPattern } from "../../view/exact-filters.js";
import type { Page } from "../contract.js";
import type { Answer } from "../engine/engine.js";
import { h } from "../widgets/elements.js";
import { hoverText, menuOnRightClick, stateLink } from "./link.js";

const FUNCTIONS_LISTED = 30;

export function heaviest(
  page: Page,
  options: Options,
  signal: AbortSignal,
): Promise<Answer<TopReport>> {
  const wanted = {
    ...options,
    granularity: "functions",
    nodecount: FUNCTIONS_LISTED,
    sort: "flat",
  } as const;
  return page.engine.top(wanted, signal);
}

/** Returns a table of functions; each links to the current view of it. */
export function heaviestList(page: Page, report: TopReport): HTMLElement {
  const { rows, format, total } = report;
  const amount = (value: Int64) =>
    h(
      "td",
      { class: "number" },
      formatValue(format, value),
      h("span", { class: "share" }, percentage(value, total).trim()),
    );
  return h(
    "table",
    { class: "heaviest" },
    h("caption", {}, "Functions by cost"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["flat", "cum", "function"].map((title) => h("th", { scope: "col" }, title)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((row) => {
        const { name, flat, cum } = row;
        const link = stateLink(page, { query: exactPattern(name) }, name, {
          title: hoverText(row),
        });
        const element = h("tr", {}, amount(flat), amount(cum), h("td", { class: "name" }, link));
        menuOnRightClick(page, element, row);
        return element;
      }),
    ),
  );
}
