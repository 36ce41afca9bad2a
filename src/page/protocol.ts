import type { Options } from "../options/table.js";
import type { ProfileSummary } from "./summary.js";

/** The data that a page starts with, from {@link ENDPOINTS} or its file. Names are not trusted. */
export interface SessionInfo {
  /** The profile's name for the title: file names without folders, or URLs without secrets. */
  readonly title: string;
  readonly sources: SourceNames;
  readonly version: string;
  /** The options that the session was started with. Addresses contain the options that differ. */
  readonly options: Options;
  /** Whether frames were already dropped and names demangled, as the options ask. */
  readonly isPrepared: boolean;
  /** Whether pprof reads the formats of the sources itself, so that text is the same as pprof's. */
  readonly isPprofs: boolean;
  /** Whether the server has binaries that the profile names, so that there is machine code. */
  readonly hasMachineCode: boolean;
  /** The packages of the user's own scripts, by folder. */
  readonly ownPackages: readonly (readonly [folder: string, name: string])[];
  /** Warnings from reading the profile, one line each. */
  readonly warnings: readonly string[];
  /** Named configurations; empty in a single file. */
  readonly configs: readonly ConfigInfo[];
  /** The summary, if the server has read the profile. */
  readonly summary?: ProfileSummary;
}

/** The sources of the profile as on a command line, without secrets. */
export interface SourceNames {
  /** Files and URLs; `-` is standard input. */
  readonly files: readonly string[];
  /** The options of the same names, for comparisons. */
  readonly base: string;
  readonly diff_base: string;
  readonly normalize: boolean;
}

/** The parameters besides options that a configuration keeps: how views are drawn. */
export const CONFIG_PARAMS: readonly string[] = ["flip", "color", "order"];

export interface ConfigInfo {
  readonly name: string;
  /** The address parameters that apply it, such as `f=json&g=lines`. */
  readonly params: string;
}

/** Paths besides the pages (`/ui/VIEW`), with the same parameters. Only POST changes state. */
export const ENDPOINTS = {
  /** The {@link SessionInfo} as JSON. */
  session: "/ui/session.json",
  /** A flame graph of {@link FIRST_FRAMES} frames as JSON, shown while a page reads the profile. */
  flame: "/ui/flame.json",
  /** The whole profile without filters, gzipped. */
  download: "/ui/download",
  /** A page of source and machine code (`q=REGEX` or `f=REGEX`; `theme=dark` or `theme=light`). */
  weblist: "/ui/weblist",
  /** The machine code of matching functions (`q=REGEX` or `f=REGEX`) as JSON. */
  disasm: "/ui/disasm.json",
  /** Any report as text (`report=NAME`, and `q=REGEX` for reports with a pattern). */
  text: "/ui/report",
  /** All configurations as JSON: a list of {@link ConfigInfo}. */
  configs: "/ui/configs.json",
  /** POST with `config=NAME` and the parameters to save; returns all configurations. */
  saveConfig: "/ui/saveconfig",
  /** POST with `config=NAME`; returns all configurations. */
  deleteConfig: "/ui/deleteconfig",
} as const;

/** The number of frames in the first flame graph: more than a screen can show. */
export const FIRST_FRAMES = 2500;

/** The views, by the last part of their address. */
export const VIEWS = [
  "flamegraph",
  "timeline",
  "graph",
  "top",
  "tree",
  "peek",
  "source",
  "disasm",
  "tags",
  "sandwich",
  "text",
] as const;
export type ViewName = (typeof VIEWS)[number];

/** The view of an address that names none. */
export const FIRST_VIEW: ViewName = "flamegraph";
