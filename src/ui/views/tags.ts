import { shownValueCount, type Tag, type TagsReport, type TagValue } from "../../report/tags.js";
import { type Int64, sum } from "../../units/int64.js";
import { exactPattern, exactTagFilter } from "../../view/exact-filters.js";
import type { Page, Shown, State, View, ViewExport } from "../contract.js";
import { copyText } from "../widgets/clipboard.js";
import { button, fill, h } from "../widgets/elements.js";
import { explained } from "../widgets/explain.js";
import { openMenu } from "../widgets/menu.js";
import { type Figures, shareBar, shareText, signClass, valueText } from "./figures.js";
import { HELP } from "./help-texts.js";
import { menuPoint, stateLink } from "./link.js";
import { PRINTED_WHOLE } from "./printed-whole.js";
import { tableExports } from "./table-exports.js";

/** The maximum number of values shown at first. */
const MAX_VALUES_SHOWN = 60;

/** The tags of the samples, with the cost of each value. */
export class TagsView implements View {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #lines = h("div", { class: "report-lines" });
  readonly #blocks = h("div", { class: "tags-blocks" });
  #report: TagsReport | undefined;

  constructor(page: Page) {
    this.#page = page;
    this.element = h(
      "section",
      { class: "tags-view table-view", "aria-label": "Tags" },
      this.#lines,
      this.#blocks,
    );
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    const { report, warnings } = await this.#page.engine.tags(state.options, signal);
    signal.throwIfAborted();
    this.#report = report;
    const { tags } = report;
    fill(
      this.#lines,
      tags.length > 0 &&
        h(
          "p",
          {},
          "Choose a value to see only the samples that have it. ",
          explained("Sums may differ from the total", HELP.tagTotal),
          ": a sample may have several values of a tag, or none.",
        ),
    );
    fill(
      this.#blocks,
      tags.length === 0 && h("p", { class: "nothing" }, this.#nothing()),
      tags.map((tag) => this.#block(state, report, tag)),
    );
    return { warnings };
  }

  exports(): readonly ViewExport[] {
    const report = this.#report;
    if (!report || report.tags.length === 0) return [];
    const { format, total } = report;
    const figures = { format, total, isComparison: this.#page.profile.isComparison };
    const rows = report.tags.flatMap(({ key, values }) =>
      values.map(({ name, value }) => [
        valueText(figures, value),
        shareText(value, total),
        key,
        name,
      ]),
    );
    return tableExports(() => [["Value", "Share", "Tag", "Name"], ...rows], 2);
  }

  #nothing(): string {
    return this.#page.profile.tags.length === 0
      ? "The samples of this profile have no tags."
      : "No sample that passes the filters has a visible tag.";
  }

  #block(state: State, report: TagsReport, tag: Tag): HTMLElement {
    const { format, total } = report;
    const figures = { format, total, isComparison: this.#page.profile.isComparison };
    const { key, values } = tag;
    const shown = shownValueCount(report, values, MAX_VALUES_SHOWN);
    const list = h("ul", { class: "tag-values" });
    const items = (part: readonly TagValue[]) =>
      part.map((value) => this.#value(state, figures, key, value));
    list.append(...items(values.slice(0, shown)));
    if (shown < values.length) {
      const rest = values.slice(shown);
      const restTotal = sum(rest.map(({ value }) => value));
      const more = h("li", {});
      const show = button("All", () => more.replaceWith(...items(rest)), {
        ...PRINTED_WHOLE,
        "aria-label": `All ${rest.length} other values of ${key}`,
      });
      fill(
        more,
        shareBar(restTotal, total, signClass(figures, restTotal)),
        h("span", { class: "other" }, explained(`${rest.length} others`, HELP.otherTagValues)),
        amountCells(figures, restTotal),
        show,
      );
      list.append(more);
    }
    return h(
      "section",
      { class: "tag-block", "aria-label": `Tag ${key}` },
      h(
        "header",
        {},
        h("h2", {}, key),
        h(
          "p",
          {},
          explained(
            `${valueText(figures, tag.total)} of ${valueText({ ...figures, isComparison: false }, total)}`,
            HELP.tagTotal,
          ),
          total > 0 && ` (${shareText(tag.total, total)})`,
        ),
      ),
      list,
    );
  }

  #value(state: State, figures: Figures, key: string, value: TagValue): HTMLElement {
    const filter = exactTagFilter({ key, ...value });
    const change = { options: { ...state.options, tagfocus: filter } };
    const { name, value: amount } = value;
    const link = stateLink(this.#page, change, name === "" ? "(empty)" : name, {
      title: `Only samples with ${key}: ${name}`,
    });
    const more = button("\u22EF", (event) => open(event), {
      "aria-label": `Actions for ${key} ${name}`,
      "aria-haspopup": "menu",
    });
    const isSet = state.options.tagfocus === filter;
    const item = h(
      "li",
      { class: isSet && "is-set", oncontextmenu: (event) => open(event) },
      shareBar(amount, figures.total, signClass(figures, amount)),
      link,
      amountCells(figures, amount),
      more,
    );
    const open = (event: MouseEvent) => {
      event.preventDefault();
      const at = menuPoint(event, event.type === "click" ? more : item);
      this.#openMenu(state, key, name, filter, at, more);
    };
    return item;
  }

  #openMenu(
    state: State,
    key: string,
    name: string,
    filter: string,
    at: { x: number; y: number },
    returnFocusTo: Element,
  ): void {
    const { options } = state;
    const set = (changes: Partial<typeof options>, view: State["view"] = state.view) =>
      this.#page.go({ view, options: { ...options, ...changes } });
    const isSet = options.tagfocus === filter;
    openMenu(
      [
        { heading: `${key}: ${name}` },
        {
          label: isSet ? "Show all samples again" : "Only these samples",
          detail: isSet ? "" : `tagfocus: ${filter}`,
          act: () => set({ tagfocus: isSet ? "" : filter }),
        },
        {
          label: "Ignore these samples",
          detail: `tagignore: ${filter}`,
          act: () => set({ tagignore: filter }),
        },
        {
          label: "Flame graph of these samples",
          act: () => set({ tagfocus: filter }, "flamegraph"),
        },
        "separator",
        {
          label: "Show only this tag",
          detail: `tagshow: ${exactPattern(key)}`,
          act: () => set({ tagshow: exactPattern(key) }),
        },
        {
          label: "Hide this tag",
          detail: `taghide: ${exactPattern(key)}`,
          act: () => set({ taghide: exactPattern(key) }),
        },
        ...(key === "" || key.includes(",")
          ? []
          : [
              {
                label: "Flame graph split by this tag",
                detail: `tagroot: ${key}`,
                act: () => set({ tagroot: key }, "flamegraph"),
              },
            ]),
        "separator",
        { label: "Copy the value", act: () => void copyText(name) },
      ],
      at,
      returnFocusTo,
      `Actions for ${key} ${name}`,
    );
  }
}

function amountCells(figures: Figures, value: Int64): HTMLElement[] {
  const { total } = figures;
  return [
    h("span", { class: `number ${signClass(figures, value)}`.trim() }, valueText(figures, value)),
    h("span", { class: "number" }, total > 0 ? shareText(value, total) : ""),
  ];
}
