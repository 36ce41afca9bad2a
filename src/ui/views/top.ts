import type { TopReport } from "../../report/top.js";
import { sum } from "../../units/int64.js";
import { exactPattern } from "../../view/exact-filters.js";
import type { Page, Shown, State, View, ViewExport } from "../contract.js";
import { selectionOf, selectionText } from "../selection.js";
import { copyText } from "../widgets/clipboard.js";
import { button, fill, h, newId } from "../widgets/elements.js";
import { type Explanation, explain } from "../widgets/explain.js";
import { openMenuOf } from "../widgets/menu.js";
import {
  countText,
  type Figures,
  numberWidth,
  shareBar,
  shareText,
  signClass,
  valueText,
} from "./figures.js";
import { headerLines, nothingLeft } from "./header-lines.js";
import { HELP } from "./help-texts.js";
import { hoverText, menuPoint, stateLink } from "./link.js";
import { type TextTable, tableExports } from "./table-exports.js";
import {
  asMarkdown,
  asTsv,
  COLUMNS,
  type ColumnName,
  cellTexts,
  directionsOf,
  type Order,
  ordered,
  orderOf,
  orderText,
  type Row,
  rowFilter,
  rowsOf,
  TITLES,
} from "./top-rows.js";
import { VirtualRows } from "./virtual-rows.js";

/** The width of a column depends on the values of this many rows. */
const MAX_MEASURED = 5000;

const HEAD_HELP: Record<ColumnName, Explanation> = HELP;

/** The number of columns before the name, which are numbers. */
const NUMBERS = COLUMNS.indexOf("name");

interface Content {
  /** The options as JSON. */
  readonly key: string;
  readonly state: State;
  readonly report: TopReport;
  readonly figures: Figures;
  readonly rows: readonly Row[];
  readonly warnings: readonly string[];
}

export class TopView implements View {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #heads = new Map<ColumnName, HTMLElement>();
  readonly #lines = h("div", { class: "report-lines" });
  readonly #filter: HTMLInputElement;
  readonly #count = h("span", { class: "count", role: "status" });
  readonly #grid: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #virtual: VirtualRows;
  readonly #nothing = h("div", {});
  readonly #selectedLine = h("div", { class: "chosen" });
  readonly #id = newId("top-row");
  #content: Content | undefined;
  /** The rows on the page: filtered and sorted. */
  #shown: readonly Row[] = [];
  /** The order in the address; undefined for the report's own. */
  #order: Order | undefined;
  /** The selected row; the filter may hide it. */
  #selected: Row | undefined;
  /** The name of the row that the user selected last, which is already in sight. */
  #chosen = "";

  constructor(page: Page, label = "Top") {
    this.#page = page;
    this.#filter = h("input", {
      type: "search",
      placeholder: "Filter rows",
      "aria-label": "Filter the rows: text or a regular expression",
      spellcheck: "false",
      autocomplete: "off",
      oninput: () => this.#arrange(),
      onkeydown: (event) => this.#pressInFilter(event),
    });
    const copy = button("Copy", () => this.#offerCopies(copy), {
      "aria-haspopup": "menu",
      "aria-expanded": "false",
    });
    const body = h("tbody", { role: "rowgroup" });
    this.#grid = h(
      "table",
      {
        role: "grid",
        class: "top-table flat-table",
        "aria-label": "Functions by cost",
        tabindex: 0,
        onkeydown: (event) => this.#press(event),
        onclick: (event) => this.#click(event),
        ondblclick: (event) => this.#peek(this.#rowAt(event)),
        oncontextmenu: (event) => this.#openMenu(event),
      },
      h(
        "thead",
        { role: "rowgroup" },
        h(
          "tr",
          { role: "row", "aria-rowindex": 1 },
          COLUMNS.map((column) => this.#head(column)),
        ),
      ),
      body,
    );
    this.#scroller = h("div", { class: "table-scroll" }, this.#grid);
    this.#virtual = new VirtualRows(this.#scroller, body, (index) => this.#row(index));
    this.element = h(
      "section",
      { class: "top-view table-view", "aria-label": label },
      this.#lines,
      h("div", { class: "view-tools" }, this.#filter, copy, this.#count),
      this.#scroller,
      this.#nothing,
      this.#selectedLine,
    );
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    const key = JSON.stringify(state.options);
    const order = orderOf(state.order);
    const isNew = key !== this.#content?.key;
    if (isNew) {
      const { report, warnings } = await this.#page.engine.top(state.options, signal);
      signal.throwIfAborted();
      this.#order = order;
      this.#put(key, state, report, warnings);
    } else if (orderText(order) !== orderText(this.#order)) {
      this.#order = order;
      this.#arrange();
    }
    const { warnings } = this.#content as Content;
    this.#follow(selectionOf(state.selected).name, isNew);
    return { warnings };
  }

  #put(key: string, state: State, report: TopReport, warnings: readonly string[]): void {
    const { isComparison } = this.#page.profile;
    const figures = { format: report.format, total: report.total, isComparison };
    const rows = rowsOf(report);
    this.#content = { key, state, report, figures, rows, warnings };
    this.#selected = undefined;
    fill(this.#lines, headerLines(this.#page, state, report));
    this.#scroller.hidden = rows.length === 0;
    for (const column of ["flat", "cum"] as const) {
      const texts = rows.slice(0, MAX_MEASURED).map((row) => valueText(figures, row[column]));
      this.#grid.style.setProperty(`--${column}`, numberWidth(texts));
    }
    fill(this.#nothing, rows.length === 0 && nothingLeft(this.#page, state));
    this.#grid.classList.toggle(
      "no-inlining",
      report.rows.every(({ inlining }) => inlining === "none"),
    );
    this.#arrange();
  }

  /** Selects the row of the address. */
  #follow(name: string, isNew: boolean): void {
    if (!isNew && name === (this.#selected?.name ?? "")) return;
    const row = this.#content?.rows.find((one) => one.name === name);
    const index = row ? this.#shown.indexOf(row) : -1;
    this.#mark(row);
    if (index >= 0 && name !== this.#chosen) this.#virtual.reveal(index);
    this.#chosen = name;
  }

  press(event: KeyboardEvent): boolean {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return false;
    this.#filter.focus();
    this.#filter.select();
    return true;
  }

  /** The name of the first row that is shown. */
  get firstName(): string | undefined {
    return this.#shown[0]?.name;
  }

  #head(column: ColumnName): HTMLElement {
    const title = explain(
      button(TITLES[column], () => this.#sort(column)),
      HEAD_HELP[column],
    );
    const head = h("th", { role: "columnheader", scope: "col", class: `col-${column}` }, title);
    this.#heads.set(column, head);
    return head;
  }

  get #current(): Order {
    const sort = this.#content?.state.options.sort ?? "flat";
    return this.#order ?? { column: sort, direction: this.#hasSigns ? "size" : "descending" };
  }

  get #hasSigns(): boolean {
    const { isComparison } = this.#page.profile;
    return (
      isComparison || (this.#content?.rows.some(({ cum, flat }) => cum < 0 || flat < 0) ?? false)
    );
  }

  #sort(column: ColumnName): void {
    const { state } = this.#content ?? {};
    if (!state) return;
    const { column: now, direction } = this.#current;
    const directions = directionsOf(column, this.#hasSigns);
    const isSame = now === column;
    const next = isSame ? (directions.indexOf(direction) + 1) % directions.length : 0;
    const { sort } = state.options;
    const amount = column === "flat" || column === "flatShare" ? "flat" : "cum";
    const isAmount = column === amount || column === `${amount}Share`;
    const isReports = column === amount && next === 0;
    const order = isReports ? "" : orderText({ column, direction: directions[next] });
    if (isAmount && sort !== amount) {
      // The report decides by its order which rows it contains, so it must be made again.
      this.#page.go({ order, options: { ...state.options, sort: amount } });
    } else this.#page.go({ order }, { replace: true });
  }

  #arrange(): void {
    if (!this.#content) return;
    const { rows, figures, report } = this.#content;
    const kept = rows.filter(rowFilter(this.#filter.value));
    this.#shown = this.#order ? ordered(kept, this.#order) : kept;
    const { column, direction } = this.#current;
    for (const [name, head] of this.#heads) {
      const state = direction === "size" ? "other" : direction;
      head.setAttribute("aria-sort", name === column ? state : "none");
      head.dataset.order = name === column ? direction : "";
    }
    this.#grid.setAttribute("aria-rowcount", String(this.#shown.length + 1));
    this.#count.textContent = "";
    if (this.#filter.value !== "") {
      const flat = sum(kept.map((row) => row.flat));
      const share = shareText(flat, report.total);
      this.#count.textContent =
        `${kept.length.toLocaleString("en-US")} of ${countText(rows.length, "row")}, ` +
        `flat sum ${valueText(figures, flat)} (${share})`;
    }
    this.#virtual.show(this.#shown.length);
    this.#showSelected();
  }

  #row(index: number): HTMLElement {
    const row = this.#shown[index];
    const { figures } = this.#content as Content;
    const [flat, flatShare, sum, cum, cumShare, name, inlining] = cellTexts(figures, row);
    const { total } = figures;
    const flatSign = signClass(figures, row.flat);
    const cumSign = signClass(figures, row.cum);
    const number = (column: ColumnName, text: string, className = "", bar?: HTMLElement) =>
      h(
        "td",
        { role: "gridcell", class: `number col-${column} ${className}`.trim() },
        bar,
        h("span", {}, text),
      );
    return h(
      "tr",
      {
        role: "row",
        id: `${this.#id}-${index}`,
        "aria-rowindex": index + 2,
        "aria-selected": row === this.#selected,
        "data-index": index,
      },
      number("flat", flat, flatSign, shareBar(row.flat, total, flatSign)),
      number("flatShare", flatShare, "", shareBar(row.flat, total, flatSign)),
      number("sum", sum),
      number("cum", cum, cumSign, shareBar(row.cum, total, cumSign)),
      number("cumShare", cumShare, "", shareBar(row.cum, total, cumSign)),
      h("td", { role: "gridcell", class: "col-name", title: hoverText(row) }, name),
      h("td", { role: "gridcell", class: "col-inlining" }, inlining),
    );
  }

  #rowAt({ target }: Event): Row | undefined {
    const row = target instanceof Element ? target.closest("tbody [role=row]") : null;
    return row instanceof HTMLElement ? this.#shown[Number(row.dataset.index)] : undefined;
  }

  #click(event: MouseEvent): void {
    const row = this.#rowAt(event);
    if (row) this.#select(this.#shown.indexOf(row));
  }

  get #selectedIndex(): number {
    return this.#selected ? this.#shown.indexOf(this.#selected) : -1;
  }

  /** Selects a row for the user. */
  #select(index: number): void {
    const row = this.#shown[index];
    this.#virtual.reveal(index);
    if (row === this.#selected) return;
    this.#mark(row);
    this.#chosen = row.name;
    this.#page.go({ selected: selectionText({ name: row.name }) }, { replace: true });
  }

  #mark(row: Row | undefined): void {
    this.#virtual.row(this.#selectedIndex)?.setAttribute("aria-selected", "false");
    this.#selected = row;
    this.#virtual.row(this.#selectedIndex)?.setAttribute("aria-selected", "true");
    this.#showSelected();
  }

  /** Shows the full name of the selected row, and buttons for keyboard and touch. */
  #showSelected(): void {
    const index = this.#selectedIndex;
    const row = this.#shown[index];
    if (!row) {
      this.#grid.removeAttribute("aria-activedescendant");
      fill(this.#selectedLine);
      return;
    }
    this.#grid.setAttribute("aria-activedescendant", `${this.#id}-${index}`);
    const more = button(
      "Actions",
      () => {
        const { left, top } = more.getBoundingClientRect();
        this.#page.openMenu(row, { x: left, y: top });
      },
      { "aria-haspopup": "menu" },
    );
    const peek = { view: "peek", query: exactPattern(row.name) } as const;
    fill(
      this.#selectedLine,
      h("span", { class: "chosen-name", title: hoverText(row) }, row.name),
      stateLink(this.#page, peek, "Callers and callees"),
      more,
    );
  }

  #peek(row: Row | undefined): void {
    if (row) this.#page.go({ view: "peek", query: exactPattern(row.name) });
  }

  #openMenu(event: MouseEvent): void {
    const row = this.#rowAt(event);
    if (row) this.#select(this.#shown.indexOf(row));
    const index = this.#selectedIndex;
    const element = this.#virtual.row(index);
    if (!element || (!row && event.target !== this.#grid)) return;
    event.preventDefault();
    this.#page.openMenu(this.#shown[index], menuPoint(event, element));
  }

  #press(event: KeyboardEvent): void {
    // Buttons in the table's head handle keys themselves.
    if (event.target !== this.#grid || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#shown.length - 1;
    const at = this.#selectedIndex;
    const page = this.#virtual.perPage;
    const isMenuKey =
      event.key === "ContextMenu" ||
      (event.key === "F10" && event.shiftKey) ||
      event.key === "Enter";
    const to: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: last,
    };
    if (event.key in to) {
      if (last >= 0) this.#select(Math.max(0, Math.min(to[event.key], last)));
    } else if (isMenuKey && at >= 0) {
      this.#virtual.reveal(at);
      const box = this.#virtual.row(at)?.getBoundingClientRect();
      if (box) {
        this.#page.openMenu(this.#shown[at], { x: box.left + 24, y: box.bottom });
      }
    } else if (event.key === " " && at >= 0) {
      this.#peek(this.#shown[at]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #pressInFilter(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.#filter.value !== "") {
      this.#filter.value = "";
      this.#arrange();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      this.#grid.focus();
      if (this.#shown.length > 0) this.#select(Math.max(0, this.#selectedIndex));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  exports(): readonly ViewExport[] {
    return this.#content ? tableExports(() => this.#table(), NUMBERS) : [];
  }

  /** Returns the rows that pass the filter, below the titles. */
  #table(): TextTable {
    const { figures } = this.#content as Content;
    const titles = COLUMNS.map((column) => TITLES[column]);
    return [titles, ...this.#shown.map((row) => cellTexts(figures, row))];
  }

  #offerCopies(copy: HTMLButtonElement): void {
    const table = () => this.#table();
    if (!this.#content) return;
    const put = async (text: string) => {
      const isDone = await copyText(text);
      this.#count.textContent = isDone
        ? `${countText(this.#shown.length, "row")} copied`
        : "The browser does not allow this page to copy";
    };
    openMenuOf(
      copy,
      [
        {
          label: "For a spreadsheet",
          detail: "the rows shown, with tabs between columns",
          act: () => void put(asTsv(table())),
        },
        {
          label: "As Markdown",
          detail: "the rows shown, as a table for an issue",
          act: () => void put(asMarkdown(table())),
        },
      ],
      "Copy the table",
    );
  }
}
