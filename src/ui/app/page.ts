import type { Options } from "../../options/table.js";
import { FIRST_VIEW, type SourceNames, type ViewName } from "../../page/protocol.js";
import type { ProfileSummary } from "../../page/summary.js";
import type { Host, Page as PageForViews, Shown, State, Subject, View } from "../contract.js";
import { type Engine, EngineError } from "../engine/engine.js";
import { showForPrint } from "../views/printed-whole.js";
import { copyText } from "../widgets/clipboard.js";
import { button, type Child, fill, h, isTyping } from "../widgets/elements.js";
import { acceptFiles } from "../widgets/file-drop.js";
import { openMenu, openMenuOf } from "../widgets/menu.js";
import { Messages } from "../widgets/messages.js";
import { THEME_CHANGE } from "../widgets/theme.js";
import { openAbout } from "./about-dialog.js";
import { Beside, besideAfterMove } from "./beside.js";
import { FileBringer, type Open, type Served } from "./bring-files.js";
import { openConfigsMenu } from "./configs.js";
import { copyItems } from "./copy-menu.js";
import { FilterChips } from "./filter-chips.js";
import { openFilterDialog } from "./filter-dialog.js";
import {
  type FilterName,
  FRAME_FILTERS,
  type PatternFilterName,
  TAG_FILTERS,
  withoutFilters,
} from "./filters.js";
import { subjectItems } from "./function-menu.js";
import { Header, labelOf, shownViews } from "./header.js";
import { openHelp } from "./help-dialog.js";
import type { Opened, PageHost } from "./hosts.js";
import { openMoreMenu } from "./more-menu.js";
import { openOptionsDialog } from "./options-dialog.js";
import { type RemedyActions, remediesFor, remediesForWarning } from "./remedies.js";
import { addressOf, stateOf } from "./state.js";

export type MakeView = (page: PageForViews) => View;

/** A progress bar appears when a view takes longer than this. */
const PROGRESS_DELAY_MS = 150;

/** The page around the views. It keeps its state in the address, and shows the state there. */
export class Page implements PageForViews {
  readonly #views = new Map<ViewName, View>();
  readonly #chips = new FilterChips({
    remove: (names) => this.go({ options: withoutFilters(this.#state.options, names) }),
    edit: (name) => this.#edit(name),
  });
  readonly #messages = new Messages();
  readonly #header: Header;
  readonly #beside: Beside;
  readonly #main = h("main", { tabindex: -1, "aria-busy": "true" });
  readonly #busy = h("div", {
    class: "busy",
    role: "progressbar",
    "aria-label": "Working",
    hidden: true,
  });
  readonly #files = acceptFiles((files) => this.#withFiles(() => this.#bringer.bring(files)));
  readonly #bringer: FileBringer;
  #state: State;
  #problems: readonly string[] = [];
  #showing = new AbortController();
  #current: Open;
  readonly #servedTitle: string;

  constructor(
    readonly engine: Engine,
    private readonly makers: Readonly<Record<ViewName, MakeView>>,
    open: Open,
    served: Served = open,
  ) {
    this.#current = open;
    this.#bringer = new FileBringer(engine, served, {
      current: () => this.#current,
      onOpen: (opened, message) => this.#showOpened(opened, message),
    });
    this.#servedTitle = served.opened.info.title;
    this.#state = this.#read();
    this.#beside = new Beside({
      page: this,
      makers,
      views: () => this.#shownViews.map((view) => ({ view, label: labelOf(view) })),
    });
    this.#header = new Header(
      {
        href: (change) => this.href(change),
        go: (change) => this.go(change),
        showProfile: () => openAbout(this.#opened.info, this.profile),
        openMore: (anchor) => this.#openMore(anchor),
        addFilter: () => this.#openFilter("focus"),
        openOptions: () => this.#openOptions(),
      },
      {
        badge: this.#messages.badge,
        beside: this.#beside.button,
        filters: this.#chips.element,
      },
    );
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
    addEventListener("beforeprint", () => showForPrint(this.#main));
    addEventListener("keydown", (event) => this.#press(event));
    this.#open();
  }

  get host(): Host {
    return this.#host;
  }

  get profile(): ProfileSummary {
    return this.#current.profile;
  }

  get #host(): PageHost {
    return this.#current.host;
  }

  get #opened(): Opened {
    return this.#current.opened;
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
    const items = subjectItems(subject, this.#state, this.#host, {
      go: (change) => this.go(change),
      href: (change) => this.href(change),
      copy: (text) => void this.#copy(text),
    });
    if (items.length > 0) openMenu(items, at);
  }

  /** The views that can show something, in the order of their tabs and keys. */
  get #shownViews(): readonly ViewName[] {
    return shownViews(this.profile, this.#host);
  }

  get #base(): Options {
    return this.#opened.info.options;
  }

  #changed(change: Partial<State>): State {
    // A query and a selection belong to the view in which the user made them.
    const moves = change.view !== undefined && change.view !== this.#state.view;
    const turns = change.pivot !== undefined && change.pivot !== this.#state.pivot;
    const kept = moves
      ? { ...this.#state, query: "", beside: besideAfterMove(this.#state, change.view) }
      : this.#state;
    return { ...kept, ...(turns && { zoom: "", selected: "" }), ...change };
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
    this.#header.open(title, this.profile, this.#shownViews);
    void this.#show();
  }

  async #show(): Promise<void> {
    const state = this.#state;
    this.#showing.abort();
    const showing = new AbortController();
    this.#showing = showing;
    this.#header.show(state, this.#sampleType(state.options));
    this.#chips.show(state.options);
    this.#main.dataset.view = state.view;
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
      view.element.classList.remove("outdated");
      this.#main.querySelector(":scope > .failure")?.remove();
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
    const texts = [
      ...this.#opened.info.warnings,
      ...this.profile.warnings,
      ...this.#problems,
      ...warnings,
    ];
    this.#messages.showWarnings(
      texts.map((text) => {
        const remedies = remediesForWarning(text, this.#state, this.#remedyActions);
        return remedies.length === 0 ? { text } : { text, remedies };
      }),
    );
  }

  /** Shows an error over the view, which stays where it is: its pattern field can be edited. */
  #fail(error: unknown): void {
    this.#warn([]);
    const line = reasonOf(error);
    const remedies = remediesFor(line, this.#state, this.#remedyActions);
    const view = this.#views.get(this.#state.view)?.element;
    view?.classList.add("outdated");
    this.#put(
      view,
      h(
        "div",
        { class: "failure", role: "alert" },
        h("p", {}, line),
        h(
          "div",
          { class: "remedies" },
          remedies.map(({ label, act }, i) => button(label, act, { class: i === 0 && "main" })),
        ),
      ),
    );
    if (!(error instanceof EngineError)) console.warn(error);
  }

  get #remedyActions(): RemedyActions {
    return {
      go: (change) => this.go(change),
      edit: (name) => this.#edit(name),
      tryAgain: () => void this.#show(),
      reload: () => location.reload(),
    };
  }

  #sampleType({ sample_index }: Options): number {
    const { sampleTypes, defaultSampleType } = this.profile;
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
    else this.#openOptions(name);
  }

  #openOptions(first?: FilterName): void {
    openOptionsDialog(this.#state.options, this.profile, (options) => this.go({ options }), first);
  }

  #openMore(anchor: HTMLElement): void {
    const { brought } = this.#current;
    openMoreMenu(anchor, {
      downloadUrl: this.#host.downloadUrl,
      title: this.#opened.info.title,
      openFile: () => this.#files.choose(),
      ...(brought && {
        servedTitle: this.#servedTitle,
        goBack: () => void this.#withFiles(() => this.#bringer.goBack()),
      }),
      ...(brought?.how === "compare" && {
        swap: () => void this.#withFiles(() => this.#bringer.swap(brought)),
      }),
      openCopies: () => this.#openCopies(anchor),
      openConfigs: () => void this.#openConfigs(anchor),
      openOptions: () => this.#openOptions(),
      showProfile: () => openAbout(this.#opened.info, this.profile),
      showHelp: openHelp,
    });
  }

  #openCopies(anchor: HTMLElement): void {
    const items = copyItems({
      state: this.#state,
      sources: this.sources,
      exports: this.#views.get(this.#state.view)?.exports?.() ?? [],
      link: location.href,
      notify: (text) => this.#messages.showNotice(text),
    });
    openMenuOf(anchor, items, "Copy or save");
  }

  #openConfigs(anchor: HTMLElement): Promise<void> {
    return openConfigsMenu(anchor, {
      store: this.#host.configs,
      known: this.#opened.info.configs,
      base: this.#base,
      state: this.#state,
      href: (change) => this.href(change),
      go: (change) => this.go(change),
      notify: (message) => this.#messages.showNotice(message),
    });
  }

  async #copy(text: string): Promise<void> {
    const isCopied = await copyText(text);
    this.#messages.showNotice(
      isCopied ? "Copied." : "The browser does not allow this page to copy.",
    );
  }

  /** Does something with files. A failure leaves the open profile as it was. */
  async #withFiles(act: () => Promise<void>): Promise<void> {
    this.#busy.hidden = false;
    try {
      await act();
    } catch (error) {
      this.#messages.showNotice(reasonOf(error));
    } finally {
      this.#busy.hidden = true;
    }
  }

  /** Shows another profile, which the engine has opened. */
  #showOpened(open: Open, message: string): void {
    this.#current = open;
    const { options } = open.opened.info;
    const shown = this.#shownViews;
    const view = shown.includes(this.#state.view) ? this.#state.view : FIRST_VIEW;
    const places = { query: "", pivot: "", zoom: "", selected: "" };
    this.#state = { ...this.#state, view, options, ...places };
    this.#host.addresses.go(addressOf(this.#state, this.#base), { replace: false });
    this.#views.clear();
    this.#beside.clear();
    this.#problems = [];
    this.#open();
    this.#messages.showNotice(message);
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
    const view = this.#shownViews.at(number - 1);
    if (view) this.go({ view });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
