import { FIRST_FRAMES } from "../../page/protocol.js";
import type { Page, Shown, State, View, ViewExport } from "../contract.js";
import { EngineError } from "../engine/engine.js";
import type { FlamePanel } from "../flame-canvas/panel.js";
import type { FlameContent } from "../flame-canvas/scene.js";
import { h } from "../widgets/elements.js";
import {
  applyLook,
  flamePanel,
  marksFor,
  pictureExports,
  placeOf,
  selectFunctionOf,
} from "./flame-panel.js";

export { FLAME_STYLE } from "../flame-canvas/style.js";

const MAX_FRAMES = 200_000;

/** The complete graph keeps the engine busy, so it waits for the user's first clicks. */
const COMPLETION_DELAY_MS = 2000;

/** Creates the flame graph view. With a pivot, it shows the function's callers and callees. */
export function createFlamegraph(page: Page): View {
  return new Flamegraph(page);
}

class Flamegraph implements View {
  readonly element = h("section", { class: "view-flamegraph", "aria-label": "Flame graph" });
  readonly #page: Page;
  readonly #panel: FlamePanel;
  #state: State | undefined;
  /** The options and the pivot that are drawn, as JSON. */
  #drawn = "";
  /** The marks of the drawn frames, as JSON. */
  #marked = "";
  #shown: Shown = { warnings: [] };
  /** Whether the drawn graph left frames out that a second request can return. */
  #isPartial = false;
  /** The last search text, from the user or from an address. */
  #query = "";

  constructor(page: Page) {
    this.#page = page;
    this.#panel = flamePanel(page, {
      state: () => this.#state,
      onSearch: (query) => {
        this.#query = query;
      },
    });
    this.element.append(this.#panel.element);
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    const { options, pivot } = state;
    this.#state = state;
    const wanted = JSON.stringify([options, pivot]);
    const marked = JSON.stringify(marksFor(state) ?? "");
    const { flame } = this.#panel;
    if (state.query !== this.#query || this.#drawn === "") {
      this.#query = state.query;
      this.#panel.searchText = state.query;
    }
    applyLook(this.#panel, state);
    const isSameGraph = wanted === this.#drawn;
    if (isSameGraph) flame.place = placeOf(state);
    if (!isSameGraph || marked !== this.#marked) {
      const { content, warnings, problem } = await this.#load(state, FIRST_FRAMES, signal);
      signal.throwIfAborted();
      flame.show(content, { keepsCamera: isSameGraph, place: placeOf(state) });
      this.#drawn = wanted;
      this.#marked = marked;
      this.#shown = { warnings };
      this.#isPartial = isCut(content);
      this.#showLead(pivot, problem);
    }
    selectFunctionOf(this.#panel, state);
    if (this.#isPartial)
      setTimeout(() => this.#complete(state, wanted, signal), COMPLETION_DELAY_MS);
    return this.#shown;
  }

  press(event: KeyboardEvent): boolean {
    if (event.key === "Escape" && !this.#panel.flame.press(event)) return this.#leavePivot();
    return event.key !== "Escape" ? this.#panel.flame.press(event) : true;
  }

  exports(): readonly ViewExport[] {
    return pictureExports(this.#panel);
  }

  readTheme(): void {
    this.#panel.flame.readTheme();
  }

  #leavePivot(): boolean {
    if (this.#panel.lead.hidden) return false;
    this.#page.go({ pivot: "" });
    return true;
  }

  /** Draws the complete graph without moving what is shown. */
  async #complete(state: State, wanted: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#drawn !== wanted || !this.#isPartial) return;
    this.#isPartial = false;
    try {
      const { content } = await this.#load(state, MAX_FRAMES, signal);
      if (signal.aborted || this.#drawn !== wanted) return;
      this.#panel.flame.show(content, { keepsCamera: true });
    } catch {
      // Keep the drawn graph; the next state tries again.
      this.#isPartial = this.#drawn === wanted;
    }
  }

  /** Loads all stacks instead of a function that no sample contains; `problem` says so. */
  async #load(state: State, limit: number, signal: AbortSignal): Promise<Loaded> {
    const { engine } = this.#page;
    const { options, pivot } = state;
    const request = { limit, markedBy: marksFor(state) };
    let problem = "";
    if (pivot !== "") {
      try {
        const { report, warnings } = await engine.sandwich(
          options,
          { ...request, name: pivot },
          signal,
        );
        return { content: { report: report.callees, callers: report.callers }, warnings, problem };
      } catch (error) {
        if (signal.aborted || !(error instanceof EngineError)) throw error;
        problem = error.message;
      }
    }
    const { report, warnings } = await engine.flame(options, request, signal);
    return { content: { report }, warnings, problem };
  }

  #showLead(pivot: string, problem: string): void {
    const { lead } = this.#panel;
    lead.hidden = pivot === "";
    if (pivot === "") return;
    const back = h("button", { type: "button", class: "flame-button" }, "Back to all stacks");
    back.addEventListener("click", () => this.#leavePivot());
    const name = h("strong", {}, pivot);
    lead.replaceChildren(
      problem === ""
        ? h("span", {}, "Callers (above) and callees (below) of ", name)
        : h("span", {}, name, `: ${problem}. All stacks are shown.`),
      back,
    );
  }
}

interface Loaded {
  readonly content: FlameContent;
  readonly warnings: readonly string[];
  /** Why the callers and callees of the pivot are not shown; may be empty. */
  readonly problem: string;
}

const isCut = ({ report, callers }: FlameContent) =>
  report.cutFrames > 0 || (callers?.cutFrames ?? 0) > 0;
