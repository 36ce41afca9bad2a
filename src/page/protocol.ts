import type { Options } from "../options/table.js";
import type { ProfileSummary } from "./summary.js";

/**
 * What a web interface is opened with: what a server answers under {@link ENDPOINTS}, and a
 * single file holds. Names in it come from the profile and are not to be trusted.
 */
export interface SessionInfo {
  /** What was opened: names of files without folders, or addresses without secrets. */
  readonly title: string;
  readonly sources: SourceNames;
  readonly version: string;
  /** The options that the session was started with; addresses say what differs from them. */
  readonly options: Options;
  /** Whether frames were dropped and names demangled already, as the options say. */
  readonly isPrepared: boolean;
  /** What was said while the profile was read, a line each. */
  readonly warnings: readonly string[];
  /** Named configurations; none in a single file. */
  readonly configs: readonly ConfigInfo[];
  /** What there is to choose from, where it is known before a page has read the profile. */
  readonly summary?: ProfileSummary;
}

/** What the profile was read from, as it would be on a command line, without secrets. */
export interface SourceNames {
  /** Files and addresses; `-` for standard input. */
  readonly files: readonly string[];
  /** What it is compared with, and how, as the options of these names. */
  readonly base: string;
  readonly diff_base: string;
  readonly normalize: boolean;
}

/** A named configuration, as it is offered in a menu. */
export interface ConfigInfo {
  readonly name: string;
  /** The parameters of an address that apply it, such as `f=json&g=lines`. */
  readonly params: string;
}

/**
 * The addresses of a server, beside the pages themselves (`/ui/VIEW`). All of them take the
 * parameters of the pages. State is only changed by POST from the page itself.
 */
export const ENDPOINTS = {
  /** The {@link SessionInfo}, as JSON. */
  session: "/ui/session.json",
  /** A flame graph of {@link FIRST_FRAMES}, as JSON: something to see while a page reads the profile. */
  flame: "/ui/flame.json",
  /** The whole profile, gzipped, as it is without any filter. */
  download: "/ui/download",
  /** A page of its own: source with machine code (`q=REGEX`, or `f=REGEX`; `theme=dark` or `light`). */
  weblist: "/ui/weblist",
  /** The machine code of what matches (`q=REGEX`, or `f=REGEX`), as JSON. */
  disasm: "/ui/disasm.json",
  /** Any report as text (`report=NAME`, and `q=REGEX` where it takes one). */
  text: "/ui/report",
  /** POST with `config=NAME` and the parameters to save; answers the configurations. */
  saveConfig: "/ui/saveconfig",
  /** POST with `config=NAME`; answers the configurations. */
  deleteConfig: "/ui/deleteconfig",
} as const;

/** So many frames are more than a screen shows; a flame graph begins with them. */
export const FIRST_FRAMES = 2500;

/** The views, by the last part of their address. */
export const VIEWS = [
  "flamegraph",
  "graph",
  "top",
  "peek",
  "source",
  "disasm",
  "tags",
  "sandwich",
  "text",
] as const;
export type ViewName = (typeof VIEWS)[number];

/** What is shown where an address does not say it. */
export const FIRST_VIEW: ViewName = "flamegraph";
