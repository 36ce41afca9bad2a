import type { Options } from "../../options/table.js";
import { VIEWS, type ViewName } from "../../page/protocol.js";
import type { ProfileSummary } from "../../page/summary.js";
import type { Host, State } from "../contract.js";
import { button, fill, h } from "../widgets/elements.js";
import { specOf } from "./filters.js";
import { ViewTabs } from "./view-tabs.js";

const VIEW_LABELS: Record<ViewName, { label: string; title: string }> = {
  flamegraph: { label: "Flame graph", title: "All stacks, merged from the root" },
  timeline: { label: "Timeline", title: "The stacks of each thread in the order of time" },
  graph: { label: "Graph", title: "The call graph: functions and their calls" },
  top: { label: "Top", title: "Functions by cost" },
  tree: { label: "Tree", title: "The call tree, from the roots or from the leaves" },
  peek: { label: "Peek", title: "Callers and callees of a function" },
  source: { label: "Source", title: "The cost of each source line" },
  disasm: { label: "Machine code", title: "The cost of each machine instruction" },
  tags: { label: "Tags", title: "The tags of samples, with their cost" },
  sandwich: { label: "Sandwich", title: "A function between all its callers and all its callees" },
  text: { label: "Text", title: "Any report, as the command line prints it" },
};

export interface HeaderActions {
  href(change: Partial<State>): string;
  go(change: Partial<State>): void;
  showProfile(): void;
  openMore(anchor: HTMLElement): void;
  addFilter(): void;
  openOptions(): void;
}

/** The bar at the top: the open profile, the views, and the options of all views. */
export class Header {
  readonly element: HTMLElement;
  readonly #title = button("", () => this.actions.showProfile(), {
    class: "profile-title",
    title: "About this profile",
    "aria-haspopup": "dialog",
  });
  readonly #tabs = new ViewTabs((view) => this.actions.go({ view }));
  readonly #sampleType = h("select", {
    class: "wide-only",
    "aria-label": "Sample type",
    title: "The sample type of all values",
  });
  readonly #granularity = h("select", {
    class: "wide-only",
    "aria-label": "Granularity",
    title: "The unit of rows and boxes: functions, files, lines or addresses",
  });
  #options: Options | undefined;

  /**
   * `badge` opens the messages, and `beside` the menu of views beside the current one; `filters` are
   * the active filters, in a row of their own.
   */
  constructor(
    private readonly actions: HeaderActions,
    { badge, beside, filters }: Readonly<Record<"badge" | "beside" | "filters", HTMLElement>>,
  ) {
    const more = button("⋯", () => actions.openMore(more), {
      class: "more",
      "aria-haspopup": "menu",
      "aria-expanded": false,
      "aria-label": "More",
      title: "Open, copy, download, configurations, theme, help",
    });
    this.#sampleType.addEventListener("change", () =>
      this.#change({ sample_index: this.#sampleType.value }),
    );
    this.#granularity.addEventListener("change", () =>
      this.#change({ granularity: this.#granularity.value as Options["granularity"] }),
    );
    this.element = h(
      "header",
      {},
      h(
        "div",
        { class: "bar" },
        h("span", { class: "brand" }, "tsprof"),
        h("h1", {}, this.#title),
        this.#tabs.element,
        h(
          "div",
          { class: "tools", role: "group", "aria-label": "Filters and options" },
          this.#sampleType,
          this.#granularity,
          button("+ Filter", () => actions.addFilter(), {
            title: "Select samples or frames by a pattern (f)",
          }),
          button("Options", () => actions.openOptions(), {
            class: "roomy-only",
            title: "Units, percentages, limits",
          }),
          beside,
          badge,
          more,
        ),
      ),
      filters,
    );
    fill(
      this.#granularity,
      granularities().map(({ name, summary }) =>
        h("option", { value: name, title: summary }, name),
      ),
    );
  }

  open(title: string, profile: ProfileSummary, views: readonly ViewName[]): void {
    this.#tabs.open(
      views.map((view, i) => ({
        view,
        label: VIEW_LABELS[view].label,
        title: `${VIEW_LABELS[view].title} (${i + 1})`,
      })),
    );
    this.#title.textContent = title;
    fill(
      this.#sampleType,
      sampleTypeChoices(profile).map(({ value, label }) => h("option", { value }, label)),
    );
  }

  show({ options, view }: State, sampleType: number): void {
    this.#options = options;
    this.#tabs.show(view, (name) => this.actions.href({ view: name }));
    this.#sampleType.selectedIndex = sampleType;
    this.#granularity.value = options.granularity;
  }

  #change(change: Partial<Options>): void {
    if (this.#options) this.actions.go({ options: { ...this.#options, ...change } });
  }
}

export function labelOf(view: ViewName): string {
  return VIEW_LABELS[view].label;
}

/** Returns the views that can show something, in the order of their tabs and keys. */
export function shownViews(
  { hasTimes }: ProfileSummary,
  { hasSources, hasMachineCode }: Pick<Host, "hasSources" | "hasMachineCode">,
): ViewName[] {
  const isShown: Partial<Record<ViewName, boolean>> = {
    timeline: hasTimes,
    source: hasSources,
    disasm: hasMachineCode,
  };
  return VIEWS.filter((view) => isShown[view] ?? true);
}

/** Returns the index of the sample type that options select; NaN for an unknown one. */
export function sampleTypeIndex(
  { sample_index }: Options,
  { sampleTypes, defaultSampleType }: ProfileSummary,
): number {
  if (sample_index === "") return defaultSampleType;
  const named = sampleTypes.findIndex(({ type }) => type === sample_index);
  return named >= 0 ? named : Number.parseInt(sample_index, 10);
}

/** Returns the sample types with the values of the option `sample_index` that select them. */
export function sampleTypeChoices({
  sampleTypes,
}: ProfileSummary): { readonly value: string; readonly label: string }[] {
  return sampleTypes.map(({ type, unit }, position) => {
    const isAlone = sampleTypes.filter((other) => other.type === type).length === 1;
    return {
      value: isAlone ? type : String(position),
      label: unit === "" || unit === type ? type : `${type} (${unit})`,
    };
  });
}

function granularities() {
  const spec = specOf("granularity");
  return spec.type === "choice" ? spec.choices : [];
}
