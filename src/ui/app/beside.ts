import type { ViewName } from "../../page/protocol.js";
import { exactPattern } from "../../view/exact-filters.js";
import type { Page, State, View } from "../contract.js";
import { derivedPage } from "../derived-page.js";
import { selectionOf } from "../selection.js";
import { button, fill, h } from "../widgets/elements.js";
import { openMenuOf } from "../widgets/menu.js";

const MAX_BESIDE = 2;

/** Narrower windows show only the current view. */
const WIDE = "(min-width: 600px)";

export interface BesideOptions {
  readonly page: Page;
  readonly makers: Readonly<Record<ViewName, (page: Page) => View>>;
  /** Returns the views of the open profile, with their labels. */
  views(): readonly { readonly view: ViewName; readonly label: string }[];
}

/** Returns the views beside the current one. Ignores unknown and repeated ones. */
export function viewsBeside({ view, beside }: State, known: readonly ViewName[]): ViewName[] {
  const names = new Set(beside.split(","));
  names.delete(view);
  return [...names].flatMap((name) => known.find((one) => one === name) ?? []).slice(0, MAX_BESIDE);
}

/** Returns the views beside a new current view: the last one takes its place among them. */
export function besideAfterMove({ view, beside }: State, next: ViewName): string {
  return beside
    .split(",")
    .map((name) => (name === next ? view : name))
    .join(",");
}

/** The panes beside the current view. They show the same options and the same selected function. */
export class Beside {
  readonly element = h("div", { class: "beside", hidden: true });
  readonly button = button("Beside", () => this.#openMenu(), {
    class: "wide-only",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    title: "Show other views beside this one (b)",
  });
  readonly #options: BesideOptions;
  readonly #panes = new Map<ViewName, Pane>();
  #state: State | undefined;

  constructor(options: BesideOptions) {
    this.#options = options;
    matchMedia(WIDE).addEventListener("change", () => {
      if (this.#state) this.show(this.#state, new AbortController().signal);
    });
  }

  show(state: State, signal: AbortSignal): void {
    this.#state = state;
    const views = this.#options.views();
    const known = views.map(({ view }) => view);
    const shown = matchMedia(WIDE).matches ? viewsBeside(state, known) : [];
    for (const [view, pane] of this.#panes) {
      if (shown.includes(view)) continue;
      pane.view.hide?.();
      this.#panes.delete(view);
    }
    const panes = shown.map((view) => {
      const label = views.find((one) => one.view === view)?.label ?? view;
      const pane = this.#panes.get(view) ?? this.#paneOf(view, label);
      this.#panes.set(view, pane);
      return pane;
    });
    const elements = panes.map(({ element }) => element);
    // Moving an element would scroll it back to its top.
    if (elements.some((element, i) => this.element.children[i] !== element))
      fill(this.element, elements);
    else while (this.element.children.length > elements.length) this.element.lastChild?.remove();
    this.element.hidden = panes.length === 0;
    document.body.classList.toggle("has-beside", panes.length > 0);
    for (const pane of panes) void pane.show(state, signal);
  }

  /** Forgets the views of a profile that is no longer open. */
  clear(): void {
    this.#panes.clear();
    fill(this.element);
  }

  readTheme(): void {
    for (const { view } of this.#panes.values()) view.readTheme?.();
  }

  /** Acts on a key; returns whether it belongs to a pane. */
  press(event: KeyboardEvent): boolean {
    for (const { element, view } of this.#panes.values()) {
      if (element.contains(document.activeElement)) return view.press?.(event) ?? false;
    }
    if (event.key !== "b") return false;
    this.#openMenu();
    return true;
  }

  #paneOf(view: ViewName, label: string): Pane {
    const { page, makers } = this.#options;
    return new Pane(page, { view, label, make: makers[view], close: () => this.#toggle(view) });
  }

  #toggle(view: ViewName): void {
    const state = this.#state;
    if (!state) return;
    const shown = [...this.#panes.keys()];
    const next = shown.includes(view)
      ? shown.filter((other) => other !== view)
      : [...shown.slice(0, MAX_BESIDE - 1), view];
    this.#options.page.go({ beside: next.join(",") });
  }

  #openMenu(): void {
    const others = this.#options.views().filter(({ view }) => view !== this.#state?.view);
    openMenuOf(
      this.button,
      [
        { heading: "Beside this view" },
        ...others.map(({ view, label }) => ({
          label,
          isChecked: this.#panes.has(view),
          act: () => this.#toggle(view),
        })),
      ],
      "Views beside this one",
    );
  }
}

interface PaneOptions {
  readonly view: ViewName;
  readonly label: string;
  make(page: Page): View;
  close(): void;
}

/** The parts of the state that belong to a single view. */
type Own = Partial<Pick<State, "query" | "pivot" | "report">>;

class Pane {
  readonly element: HTMLElement;
  readonly view: View;
  readonly #page: Page;
  readonly #name: ViewName;
  readonly #problem = h("p", { class: "pane-problem", role: "alert", hidden: true });
  #state: State | undefined;
  /** What the user chose in this pane since the last selection. */
  #own: Own = {};

  constructor(page: Page, { view, label, make, close }: PaneOptions) {
    this.#page = page;
    this.#name = view;
    this.view = make(
      derivedPage(page, {
        go: (change, how) => this.#go(change, how),
        href: (change) => page.href({ view, ...this.#own, ...change }),
      }),
    );
    const link = h(
      "button",
      { type: "button", class: "plain", title: "Show only this view" },
      label,
    );
    link.addEventListener("click", () => page.go({ view, beside: "" }));
    this.element = h(
      "section",
      { class: `pane pane-${view}`, "aria-label": `Beside: ${label}` },
      h(
        "div",
        { class: "pane-bar" },
        link,
        button("×", close, { class: "plain", "aria-label": `Close ${label}`, title: "Close" }),
      ),
      this.#problem,
      h("div", { class: "pane-body" }, this.view.element),
    );
  }

  async show(state: State, signal: AbortSignal): Promise<void> {
    if (state.selected !== this.#state?.selected) this.#own = {};
    this.#state = state;
    this.element.setAttribute("aria-busy", "true");
    try {
      await this.view.show(this.#stateOf(state), signal);
      this.#problem.hidden = true;
    } catch (error) {
      if (signal.aborted) return;
      this.#problem.textContent = error instanceof Error ? error.message : String(error);
      this.#problem.hidden = false;
    }
    if (!signal.aborted) this.element.setAttribute("aria-busy", "false");
  }

  /** Returns the state that the view shows: the selected function, unless the user chose another. */
  #stateOf(state: State): State {
    const { name } = selectionOf(state.selected);
    const selected = name === "" ? "" : exactPattern(name);
    const takesPattern = ["source", "peek", "disasm"].includes(this.#name);
    return {
      ...state,
      view: this.#name,
      query: takesPattern ? selected : "",
      pivot: this.#name === "sandwich" ? name : "",
      report: "top",
      ...this.#own,
    };
  }

  #go({ view, query, pivot, report, ...shared }: Partial<State>, how?: { replace: boolean }): void {
    const own = {
      ...(query !== undefined && { query }),
      ...(pivot !== undefined && { pivot }),
      ...(report !== undefined && { report }),
    };
    if (view !== undefined && view !== this.#name) {
      this.#page.go({ ...shared, ...own, view }, how);
      return;
    }
    this.#own = { ...this.#own, ...own };
    if (Object.keys(shared).length > 0) this.#page.go(shared, how);
    else if (this.#state) void this.show(this.#state, new AbortController().signal);
  }
}

/** The layout of panes: side by side in wide windows, below each other in narrower ones. */
export const BESIDE_STYLE = `
.workspace{flex:1;display:flex;min-height:0;min-width:0}
.workspace>main{flex:1.35 1 0}
.beside{display:flex;flex:2 1 0;min-width:0}
.beside:has(>:only-child){flex-grow:1}
.pane{flex:1 1 0;display:flex;flex-direction:column;min-width:0;min-height:0;border-left:1px solid var(--line);background:var(--bg)}
.pane-bar{display:flex;flex:none;align-items:center;justify-content:space-between;padding:1px 4px 1px 8px;background:var(--panel);border-bottom:1px solid var(--line)}
.pane-bar button{min-height:26px;padding:0 6px;font-weight:600}
.pane-bar button.plain{color:var(--muted)}
.pane-bar button.plain:hover{color:var(--text)}
.pane-problem{flex:none;margin:0;padding:6px 12px;color:var(--plus);overflow-wrap:anywhere}
.pane-body{flex:1;min-height:0;overflow:auto;position:relative}
.pane .table-view{padding:8px 10px;gap:8px;container-name:narrow}
.pane .top-view>:is(.report-lines,.chosen){display:none}
.pane .top-view .table-scroll,.has-beside .top-view .table-scroll{max-height:none;flex:1 1 auto}
@media (max-width:1000px){
.workspace{flex-direction:column;overflow:auto}
.workspace:has(.pane)>main{flex:none;height:max(320px,62%)}
.beside{flex:none;flex-direction:column}
.pane{flex:none;height:420px;border-left:0;border-top:1px solid var(--line)}
}
@media print{.beside{display:none!important}.workspace{display:block}}
`;
