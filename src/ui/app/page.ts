import { defaultOptions, type Options } from "../../options/table.js";
import { optionsFromParams, paramsOf } from "../../options/url-params.js";
import { FIRST_VIEW, type SourceNames, type ViewName } from "../../page/protocol.js";
import type { ProfileSummary } from "../../page/summary.js";
import type { Host, Page as PageForViews, Shown, State, Subject, View } from "../contract.js";
import { type Engine, EngineError } from "../engine/engine.js";
import { copyText } from "../widgets/clipboard.js";
import { button, type Child, fill, h } from "../widgets/elements.js";
import { acceptFiles } from "../widgets/file-drop.js";
import { openMenu, openMenuOf } from "../widgets/menu.js";
import { Messages } from "../widgets/messages.js";
import { chooseTheme, chosenTheme, THEME_CHANGE, THEMES } from "../widgets/theme.js";
import { openAbout } from "./about-dialog.js";
import { Beside, besideAfterMove } from "./beside.js";
import { configItems } from "./configs.js";
import { FilterChips } from "./filter-chips.js";
import { openFilterDialog } from "./filter-dialog.js";
import {
  activeFilters,
  type FilterName,
  FRAME_FILTERS,
  type PatternFilterName,
  TAG_FILTERS,
  withoutFilters,
} from "./filters.js";
import { subjectItems } from "./function-menu.js";
import { Header, labelOf, shownViews } from "./header.js";
import { openHelp } from "./help-dialog.js";
import { DroppedHost, type Opened, type PageHost } from "./hosts.js";
import { openOptionsDialog } from "./options-dialog.js";
import { addressOf, stateOf } from "./state.js";

export type MakeView = (page: PageForViews) => View;

/** Views with a field for a pattern. */
const WITH_PATTERN: ReadonlySet<ViewName> = new Set(["peek", "source", "disasm", "text"]);

/** A progress bar appears when a view takes longer than this. */
const PROGRESS_DELAY_MS = 150;

/** The page around the views. It keeps its state in the address, and shows the state there. */
export class Page implements PageForViews {
  readonly #views = new Map<ViewName, View>();
  readonly #header = new Header({
    href: (change) => this.href(change),
    go: (change) => this.go(change),
    showProfile: () => openAbout(this.#opened.info, this.profile),
    openFile: () => this.#files.choose(),
    openConfigs: (anchor) => this.#openConfigs(anchor),
    openThemes: (anchor) => openThemes(anchor),
    showHelp: openHelp,
    addFilter: () => this.#openFilter("focus"),
    openOptions: () =>
      openOptionsDialog(this.#state.options, this.profile, (options) => this.go({ options })),
  });
  readonly #chips = new FilterChips({
    remove: (names) => this.go({ options: withoutFilters(this.#state.options, names) }),
    edit: (name) => this.#edit(name),
  });
  readonly #messages = new Messages();
  readonly #beside: Beside;
  readonly #main = h("main", { tabindex: -1, "aria-busy": "true" });
  readonly #busy = h("div", {
    class: "busy",
    role: "progressbar",
    "aria-label": "Working",
    hidden: true,
  });
  readonly #files = acceptFiles((file) => void this.#openFile(file));
  #state: State;
  #problems: readonly string[] = [];
  #showing = new AbortController();
  #host: PageHost;
  #opened: Opened;
  #profile: ProfileSummary;

  constructor(
    readonly engine: Engine,
    private readonly makers: Readonly<Record<ViewName, MakeView>>,
    opening: { host: PageHost; opened: Opened; profile: ProfileSummary },
  ) {
    this.#host = opening.host;
    this.#opened = opening.opened;
    this.#profile = opening.profile;
    this.#state = this.#read();
    this.#header.filters.append(this.#chips.element);
    this.#beside = new Beside({
      page: this,
      makers,
      views: () => shownViews(this.profile).map((view) => ({ view, label: labelOf(view) })),
    });
    this.#header.filters.before(this.#beside.button);
    document.body.prepend(
      h(
        "a",
        { class: "skip", href: "#", onclick: (event) => this.#skip(event) },
        "Skip to the view",
      ),
      this.#header.element,
      this.#busy,
      this.#messages.element,
      h("div", { class: "workspace" }, this.#main, this.#beside.element),
      this.#messages.notices,
    );
    this.#host.addresses.onChange(() => this.#follow());
    addEventListener(THEME_CHANGE, () => {
      for (const view of this.#views.values()) view.readTheme?.();
      this.#beside.readTheme();
    });
    addEventListener("keydown", (event) => this.#press(event));
    this.#open();
  }

  get host(): Host {
    return this.#host;
  }

  get profile(): ProfileSummary {
    return this.#profile;
  }

  get sources(): SourceNames {
    return this.#opened.info.sources;
  }

  href(change: Partial<State>): string {
    return this.#host.addresses.href(addressOf(this.#changed(change), this.#base));
  }

  go(change: Partial<State>, how = { replace: false }): void {
    const state = this.#changed(change);
    const { addresses } = this.#host;
    const address = addressOf(state, this.#base);
    const isSame = addresses.href(address) === addresses.href(addresses.read());
    addresses.go(address, { replace: how.replace || isSame });
    this.#state = state;
    this.#problems = [];
    void this.#show();
  }

  openMenu(subject: Subject, at: { readonly x: number; readonly y: number }): void {
    openMenu(
      subjectItems(subject, this.#state, {
        go: (change) => this.go(change),
        href: (change) => this.href(change),
        copy: (text) => void this.#copy(text),
      }),
      at,
    );
  }

  get #base(): Options {
    return this.#opened.info.options;
  }

  #changed(change: Partial<State>): State {
    // A query belongs to the view in which the user typed it.
    const moves = change.view !== undefined && change.view !== this.#state.view;
    const kept = moves
      ? { ...this.#state, query: "", beside: besideAfterMove(this.#state, change.view) }
      : this.#state;
    return { ...kept, ...change };
  }

  #read(): State {
    const { state, problems } = stateOf(this.#host.addresses.read(), this.#base);
    this.#problems = problems;
    return state;
  }

  #follow(): void {
    const { addresses } = this.#host;
    const before = addresses.href(addressOf(this.#state, this.#base));
    this.#state = this.#read();
    if (addresses.href(addressOf(this.#state, this.#base)) !== before) void this.#show();
  }

  #open(): void {
    const { title } = this.#opened.info;
    document.title = `${title} – tsprof`;
    this.#header.open(title, this.#profile, this.#host.downloadUrl);
    void this.#show();
  }

  async #show(): Promise<void> {
    const state = this.#state;
    this.#showing.abort();
    const showing = new AbortController();
    this.#showing = showing;
    this.#header.show(state, this.#sampleType(state.options));
    this.#chips.show(state.options);
    this.#beside.show(state, showing.signal);
    this.#main.setAttribute("aria-busy", "true");
    const timer = setTimeout(() => {
      this.#busy.hidden = false;
    }, PROGRESS_DELAY_MS);
    try {
      const view = this.#view(state.view);
      if (this.#main.firstChild !== view.element) this.#put(view.element);
      const { warnings } = await view.show(state, showing.signal);
      if (showing.signal.aborted) return;
      this.#warn(warnings);
    } catch (error) {
      if (showing.signal.aborted) return;
      this.#fail(error);
    } finally {
      clearTimeout(timer);
      if (this.#showing === showing) {
        this.#busy.hidden = true;
        this.#main.setAttribute("aria-busy", "false");
      }
    }
  }

  #view(name: ViewName): View {
    const known = this.#views.get(name);
    if (known) return known;
    const view = this.makers[name](this);
    this.#views.set(name, view);
    return view;
  }

  #put(...elements: readonly Child[]): void {
    for (const view of this.#views.values()) {
      if (view.element.parentNode === this.#main && !elements.includes(view.element)) view.hide?.();
    }
    fill(this.#main, ...elements);
  }

  #warn(warnings: Shown["warnings"]): void {
    this.#messages.showWarnings([
      ...this.#opened.info.warnings,
      ...this.#profile.warnings,
      ...this.#problems,
      ...warnings,
    ]);
  }

  #fail(error: unknown): void {
    this.#warn([]);
    const names = activeFilters(this.#state.options).filter((name) => name !== "sort");
    const line = error instanceof Error ? error.message : String(error);
    this.#put(
      h(
        "div",
        { class: "failure", role: "alert" },
        h("p", {}, line),
        names.length > 0 &&
          button("Clear all filters", () =>
            this.go({ options: withoutFilters(this.#state.options, names) }),
          ),
      ),
      // Keep the view with the pattern field, so that the user can correct the pattern.
      WITH_PATTERN.has(this.#state.view) && this.#views.get(this.#state.view)?.element,
    );
    if (!(error instanceof EngineError)) console.warn(error);
  }

  #sampleType({ sample_index }: Options): number {
    const { sampleTypes, defaultSampleType } = this.#profile;
    if (sample_index === "") return defaultSampleType;
    const named = sampleTypes.findIndex(({ type }) => type === sample_index);
    return named >= 0 ? named : Number.parseInt(sample_index, 10);
  }

  #openFilter(name: PatternFilterName): void {
    openFilterDialog(name, {
      engine: this.engine,
      profile: this.profile,
      options: this.#state.options,
      apply: (filter, text) => this.go({ options: { ...this.#state.options, [filter]: text } }),
    });
  }

  #edit(name: FilterName): void {
    const filter = [...FRAME_FILTERS, ...TAG_FILTERS].find((one) => one === name);
    if (filter) this.#openFilter(filter);
    else {
      openOptionsDialog(this.#state.options, this.profile, (options) => this.go({ options }), name);
    }
  }

  #openConfigs(anchor: HTMLElement): void {
    const { info } = this.#opened;
    openMenuOf(
      anchor,
      configItems({
        store: this.#host.configs,
        configs: info.configs,
        options: this.#state.options,
        params: new URLSearchParams(paramsOf(this.#state.options, this.#base)).toString(),
        href: (params) => this.href({ options: this.#optionsOf(params) }),
        follow: (params) => this.go({ options: this.#optionsOf(params) }),
        changed: (configs, message) => {
          this.#opened = { ...this.#opened, info: { ...info, configs } };
          this.#messages.showNotice(message);
        },
      }),
      "Configurations",
    );
  }

  #optionsOf(params: string): Options {
    const { options } = optionsFromParams(new URLSearchParams(params), this.#base);
    // A configuration does not change the sample type.
    return { ...options, sample_index: this.#state.options.sample_index };
  }

  async #copy(text: string): Promise<void> {
    const isCopied = await copyText(text);
    this.#messages.showNotice(
      isCopied ? "Copied." : "The browser does not allow this page to copy.",
    );
  }

  /** Opens a file instead of the current profile, which stays open if the file cannot be read. */
  async #openFile(file: File): Promise<void> {
    const options = defaultOptions();
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const profile = await this.engine.open({ bytes, options });
      const sources = { files: [file.name], base: "", diff_base: "", normalize: false };
      const title = file.name;
      const info = { ...this.#opened.info, title, sources, options, warnings: [] };
      this.#opened = { info, bytes, sources: {} };
      this.#host = new DroppedHost(this.#host, this.#opened, file);
      this.#profile = profile;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#messages.showNotice(`${file.name}: ${reason}`);
      return;
    }
    const shown = shownViews(this.#profile);
    const view = shown.includes(this.#state.view) ? this.#state.view : FIRST_VIEW;
    this.#state = { ...this.#state, view, options, query: "", pivot: "" };
    this.#host.addresses.go(addressOf(this.#state, this.#base), { replace: false });
    this.#views.clear();
    this.#beside.clear();
    this.#problems = [];
    this.#open();
    this.#messages.showNotice(`Opened ${file.name}. It stays on this computer.`);
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.#main.focus();
  }

  #press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) return;
    if (this.#beside.press(event)) {
      event.preventDefault();
      return;
    }
    const view = this.#views.get(this.#state.view);
    const number = Number(event.key);
    if (view?.press?.(event)) event.preventDefault();
    else if (event.key === "?") openHelp();
    else if (event.key === "f") this.#openFilter("focus");
    else if (Number.isInteger(number) && number >= 1) this.#pressNumber(number);
    else return;
    event.preventDefault();
  }

  #pressNumber(number: number): void {
    const view = shownViews(this.profile).at(number - 1);
    if (view) this.go({ view });
  }
}

function openThemes(anchor: HTMLElement): void {
  const chosen = chosenTheme();
  const labels = { auto: "Same as system", light: "Light", dark: "Dark" };
  openMenuOf(
    anchor,
    THEMES.map((theme) => ({
      label: labels[theme],
      isChecked: theme === chosen,
      act: () => chooseTheme(theme),
    })),
    "Theme",
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select, [role=textbox]"))
  );
}
