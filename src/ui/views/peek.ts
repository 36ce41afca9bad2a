import type { NodeRef } from "../../report/node-ref.js";
import type { TopReport } from "../../report/top.js";
import type { TreeCall, TreeEntry, TreeReport } from "../../report/tree.js";
import { exactPattern } from "../../view/exact-filters.js";
import type { Page, Shown, State, View, ViewExport } from "../contract.js";
import { button, type Child, fill, h } from "../widgets/elements.js";
import { type Explanation, explained } from "../widgets/explain.js";
import type { SuggestField } from "../widgets/suggest-field.js";
import { countNodes, type Figures, shareBar, shareText, signClass, valueText } from "./figures.js";
import { headerLines, nothingLeft } from "./header-lines.js";
import { HELP } from "./help-texts.js";
import { hoverText, menuOnRightClick, stateLink } from "./link.js";
import { patternField } from "./pattern-field.js";
import { PRINTED_WHOLE } from "./printed-whole.js";
import { tableExports } from "./table-exports.js";

/** More functions, and more calls of each, are shown on request. */
const ENTRIES_SHOWN = 50;
const CALLS_SHOWN = 40;
/** The number of functions listed while there is no pattern. */
const FUNCTIONS_LISTED = 30;

/** The functions that match a pattern, each with its callers and callees. */
export class PeekView implements View {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #field: SuggestField;
  #state: State | undefined;
  readonly #lines = h("div", { class: "report-lines" });
  readonly #list = h("div", { class: "peek-list" });
  /** The functions that match the pattern; undefined without a pattern. */
  #report: TreeReport | undefined;

  constructor(page: Page) {
    this.#page = page;
    this.#field = patternField(page, () => this.#state, {
      label: "Function: a regular expression",
      placeholder: "Function (regular expression)",
    });
    this.element = h(
      "section",
      { class: "peek-view table-view", "aria-label": "Callers and callees" },
      h("div", { class: "view-tools" }, this.#field.element),
      this.#lines,
      this.#list,
    );
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    this.#state = state;
    this.#report = undefined;
    const pattern = state.query || state.options.focus;
    this.#field.value = pattern;
    try {
      return pattern === ""
        ? await this.#listHeaviest(state, signal)
        : await this.#showMatching(state, pattern, signal);
    } catch (error) {
      // The content belongs to another pattern.
      if (!signal.aborted) {
        fill(this.#lines);
        fill(this.#list);
      }
      throw error;
    }
  }

  press(event: KeyboardEvent): boolean {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return false;
    this.#field.focus();
    return true;
  }

  async #showMatching(state: State, pattern: string, signal: AbortSignal): Promise<Shown> {
    const { report, warnings } = await this.#page.engine.peek(state.options, pattern, signal);
    signal.throwIfAborted();
    this.#report = report;
    fill(
      this.#lines,
      h("p", {}, `${countNodes(report.entries.length, state.options)} found.`),
      // The report counts all nodes as candidates, but shows only the matching ones.
      headerLines(this.#page, state, { ...report, candidates: report.shown }).slice(1),
    );
    const figures = this.#figures(report);
    const entries = (from: number, to: number) =>
      report.entries.slice(from, to).map((entry) => this.#entry(report, figures, entry));
    fill(this.#list, report.entries.length === 0 && nothingLeft(this.#page, state));
    this.#list.append(...entries(0, ENTRIES_SHOWN));
    const rest = report.entries.length - ENTRIES_SHOWN;
    if (rest > 0) {
      const more = button(
        `Show ${rest.toLocaleString("en-US")} more`,
        () => more.replaceWith(...entries(ENTRIES_SHOWN, report.entries.length)),
        PRINTED_WHOLE,
      );
      this.#list.append(more);
    }
    return { warnings };
  }

  async #listHeaviest(state: State, signal: AbortSignal): Promise<Shown> {
    const options = { ...state.options, nodecount: FUNCTIONS_LISTED };
    const { report, warnings } = await this.#page.engine.top(options, signal);
    signal.throwIfAborted();
    fill(
      this.#lines,
      h("p", {}, "Choose a function to see its callers and callees. Functions by cost:"),
    );
    fill(
      this.#list,
      report.rows.length === 0 ? nothingLeft(this.#page, state) : this.#heaviest(report),
    );
    return { warnings };
  }

  exports(): readonly ViewExport[] {
    const report = this.#report;
    if (!report) return [];
    const figures = this.#figures(report);
    const rows = report.entries.flatMap(({ name, flat, cum, callers, callees }) => {
      const call = (relation: string) => (other: TreeCall) => [
        valueText(figures, other.weight),
        shareText(other.weight, cum),
        relation,
        other.name,
      ];
      return [
        ...callers.map(call("caller")),
        [valueText(figures, cum), shareText(cum, report.total), "function", name],
        [valueText(figures, flat), shareText(flat, cum), "itself", name],
        ...callees.map(call("callee")),
      ];
    });
    return tableExports(() => [["Value", "Share", "Relation", "Name"], ...rows], 2);
  }

  #figures({ format, total }: TreeReport | TopReport): Figures {
    return { format, total, isComparison: this.#page.profile.isComparison };
  }

  #heaviest(report: TopReport): HTMLElement {
    const figures = this.#figures(report);
    return h(
      "div",
      { class: "peek-entry" },
      h(
        "table",
        { class: "calls", "aria-label": "Functions by cost" },
        columns(),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col", class: "number" }, explained("Flat", HELP.flat)),
            h("th", { scope: "col", class: "number" }, explained("Cum%", HELP.cumShare)),
            h("th", { scope: "col" }, "Name"),
          ),
        ),
        h(
          "tbody",
          {},
          report.rows.map((row) =>
            callRow(
              valueCell(figures, row.flat),
              shareCell(figures, row.cum, report.total),
              this.#nameCell(row),
            ),
          ),
        ),
      ),
    );
  }

  #entry(report: TreeReport, figures: Figures, entry: TreeEntry): HTMLElement {
    const { name, flat, cum, callers, callees } = entry;
    const { total } = report;
    const figure = (label: string, help: Explanation, amount: typeof flat) =>
      h(
        "span",
        {},
        explained(label, help),
        " ",
        h("b", { class: signClass(figures, amount) }, valueText(figures, amount)),
        ` ${shareText(amount, total)}`,
      );
    const itself = callRow(
      valueCell(figures, flat),
      shareCell(figures, flat, cum),
      h("td", { class: "name itself" }, explained("itself", HELP.itself)),
    );
    const center = h(
      "div",
      { class: "peek-function" },
      h("h2", { title: hoverText(entry) }, name),
      h(
        "span",
        { class: "figures" },
        figure("flat", HELP.flat, flat),
        figure("cum", HELP.cum, cum),
      ),
      this.#actions(entry),
    );
    menuOnRightClick(this.#page, center, entry);
    return h(
      "article",
      { class: "peek-entry", "aria-label": name },
      callers.length > 0
        ? this.#calls("Called by", HELP.callerWeight, figures, cum, callers)
        : h("p", { class: "none-called" }, "No callers are shown."),
      center,
      callees.length > 0 || flat !== 0
        ? this.#calls("Calls", HELP.calleeWeight, figures, cum, callees, flat !== 0 && itself)
        : h("p", { class: "none-called" }, "No callees are shown."),
    );
  }

  #actions(subject: TreeEntry): HTMLElement {
    const actions = button(
      "Actions",
      () => {
        const { left, bottom } = actions.getBoundingClientRect();
        this.#page.openMenu(subject, { x: left, y: bottom });
      },
      { "aria-haspopup": "menu", "aria-label": `Actions for ${subject.name}` },
    );
    return actions;
  }

  #calls(
    title: string,
    help: Explanation,
    figures: Figures,
    cum: TreeEntry["cum"],
    calls: readonly TreeCall[],
    first: Child = false,
  ): HTMLElement {
    const rows = (from: number, to: number) =>
      calls
        .slice(from, to)
        .map((call) =>
          callRow(
            valueCell(figures, call.weight),
            shareCell(figures, call.weight, cum),
            this.#nameCell(call, call.isInline),
          ),
        );
    const body = h("tbody", {}, first, rows(0, CALLS_SHOWN));
    if (calls.length > CALLS_SHOWN) {
      const more = h("tr", { class: "more-row" });
      const show = button(
        `Show ${calls.length - CALLS_SHOWN} more`,
        () => more.replaceWith(...rows(CALLS_SHOWN, calls.length)),
        PRINTED_WHOLE,
      );
      fill(more, h("td", { colspan: 3 }, show));
      body.append(more);
    }
    return h(
      "table",
      { class: "calls" },
      h("caption", {}, explained(title, help)),
      columns(),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col", class: "number" }, "Value"),
          h(
            "th",
            { scope: "col", class: "number" },
            explained(
              ["Share", h("span", { class: "share-head-long" }, " of cum")],
              HELP.shareOfCum,
            ),
          ),
          h("th", { scope: "col" }, "Name"),
        ),
      ),
      body,
    );
  }

  #nameCell(node: NodeRef, isInline = false): HTMLElement {
    const { name } = node;
    const link = stateLink(this.#page, { view: "peek", query: exactPattern(name) }, name, {
      title: hoverText(node),
    });
    const cell = h(
      "td",
      { class: "name" },
      link,
      isInline && h("span", { class: "mark" }, explained("inline", HELP.inline)),
    );
    menuOnRightClick(this.#page, cell, node);
    return cell;
  }
}

function columns(): HTMLElement {
  return h(
    "colgroup",
    {},
    h("col", { class: "value" }),
    h("col", { class: "share" }),
    h("col", {}),
  );
}

function callRow(...cells: readonly HTMLElement[]): HTMLElement {
  return h("tr", {}, cells);
}

function valueCell(figures: Figures, value: TreeCall["weight"]): HTMLElement {
  const sign = signClass(figures, value);
  return h("td", { class: `number ${sign}`.trim() }, valueText(figures, value));
}

function shareCell(
  figures: Figures,
  value: TreeCall["weight"],
  whole: TreeCall["weight"],
): HTMLElement {
  const bar = shareBar(value, whole, signClass(figures, value));
  return h("td", { class: "number" }, bar, h("span", {}, shareText(value, whole)));
}
