import { FIRST_FRAMES } from "../../page/protocol.js";
import type { FlameReport } from "../../report/flame.js";
import type { Page, Shown, State, View } from "../contract.js";
import { subjectOf } from "../flame-canvas/subject.js";
import { textMatcher } from "../search/name-search.js";
import { selectionOf, selectionText } from "../selection.js";
import { button, fill, h, newId } from "../widgets/elements.js";
import { countText, numberWidth, valueText } from "./figures.js";
import { nothingLeft } from "./header-lines.js";
import { menuPoint } from "./link.js";
import { TreeContent, treeHead, treeRow } from "./tree-content.js";
import { NONE } from "./tree-rows.js";
import { VirtualRows } from "./virtual-rows.js";

const MAX_FRAMES = 200_000;

/** The complete tree keeps the engine busy, so it waits for the user's first clicks. */
const COMPLETION_DELAY_MS = 1000;

/** The call tree, top-down from the roots or bottom-up from the functions with a flat value. */
export class TreeView implements View {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #search = h("input", {
    type: "search",
    placeholder: "Find functions",
    "aria-label": "Find functions: text or a regular expression",
    spellcheck: "false",
    autocomplete: "off",
    oninput: () => this.#page.go({ query: this.#search.value }, { replace: true }),
    onkeydown: (event) => this.#pressInSearch(event),
  });
  readonly #directions = [
    button("Top-down", () => this.#page.go({ tree: "" }), {
      title: "From the roots of the stacks to what they call",
    }),
    button("Bottom-up", () => this.#page.go({ tree: "up" }), {
      title: "From each function with a cost of its own to its callers",
    }),
  ];
  readonly #steps = [
    button("‹", () => this.#goToMatch(-1), {
      "aria-label": "Previous match (N)",
      title: "Previous match (N)",
    }),
    button("›", () => this.#goToMatch(1), {
      "aria-label": "Next match (n)",
      title: "Next match (n)",
    }),
  ];
  readonly #found = h("span", { class: "count", role: "status" });
  readonly #note = h("p", { class: "count" });
  readonly #heads: HTMLElement;
  readonly #grid: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #nothing = h("div", {});
  readonly #virtual: VirtualRows;
  readonly #id = newId("tree-row");
  #content: TreeContent | undefined;
  #warnings: readonly string[] = [];
  #selected = NONE;
  #query = "";
  #matches: readonly number[] = [];
  #matching = new Set<number>();

  constructor(page: Page) {
    this.#page = page;
    const body = h("tbody", { role: "rowgroup" });
    this.#heads = h("thead", { role: "rowgroup" });
    this.#grid = h(
      "table",
      {
        role: "treegrid",
        class: "top-table tree-table",
        "aria-label": "Call tree",
        tabindex: 0,
        onkeydown: (event) => this.#press(event),
        onclick: (event) => this.#click(event),
        ondblclick: (event) => this.#toggle(this.#frameAt(event)),
        oncontextmenu: (event) => this.#openMenu(event),
      },
      this.#heads,
      body,
    );
    this.#scroller = h("div", { class: "table-scroll" }, this.#grid);
    this.#virtual = new VirtualRows(this.#scroller, body, (row) => this.#row(row));
    this.element = h(
      "section",
      { class: "tree-view table-view", "aria-label": "Call tree" },
      h(
        "div",
        { class: "view-tools" },
        h("span", { class: "choices", role: "group", "aria-label": "Direction" }, this.#directions),
        this.#search,
        this.#steps,
        this.#found,
        button("Heaviest path", () => this.#expandHeaviest(), {
          title: "Expand the heaviest path below the selected row (h)",
        }),
        button("Collapse all", () => this.#collapseAll()),
      ),
      this.#scroller,
      this.#nothing,
      this.#note,
    );
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    const isInverted = state.tree === "up";
    const key = JSON.stringify([state.options, isInverted]);
    for (const [i, choice] of this.#directions.entries()) {
      choice.setAttribute("aria-pressed", String(isInverted === (i === 1)));
    }
    const isNew = key !== this.#content?.key;
    if (isNew) {
      const { report, warnings } = await this.#load(state, FIRST_FRAMES, signal);
      signal.throwIfAborted();
      this.#warnings = warnings;
      this.#put(this.#contentOf(report, state, key));
    }
    this.#find(state.query, isNew);
    this.#follow(state.selected);
    if ((this.#content?.rows.tree.length ?? 0) < MAX_FRAMES && this.#content?.report.cutFrames) {
      setTimeout(() => this.#complete(state, key, signal), COMPLETION_DELAY_MS);
    }
    return { warnings: this.#warnings };
  }

  press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const acts: Record<string, () => void> = {
      "/": () => this.#search.select(),
      n: () => this.#goToMatch(1),
      N: () => this.#goToMatch(-1),
      h: () => this.#expandHeaviest(),
    };
    const act = acts[event.key];
    act?.();
    if (event.key === "/") this.#search.focus();
    return act !== undefined;
  }

  async #load({ options, tree }: State, limit: number, signal: AbortSignal) {
    return this.#page.engine.flame(options, { limit, isInverted: tree === "up" }, signal);
  }

  /** Replaces the first rows by all rows, without moving what is shown. */
  async #complete(state: State, key: string, signal: AbortSignal): Promise<void> {
    if (
      signal.aborted ||
      this.#content?.key !== key ||
      this.#content.rows.tree.length >= MAX_FRAMES
    )
      return;
    try {
      const { report } = await this.#load(state, MAX_FRAMES, signal);
      if (signal.aborted || this.#content?.key !== key) return;
      const scrolled = this.#scroller.scrollTop;
      const frame = this.#selected === NONE ? undefined : this.#content.keys.keyOf(this.#selected);
      this.#put(this.#contentOf(report, state, key));
      this.#selected = frame === undefined ? NONE : this.#content.keys.frameOf(frame);
      this.#find(state.query, true);
      this.#scroller.scrollTop = scrolled;
    } catch {
      // Keep the rows that are shown; the next state tries again.
    }
  }

  #contentOf(report: FlameReport, state: State, key: string): TreeContent {
    const { isComparison } = this.#page.profile;
    return new TreeContent({ report, state, key, isComparison, before: this.#content });
  }

  #put(content: TreeContent): void {
    this.#content = content;
    this.#selected = NONE;
    const { rows, figures, isInverted, report, state } = content;
    const isEmpty = rows.tree.length <= 1;
    this.#scroller.hidden = isEmpty;
    fill(this.#nothing, isEmpty && nothingLeft(this.#page, state));
    this.#grid.classList.toggle("bottom-up", isInverted);
    const texts = [valueText(figures, rows.cum(0))];
    for (const frame of rows.childrenOf(0).slice(0, 50))
      texts.push(valueText(figures, rows.cum(frame)));
    this.#grid.style.setProperty("--number", numberWidth(texts));
    fill(this.#heads, treeHead(isInverted));
    this.#note.textContent =
      report.cutFrames > 0 && rows.tree.length >= MAX_FRAMES
        ? `Only the ${countText(rows.tree.length - 1, "row")} with the highest cost are in the tree. ` +
          "A filter such as focus leaves room for the others."
        : "";
    this.#redraw();
  }

  #redraw(): void {
    const count = this.#content?.rows.frames.length ?? 0;
    this.#grid.setAttribute("aria-rowcount", String(count + 1));
    this.#virtual.show(count);
    this.#markActive();
  }

  #row(row: number): HTMLElement {
    const content = this.#content as TreeContent;
    const frame = content.rows.frames[row];
    return treeRow(content, row, {
      id: `${this.#id}-${row}`,
      isSelected: frame === this.#selected,
      isMatch: this.#matching.has(frame),
    });
  }

  #frameAt({ target }: Event): number {
    const row = target instanceof Element ? target.closest("tbody [role=row]") : null;
    if (!(row instanceof HTMLElement)) return NONE;
    return this.#content?.rows.frames[Number(row.dataset.row)] ?? NONE;
  }

  #click(event: MouseEvent): void {
    const frame = this.#frameAt(event);
    if (frame === NONE) return;
    const isTwisty = event.target instanceof Element && event.target.matches(".twisty");
    if (isTwisty && event.altKey) this.#setAll(frame, !this.#content?.rows.isExpanded(frame));
    else if (isTwisty) this.#toggle(frame);
    this.#select(frame);
  }

  #toggle(frame: number): void {
    const { rows } = this.#content as TreeContent;
    if (frame === NONE) return;
    rows.set(frame, !rows.isExpanded(frame));
    this.#redraw();
  }

  #setAll(frame: number, isExpanded: boolean): void {
    this.#content?.rows.setAll(frame, isExpanded);
    this.#redraw();
  }

  #expandHeaviest(): void {
    const rows = this.#content?.rows;
    if (!rows) return;
    const from = Math.max(0, this.#selected);
    rows.expandHeaviest(from);
    this.#redraw();
    let leaf = from;
    while (rows.hasChildren(leaf)) leaf++;
    this.#select(leaf);
  }

  #collapseAll(): void {
    const rows = this.#content?.rows;
    if (!rows) return;
    rows.setAll(0, false);
    rows.set(0, true);
    this.#redraw();
  }

  /** Selects a frame for the user, and scrolls to it. */
  #select(frame: number): void {
    const content = this.#content;
    if (!content || frame === NONE) return;
    this.#reveal(frame);
    if (frame === this.#selected) return;
    this.#mark(frame);
    const { name } = content.rows.functionOf(frame);
    const selected = frame === 0 ? "" : selectionText({ frame: content.keys.keyOf(frame), name });
    this.#page.go({ selected }, { replace: true });
  }

  /** Selects the frame of the address, or else the heaviest frame of its function. */
  #follow(text: string): void {
    const content = this.#content;
    if (!content) return;
    const { rows } = content;
    const { frame, name } = selectionOf(text);
    if (text === "") {
      if (this.#selected > 0) this.#mark(NONE);
      return;
    }
    const found = frame === "" ? NONE : content.keys.frameOf(frame);
    const isThere =
      found === this.#selected || rows.functionOf(Math.max(0, this.#selected)).name === name;
    if (this.#selected !== NONE && isThere && (found < 0 || found === this.#selected)) return;
    const wanted = found >= 0 ? found : rows.heaviestOf(name);
    if (wanted !== NONE) this.#reveal(wanted);
    this.#mark(wanted);
  }

  #reveal(frame: number): void {
    const { rows } = this.#content as TreeContent;
    if (rows.rowOf(frame) === NONE) {
      rows.reveal(frame);
      this.#redraw();
    }
    this.#virtual.reveal(rows.rowOf(frame));
  }

  #mark(frame: number): void {
    const rows = this.#content?.rows;
    if (!rows) return;
    this.#virtual.row(rows.rowOf(this.#selected))?.setAttribute("aria-selected", "false");
    this.#selected = frame;
    this.#virtual.row(rows.rowOf(frame))?.setAttribute("aria-selected", "true");
    this.#markActive();
  }

  #markActive(): void {
    const row = this.#content?.rows.rowOf(this.#selected) ?? NONE;
    if (row === NONE) this.#grid.removeAttribute("aria-activedescendant");
    else this.#grid.setAttribute("aria-activedescendant", `${this.#id}-${row}`);
  }

  #find(query: string, isNew: boolean): void {
    if (query !== this.#search.value) this.#search.value = query;
    if (query === this.#query && !isNew) return;
    this.#query = query;
    const rows = this.#content?.rows;
    this.#matches = rows && query !== "" ? rows.find(textMatcher(query)) : [];
    this.#matching = new Set(this.#matches);
    for (const step of this.#steps) step.hidden = this.#matches.length === 0;
    this.#showFound();
    this.#redraw();
  }

  #showFound(): void {
    const { length } = this.#matches;
    const at = this.#matches.indexOf(this.#selected) + 1;
    const count = length === 0 ? "No matches" : countText(length, "match", "matches");
    this.#found.textContent = this.#query === "" ? "" : at > 0 ? `${at} of ${count}` : count;
  }

  /** Goes to the next match in tree order, or with -1 to the previous one. */
  #goToMatch(step: 1 | -1): void {
    const { length } = this.#matches;
    if (length === 0) return;
    const behind = this.#matches.findIndex((frame) => frame > this.#selected);
    const next = Math.max(0, behind);
    const isAt = this.#matching.has(this.#selected);
    const previous = (behind < 0 ? length : behind) - (isAt ? 2 : 1);
    this.#select(this.#matches[step === 1 ? next : (previous + length) % length]);
    this.#showFound();
  }

  #openMenu(event: MouseEvent): void {
    const frame = this.#frameAt(event);
    this.#select(frame);
    if (frame === NONE && event.target !== this.#grid) return;
    if (this.#openMenuOf(this.#selected, event)) event.preventDefault();
  }

  #openMenuOf(frame: number, event?: MouseEvent): boolean {
    const rows = this.#content?.rows;
    if (!rows || frame <= 0) return false;
    this.#reveal(frame);
    const element = this.#virtual.row(rows.rowOf(frame));
    if (!element) return false;
    const { left, bottom } = element.getBoundingClientRect();
    this.#page.openMenu(
      subjectOf(rows, frame),
      event ? menuPoint(event, element) : { x: left + 24, y: bottom },
    );
    return true;
  }

  #press(event: KeyboardEvent): void {
    const rows = this.#content?.rows;
    if (event.target !== this.#grid || event.ctrlKey || event.metaKey || event.altKey || !rows)
      return;
    const last = rows.frames.length - 1;
    const at = rows.rowOf(this.#selected);
    const page = this.#virtual.perPage;
    const goTo = (row: number) => this.#select(rows.frames[Math.max(0, Math.min(row, last))]);
    const frame = this.#selected;
    const acts: Record<string, () => void> = {
      ArrowDown: () => goTo(at + 1),
      ArrowUp: () => goTo(at - 1),
      PageDown: () => goTo(at + page),
      PageUp: () => goTo(at - page),
      Home: () => goTo(0),
      End: () => goTo(last),
      ArrowRight: () => {
        if (frame === NONE) goTo(0);
        else if (rows.hasChildren(frame) && !rows.isExpanded(frame)) this.#toggle(frame);
        else if (rows.hasChildren(frame)) goTo(at + 1);
      },
      ArrowLeft: () => {
        if (frame === NONE) goTo(0);
        else if (rows.isExpanded(frame)) this.#toggle(frame);
        else if (frame > 0) this.#select(rows.tree.callers[frame]);
      },
      " ": () => this.#toggle(frame),
      "*": () => {
        if (frame !== NONE) this.#setAll(frame, true);
      },
      Enter: () => this.#openMenuOf(frame),
      ContextMenu: () => this.#openMenuOf(frame),
      F10: () => event.shiftKey && this.#openMenuOf(frame),
    };
    const act = acts[event.key];
    if (!act) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  }

  #pressInSearch(event: KeyboardEvent): void {
    if (event.key === "Enter") this.#goToMatch(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && this.#search.value !== "") {
      this.#page.go({ query: "" }, { replace: true });
    } else if (event.key === "ArrowDown") this.#grid.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
