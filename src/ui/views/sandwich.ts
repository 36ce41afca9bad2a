import type { Page, Shown, State, View, ViewExport } from "../contract.js";
import { derivedPage } from "../derived-page.js";
import { EngineError } from "../engine/engine.js";
import type { FlamePanel } from "../flame-canvas/panel.js";
import { selectionOf, selectionText } from "../selection.js";
import { button, fill, h } from "../widgets/elements.js";
import { applyLook, flamePanel, marksFor, pictureExports, placeOf } from "./flame-panel.js";
import { TopView } from "./top.js";

const MAX_FRAMES = 60_000;

/** Creates the sandwich: a list of functions, and the callers and callees of one of them. */
export function createSandwich(page: Page): View {
  return new SandwichView(page);
}

class SandwichView implements View {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #list: TopView;
  readonly #panel: FlamePanel;
  readonly #missing = h("div", { class: "sandwich-missing", role: "status", hidden: true });
  #state: State | undefined;
  #drawn = "";
  #query = "";
  #warnings: readonly string[] = [];

  constructor(page: Page) {
    this.#page = page;
    this.#list = new TopView(this.#pageOfList(), "Functions");
    this.#panel = flamePanel(page, {
      state: () => this.#state,
      onSearch: (query) => {
        this.#query = query;
      },
    });
    this.element = h(
      "section",
      { class: "view-sandwich", "aria-label": "Sandwich" },
      h("div", { class: "sandwich-list" }, this.#list.element),
      h("div", { class: "sandwich-graph" }, this.#missing, this.#panel.element),
    );
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    this.#state = state;
    applyLook(this.#panel, state);
    if (state.query !== this.#query) {
      this.#query = state.query;
      this.#panel.searchText = state.query;
    }
    const wanted = state.pivot || selectionOf(state.selected).name;
    const listed = await this.#showList(state, wanted, signal);
    // Without a pivot, show the first function of the list.
    const pivot = wanted || (this.#list.firstName ?? "");
    if (pivot !== wanted) await this.#showList(state, pivot, signal);
    const drawn = JSON.stringify([state.options, pivot, marksFor(state) ?? ""]);
    if (drawn === this.#drawn) this.#panel.flame.place = placeOf(state);
    else if (pivot !== "") {
      await this.#draw(state, pivot, signal);
      this.#drawn = drawn;
    }
    return { warnings: [...new Set([...listed.warnings, ...this.#warnings])] };
  }

  press(event: KeyboardEvent): boolean {
    return this.#panel.flame.press(event);
  }

  exports(): readonly ViewExport[] {
    return pictureExports(this.#panel);
  }

  readTheme(): void {
    this.#panel.flame.readTheme();
  }

  #showList(state: State, name: string, signal: AbortSignal): Promise<Shown> {
    const options = { ...state.options, nodecount: 0, trim: false };
    const selected = selectionText({ name });
    return this.#list.show({ ...state, view: "top", options, selected }, signal);
  }

  async #draw(state: State, name: string, signal: AbortSignal): Promise<void> {
    const { engine } = this.#page;
    const request = { name, limit: MAX_FRAMES, markedBy: marksFor(state) };
    try {
      const { report, warnings } = await engine.sandwich(state.options, request, signal);
      signal.throwIfAborted();
      const content = { report: report.callees, callers: report.callers };
      this.#panel.flame.show(content, { place: placeOf(state) });
      this.#warnings = warnings;
      this.#showMissing("", "");
    } catch (error) {
      if (signal.aborted || !(error instanceof EngineError)) throw error;
      this.#warnings = [];
      this.#showMissing(name, error.message);
    }
  }

  /** Shows why there is no graph, and how to go on. An empty reason shows the graph. */
  #showMissing(name: string, reason: string): void {
    this.#missing.hidden = reason === "";
    this.#panel.element.hidden = reason !== "";
    fill(this.#missing);
    if (reason === "") return;
    const first = this.#list.firstName;
    fill(
      this.#missing,
      h("p", {}, h("strong", {}, name)),
      h("p", {}, `There is no graph: ${reason}.`),
      first !== undefined &&
        first !== name &&
        button(`Show ${first}`, () => this.#page.go({ pivot: first, selected: "" })),
    );
  }

  /** A page for the list: selecting a row chooses the pivot. */
  #pageOfList(): Page {
    const page = this.#page;
    const go: Page["go"] = ({ options, selected, ...change }, how) => {
      const { name } = selectionOf(selected ?? "");
      page.go(
        {
          ...change,
          // The list has options of its own, except the order.
          ...(options &&
            this.#state && { options: { ...this.#state.options, sort: options.sort } }),
          ...(selected !== undefined && { pivot: name, selected }),
        },
        how,
      );
    };
    return derivedPage(page, { go });
  }
}

/** The style of the list. The graph beside it uses the style of flame graphs. */
export const SANDWICH_STYLE = `
.view-flamegraph{height:100%;min-height:0}
.view-sandwich{display:grid;grid-template-columns:minmax(300px,34%) 1fr;grid-template-rows:minmax(0,1fr);height:100%;min-height:0;background:var(--bg);color:var(--text)}
.sandwich-list{min-height:0;min-width:0;border-right:1px solid var(--line)}
.sandwich-list .table-view{padding:8px 10px;gap:8px;container-name:narrow}
.sandwich-list .top-view>:is(.report-lines,.chosen){display:none}
.sandwich-list .table-scroll{flex:1 1 auto;max-height:none}
.sandwich-graph{min-height:0;min-width:0}
.sandwich-graph>.flame-panel{height:100%}
.sandwich-missing{max-width:520px;margin:32px auto;padding:0 20px;text-align:center;overflow-wrap:anywhere}
.sandwich-missing button{max-width:100%;overflow:hidden;text-overflow:ellipsis}
@media (max-width:760px){
.view-sandwich{grid-template-columns:minmax(0,1fr);grid-template-rows:minmax(160px,42%) minmax(0,1fr)}
.sandwich-list{border-right:0;border-bottom:1px solid var(--line)}
}
@media print{.view-sandwich{display:block;height:auto}.sandwich-list{display:none}}
`;
