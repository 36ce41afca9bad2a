import type { Options } from "../../options/table.js";
import { VIEWS, type ViewName } from "../../page/protocol.js";
import type { ProfileSummary } from "../../page/summary.js";
import type { State } from "../contract.js";
import { button, fill, h, opensElsewhere } from "../widgets/elements.js";
import { specOf } from "./filters.js";

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
  openFile(): void;
  openConfigs(anchor: HTMLElement): void;
  openThemes(anchor: HTMLElement): void;
  showHelp(): void;
  addFilter(): void;
  openOptions(): void;
}

/** The bar at the top: the open profile, the views, and the filters. */
export class Header {
  readonly element: HTMLElement;
  readonly filters = h("div", { class: "active-filters" });
  readonly #title = button("", () => this.actions.showProfile(), {
    class: "profile-title",
    title: "About this profile",
  });
  readonly #links = new Map<ViewName, HTMLAnchorElement>();
  readonly #download = h("a", { class: "button", download: "" }, "Download");
  readonly #sampleType = h("select", {
    "aria-label": "Sample type",
    title: "The sample type of all values",
  });
  readonly #granularity = h("select", {
    "aria-label": "Granularity",
    title: "The unit of rows and boxes: functions, files, lines or addresses",
  });
  #options: Options | undefined;

  constructor(private readonly actions: HeaderActions) {
    const nav = h(
      "nav",
      { "aria-label": "Views", class: "views" },
      VIEWS.map((view) => {
        const link = h("a", {}, VIEW_LABELS[view].label);
        link.addEventListener("click", (event) => {
          if (opensElsewhere(event)) return;
          event.preventDefault();
          actions.go({ view });
        });
        this.#links.set(view, link);
        return link;
      }),
    );
    const configs = button("Configs", () => actions.openConfigs(configs), {
      "aria-haspopup": "menu",
      title: "Filters and options saved under a name",
    });
    const themes = button("Theme", () => actions.openThemes(themes), { "aria-haspopup": "menu" });
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
        this.#title,
        h(
          "div",
          { class: "tools" },
          button("Open…", () => actions.openFile(), {
            title: "Open another profile; it stays on this computer",
          }),
          this.#download,
          configs,
          themes,
          button("?", () => actions.showHelp(), { "aria-label": "Help", title: "Help (?)" }),
        ),
      ),
      nav,
      h(
        "div",
        { class: "bar filter-bar", role: "group", "aria-label": "Filters" },
        this.#sampleType,
        this.#granularity,
        button("+ Filter", () => actions.addFilter(), {
          title: "Select samples or frames by a pattern (f)",
        }),
        button("Options", () => actions.openOptions(), {
          title: "Units, percentages, limits",
        }),
        this.filters,
      ),
    );
    fill(
      this.#granularity,
      granularities().map(({ name, summary }) =>
        h("option", { value: name, title: summary }, name),
      ),
    );
  }

  open(title: string, profile: ProfileSummary, downloadUrl: string | undefined): void {
    const { sampleTypes } = profile;
    const shown = shownViews(profile);
    for (const [view, link] of this.#links) {
      link.hidden = !shown.includes(view);
      link.title = `${VIEW_LABELS[view].title} (${shown.indexOf(view) + 1})`;
    }
    this.#title.textContent = title;
    fill(
      this.#sampleType,
      sampleTypes.map(({ type, unit }, position) => {
        const isAlone = sampleTypes.filter((other) => other.type === type).length === 1;
        const value = isAlone ? type : String(position);
        return h("option", { value }, unit === "" || unit === type ? type : `${type} (${unit})`);
      }),
    );
    this.#download.hidden = downloadUrl === undefined;
    if (downloadUrl) {
      this.#download.href = downloadUrl;
      this.#download.download = downloadName(title);
    }
  }

  show(state: State, sampleType: number): void {
    const { options, view } = state;
    this.#options = options;
    for (const [name, link] of this.#links) {
      link.href = this.actions.href({ view: name });
      if (name === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.#links.get(view)?.scrollIntoView({ block: "nearest", inline: "nearest" });
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

/** Returns the views of a profile, in the order of their tabs and keys. */
export function shownViews({ hasTimes }: ProfileSummary): ViewName[] {
  return VIEWS.filter((view) => hasTimes || view !== "timeline");
}

/** Returns the file name for a download: the opened file's if it has a known extension. */
function downloadName(title: string): string {
  const last =
    title
      .replace(/[?#].*$/, "")
      .split(/[/\\]/)
      .at(-1) ?? "";
  return /\.(pb|gz|prof|pprof)$/.test(last) ? last : "profile.pb.gz";
}

function granularities() {
  const spec = specOf("granularity");
  return spec.type === "choice" ? spec.choices : [];
}
