/*
 * The contract between the page (app/) and its views (views/). Read this first.
 *
 * The page owns the address bar, the header and the menus. A view fills the area below them
 * with one report. The page calls `View.show` for each new State; a view asks the engine for
 * its report, draws it, and calls `Page.go` when the user chooses something. Views import
 * nothing from app/, and do not know each other.
 *
 *     address ──► State ──► View.show ──► Engine ──► report ──► DOM
 *        ▲                                                       │
 *        └──────────────────────── Page.go ◄─────────────────────┘
 */

import type { Options } from "../options/table.js";
import type { SourceNames, ViewName } from "../page/protocol.js";
import type { ProfileSummary } from "../page/summary.js";
import type { Engine } from "./engine/engine.js";

/** The state of the page. All of it is in the address, so links, reload and back work. */
export interface State {
  readonly view: ViewName;
  readonly options: Options;
  /** Parameter `q`: the pattern of peek, source, disasm and text; the search text of graphs. */
  readonly query: string;
  /** Parameter `p`: the function of a flame graph or sandwich, or `/REGEX/` for all that match. */
  readonly pivot: string;
  /** Parameter `report`: the report of the text view. */
  readonly report: string;
  /** Parameter `z`: the key of the frame that fills a flame graph; empty for all. */
  readonly zoom: string;
  /** Parameter `sel`: the selected frame and function, as `selectionText` writes them. */
  readonly selected: string;
  /** Parameter `flip`: whether the roots of flame graphs are at the bottom. */
  readonly flipped: boolean;
  /** Parameter `color`: the meaning of colours; empty for the view's default. */
  readonly color: string;
  /** Parameter `order`: the column that a table is sorted by, as `orderText` writes it. */
  readonly order: string;
  /** Parameter `tree`: `up` shows the callers of each function in the call tree. */
  readonly tree: string;
  /** Parameter `beside`: the views beside the current one, separated by commas. */
  readonly beside: string;
}

/** A node that a menu is about: a function, or a file, line or address. */
export interface Subject {
  /** The name as reports print it. */
  readonly name: string;
  /** The name by which filters find the function, if it differs from {@link name}. */
  readonly filterName?: string;
  /** Set for the root of all stacks, which no report and no filter is about. */
  readonly isRoot?: boolean;
  /** Set if all calls of the function were inlined: it has no machine code of its own. */
  readonly isInlined?: boolean;
}

export interface Page {
  readonly engine: Engine;
  readonly host: Host;
  readonly profile: ProfileSummary;
  readonly sources: SourceNames;
  /** Changes the state. `replace` adds no step to the browser's history. */
  go(change: Partial<State>, how?: { replace: boolean }): void;
  /** Returns the address of a changed state, for links that can open in another tab. */
  href(change: Partial<State>): string;
  /** Opens the menu of a node at a point of the window. */
  openMenu(subject: Subject, at: { readonly x: number; readonly y: number }): void;
}

/** One report, drawn in {@link element}. */
export interface View {
  readonly element: HTMLElement;
  /** Draws a state. Rejects with a one-line Error, or as `fetch` does if `signal` is aborted. */
  show(state: State, signal: AbortSignal): Promise<Shown>;
  /** Acts on a key; returns whether the view uses it. */
  press?(event: KeyboardEvent): boolean;
  /** The colours of the page have changed. */
  readTheme?(): void;
  /** The forms in which the shown report can be copied and saved, besides the command line. */
  exports?(): readonly ViewExport[];
  /** The page removes the element; it may come back. */
  hide?(): void;
}

/** A form in which a view can be copied and saved. */
export interface ViewExport {
  readonly label: "PNG" | "SVG" | "Markdown" | "TSV" | "Text";
  /** The ending of file names, without a dot. */
  readonly ending: string;
  /** Rejects with a one-line Error. */
  make(): string | Blob | Promise<string | Blob>;
}

export interface Shown {
  /** One line each. */
  readonly warnings: readonly string[];
}

/** The origin of the page's data: a server, or the page itself if it is a file. */
export interface Host {
  readonly kind: "server" | "file";
  readonly downloadUrl: string | undefined;
  /** Whether source files may be shown. A page that is a file may contain none. */
  readonly hasSources: boolean;
  /** Whether a server has the binaries of the profile. */
  readonly hasMachineCode: boolean;
  /** Source code with machine code as an HTML page; undefined without a server. */
  weblistUrl(state: State): string | undefined;
  /** Machine code as JSON; undefined without {@link hasMachineCode}. */
  disasmUrl(state: State): string | undefined;
  /** A text report that the engine cannot make (list, disasm); undefined without a server. */
  textUrl(state: State): string | undefined;
}
