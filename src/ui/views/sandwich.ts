import type { Options } from "../../options/table.js";
import { formatShare } from "../../render/flame/details.js";
import { fullName, shortName } from "../../render/flame/short-name.js";
import type { TopReport, TopRow } from "../../report/top.js";
import { formatValue } from "../../report/value-format.js";
import type { Page, Shown, State, View } from "../contract.js";
import type { FlamePanel } from "../flame-canvas/panel.js";
import { re2Matcher } from "../search/re2-search.js";
import { h } from "../widgets/elements.js";
import { countNodes } from "./figures.js";
import { applyLook, flamePanel, marksFor, placeOf } from "./flame-panel.js";
import { hoverText, menuOnRightClick, stateLink } from "./link.js";

/** The number of functions listed; the filter finds the others. */
const MAX_ROWS = 400;
const MAX_FRAMES = 60_000;
/** Longer names lose the folders of their file, and then its line. */
const MAX_NAME_LENGTH = 90;

type Order = "flat" | "cum" | "name";

/** Creates the sandwich: a list of functions, and the callers and callees of one of them. */
export function createSandwich(page: Page): View {
  return new SandwichView(page);
}

class SandwichView implements View {
  readonly element = h("section", { class: "view-sandwich", "aria-label": "Sandwich" });
  readonly #page: Page;
  readonly #panel: FlamePanel;
  readonly #filter = h("input", {
    type: "search",
    class: "flame-search",
    placeholder: "Filter functions",
    "aria-label": "Filter functions by a regular expression",
    spellcheck: "false",
    autocomplete: "off",
  });
  readonly #body = h("tbody");
  readonly #note = h("div", { class: "sandwich-note", role: "status" });
  readonly #heads = new Map<Order, HTMLElement>();
  #state: State | undefined;
  #report: TopReport | undefined;
  #listed = "";
  #granularity: Options["granularity"] = "functions";
  #drawn = "";
  #order: Order = "flat";
  #pivot = "";
  #query = "";
  #warnings: readonly string[] = [];

  constructor(page: Page) {
    this.#page = page;
    this.#panel = flamePanel(page, {
      state: () => this.#state,
      onSearch: (query) => {
        this.#query = query;
      },
    });
    this.#filter.addEventListener("input", () => this.#list());
    this.#filter.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.#filter.value === "") return;
      event.stopPropagation();
      this.#filter.value = "";
      this.#list();
    });
    const head = h("tr");
    head.append(
      this.#head("flat", "Flat", "Cost of the function itself"),
      this.#head("cum", "Cum", "Cost of the function with all its callees"),
      this.#head("name", "Function", ""),
    );
    this.element.append(
      h(
        "div",
        { class: "sandwich-list" },
        h("div", { class: "flame-tools" }, this.#filter, this.#note),
        h(
          "div",
          {
            class: "sandwich-rows",
            tabindex: 0,
            role: "region",
            "aria-label": "Functions",
          },
          h("table", {}, h("thead", {}, head), this.#body),
        ),
      ),
      this.#panel.element,
    );
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    const { engine } = this.#page;
    this.#state = state;
    applyLook(this.#panel, state);
    if (state.query !== this.#query) {
      this.#query = state.query;
      this.#panel.searchText = state.query;
    }
    const listed = JSON.stringify(state.options);
    if (listed !== this.#listed) {
      const all = { ...state.options, nodecount: 0, trim: false };
      const { report, warnings } = await engine.top(all, signal);
      signal.throwIfAborted();
      this.#report = report;
      this.#warnings = warnings;
      this.#listed = listed;
      this.#granularity = state.options.granularity;
      this.#list();
    }
    // Without a pivot, show the first function of the list.
    const pivot = state.pivot || (this.#rows()[0]?.name ?? "");
    const markedBy = marksFor(state);
    const drawn = JSON.stringify([state.options, pivot, markedBy ?? ""]);
    if (drawn === this.#drawn) this.#panel.flame.place = placeOf(state);
    else if (pivot !== "") {
      const request = { name: pivot, limit: MAX_FRAMES, markedBy };
      const { report, warnings } = await engine.sandwich(state.options, request, signal);
      signal.throwIfAborted();
      const content = { report: report.callees, callers: report.callers };
      this.#panel.flame.show(content, { place: placeOf(state) });
      this.#drawn = drawn;
      this.#warnings = [...new Set([...this.#warnings, ...warnings])];
    }
    this.#mark(pivot);
    return { warnings: this.#warnings };
  }

  press(event: KeyboardEvent): boolean {
    return this.#panel.flame.press(event);
  }

  readTheme(): void {
    this.#panel.flame.readTheme();
  }

  #head(order: Order, text: string, title: string): HTMLElement {
    const button = h("button", { type: "button", title }, text);
    button.addEventListener("click", () => {
      this.#order = order;
      this.#list();
    });
    const head = h("th", { scope: "col", class: order === "name" ? "" : "number" }, button);
    this.#heads.set(order, head);
    return head;
  }

  #rows(): readonly TopRow[] {
    const rows = this.#report?.rows ?? [];
    const order = this.#order;
    if (order === "name") return [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));
    return [...rows].sort((a, b) => size(b[order]) - size(a[order]));
  }

  #list(): void {
    const report = this.#report;
    if (!report) return;
    for (const [order, head] of this.#heads) {
      const direction = order === "name" ? "ascending" : "descending";
      if (order === this.#order) head.setAttribute("aria-sort", direction);
      else head.removeAttribute("aria-sort");
    }
    let matches = (_: string) => true;
    try {
      if (this.#filter.value !== "") matches = re2Matcher(this.#filter.value);
      this.#filter.removeAttribute("aria-invalid");
    } catch {
      this.#filter.setAttribute("aria-invalid", "true");
    }
    const rows = this.#rows().filter(({ name }) => matches(name));
    const most = rows.reduce((largest, { cum }) => Math.max(largest, size(cum)), 0) || 1;
    this.#body.replaceChildren(
      ...rows.slice(0, MAX_ROWS).map((row) => this.#row(report, row, most)),
    );
    const count = countNodes(rows.length, { granularity: this.#granularity });
    const isAll = rows.length <= MAX_ROWS;
    this.#note.textContent = isAll ? count : `${count}, the first ${MAX_ROWS} listed`;
    this.#mark(this.#pivot);
  }

  #row({ format, total }: TopReport, node: TopRow, most: number): HTMLElement {
    const { name, flat, cum } = node;
    const cell = (amount: TopRow["cum"]) => {
      const bar = h("span", { class: "sandwich-bar", "aria-hidden": "true" });
      bar.style.width = `${Math.min(100, (size(amount) / most) * 100)}%`;
      if (amount < 0) bar.classList.add("sandwich-minus");
      return h(
        "td",
        { class: "number", title: `${formatShare(amount, total)} of the total` },
        bar,
        h("span", {}, formatValue(format, amount)),
      );
    };
    const link = stateLink(this.#page, { pivot: name }, shortName(name, MAX_NAME_LENGTH), {
      title: fullName(hoverText(node)),
      "aria-label": fullName(name),
    });
    const row = h("tr", {}, cell(flat), cell(cum), h("td", {}, link));
    menuOnRightClick(this.#page, row, node);
    this.#names.set(row, name);
    return row;
  }

  readonly #names = new WeakMap<Element, string>();

  #mark(pivot: string): void {
    this.#pivot = pivot;
    for (const row of this.#body.rows) {
      const isCurrent = this.#names.get(row) === pivot;
      row.classList.toggle("sandwich-current", isCurrent);
      const link = row.querySelector("a");
      if (isCurrent) link?.setAttribute("aria-current", "true");
      else link?.removeAttribute("aria-current");
    }
  }
}

const size = (amount: TopRow["cum"]) => Math.abs(Number(amount));

/** The style of the list. The graph beside it uses the style of flame graphs. */
export const SANDWICH_STYLE = `
.view-flamegraph{height:100%;min-height:0}
.view-sandwich{display:grid;grid-template-columns:minmax(260px,32%) 1fr;grid-template-rows:minmax(0,1fr);height:100%;min-height:0;background:var(--bg);color:var(--text);font-size:13px}
.sandwich-list{display:flex;flex-direction:column;min-height:0;min-width:0;border-right:1px solid var(--line)}
.sandwich-note{color:var(--muted)}
.sandwich-rows{flex:1;overflow:auto;border-top:1px solid var(--line)}
.sandwich-rows:focus-visible{outline:2px solid var(--focus,var(--accent));outline-offset:-2px}
.sandwich-rows table{border-collapse:collapse;width:100%;table-layout:fixed;font-variant-numeric:tabular-nums}
.sandwich-rows th{position:sticky;top:0;z-index:1;background:var(--panel);text-align:left;padding:4px 8px;font-weight:600;border-bottom:1px solid var(--line)}
.sandwich-rows th.number{width:84px}
.sandwich-rows th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
.sandwich-rows th[aria-sort=descending] button::after{content:" ▾"}
.sandwich-rows th[aria-sort=ascending] button::after{content:" ▴"}
.sandwich-rows td{position:relative;padding:3px 8px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.sandwich-rows td:last-child{white-space:normal;overflow-wrap:anywhere}
.sandwich-rows .number{text-align:right}
.sandwich-rows td span:not(.sandwich-bar){position:relative}
.sandwich-bar{position:absolute;right:0;top:3px;bottom:3px;border-radius:3px 0 0 3px;background:color-mix(in srgb,var(--accent) 26%,transparent)}
.sandwich-bar.sandwich-minus{background:color-mix(in srgb,var(--minus) 30%,transparent)}
.sandwich-rows a{color:inherit;text-decoration:none}
.sandwich-rows a:hover{text-decoration:underline}
.sandwich-rows tr:hover td{background-color:var(--hover)}
.sandwich-rows tr.sandwich-current td{background-color:color-mix(in srgb,var(--accent) 16%,transparent)}
.sandwich-current a{font-weight:600}
@media (max-width:760px){
.view-sandwich{grid-template-columns:minmax(0,1fr);grid-template-rows:minmax(120px,38%) minmax(0,1fr)}
.sandwich-list{border-right:0;border-bottom:1px solid var(--line)}
}
@media print{.view-sandwich{display:block;height:auto}.sandwich-list{display:none}}
`;
