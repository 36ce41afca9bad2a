import type { Options } from "../options/table.js";
import type { SourceNames, ViewName } from "../page/protocol.js";
import type { ProfileSummary } from "../page/summary.js";
import type { Engine } from "./engine/engine.js";

/** What the page shows. It is all in the address, so that links, reload and back work. */
export interface State {
  readonly view: ViewName;
  readonly options: Options;
  /** `q`: the pattern of peek, source, disasm and text; what is searched for in a flame graph. */
  readonly query: string;
  /** `p`: the name of the place that a flame graph or a sandwich is about; empty for none. */
  readonly pivot: string;
  /** `report`: the report of the view `text`. */
  readonly report: string;
}

/** Something on the screen that stands for a place of the program. */
export interface Subject {
  /** The name as reports print it. */
  readonly name: string;
}

/** What views may ask of the page around them. */
export interface Page {
  readonly engine: Engine;
  readonly host: Host;
  readonly profile: ProfileSummary;
  readonly sources: SourceNames;
  /** Goes to another state; `replace` leaves no step to go back to. */
  go(change: Partial<State>, how?: { replace: boolean }): void;
  /** The address of another state, for links that may be opened in a tab of their own. */
  href(change: Partial<State>): string;
  /** Opens the menu of what can be done with a place, at a point of the window. */
  openMenu(subject: Subject, at: { readonly x: number; readonly y: number }): void;
}

/** A view in its place in the page. */
export interface View {
  readonly element: HTMLElement;
  /**
   * Shows a state, at first or instead of the one before. Rejects with an error of one line
   * for the user, or as fetch does once `signal` is aborted, because another state is wanted.
   */
  show(state: State, signal: AbortSignal): Promise<Shown>;
  /** Keys and colours that views may answer to; true where the key was taken. */
  press?(event: KeyboardEvent): boolean;
  readTheme?(): void;
  /** It is taken out of the page, and may come back. */
  hide?(): void;
}

/** What the page says beside a view. */
export interface Shown {
  readonly warnings: readonly string[];
}

/** What lies behind the page: a server, or the file that it is. */
export interface Host {
  readonly kind: "server" | "file";
  /** The profile as a file, for a download. */
  readonly downloadUrl: string | undefined;
  /** Source with machine code, as a page; undefined where only the engine can make one. */
  weblistUrl(state: State): string | undefined;
  /** The disassembly as JSON; undefined where there is no server with the binaries. */
  disasmUrl(state: State): string | undefined;
  /** A report that the engine cannot make (list, disasm) as text, likewise. */
  textUrl(state: State): string | undefined;
}
