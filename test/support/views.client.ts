// A page for tests of views. It replaces the page around them; its engine runs in the page.

import { gunzipWithPako } from "../../src/formats/gunzip-pako.js";
import { readProfile } from "../../src/formats/read.js";
import { commandSpec } from "../../src/options/commands.js";
import { defaultOptions, type Options } from "../../src/options/table.js";
import { decodeLzma } from "../../src/page/lzma.js";
import type { Profile } from "../../src/profile/profile.js";
import { dot } from "../../src/report/dot.js";
import { reportInput } from "../../src/report/input.js";
import { top } from "../../src/report/top.js";
import { loadGraphProgram } from "../../src/ui/call-graph/renderer.js";
import type { Page, State, View } from "../../src/ui/contract.js";
import type { Engine } from "../../src/ui/engine/engine.js";
import { DisasmView } from "../../src/ui/views/disasm.js";
import { GraphView } from "../../src/ui/views/graph.js";
import { SourceView } from "../../src/ui/views/source.js";
import { compileRe2 } from "../../src/view/re2.js";
import { selectView } from "../../src/view/select.js";
import { stateWith } from "./state.client.js";

/** The functions that tests call in the page. */
export interface Harness {
  /** Opens the profile at `/profile`, and puts a view into the page. */
  open(view: "graph" | "source" | "disasm", host?: "server" | "file"): Promise<void>;
  /** Shows a state. Returns the warnings, or the message of the error. */
  show(change: Change): Promise<readonly string[] | string>;
  readTheme(): void;
  /** The view's requests to the page, in order. */
  readonly log: unknown[];
  /** The page that the engine returns for source code. If it begins with `!`, it is an error. */
  weblist: string;
}

export interface Change {
  readonly options?: Partial<Options>;
  readonly query?: string;
}

declare global {
  var harness: Harness;
}

const log: unknown[] = [];
let view: View | undefined;
let state: State = stateWith({ view: "graph", report: "" });

async function graphvizWasm(): Promise<Uint8Array> {
  const answer = await fetch("/graphviz.lzma");
  return decodeLzma(new Uint8Array(await answer.arrayBuffer()), 2 ** 24);
}

function engineOf(profile: Profile): Engine {
  const input = (command: "dot" | "top", options: Options) =>
    reportInput(selectView(profile, options, compileRe2), options, commandSpec(command));
  const engine: Partial<Engine> = {
    dot: async (options) => ({ report: dot(input("dot", options)), warnings: [] }),
    top: async (options) => ({ report: top(input("top", options)), warnings: [] }),
    weblist: async (_options, pattern) => {
      log.push(["weblist", pattern]);
      const { weblist } = globalThis.harness;
      if (weblist.startsWith("!")) throw new Error(weblist.slice(1));
      return { report: weblist, warnings: ["a warning"] };
    },
    suggest: async (options, part, limit) =>
      top(input("top", options))
        .rows.map(({ name }) => name)
        .filter((name) => name.includes(part))
        .slice(0, limit),
  };
  return engine as Engine;
}

globalThis.harness = {
  log,
  weblist: "<!DOCTYPE html><p>made by the engine",
  async open(name, kind = "server") {
    const bytes = new Uint8Array(await (await fetch("/profile")).arrayBuffer());
    const profile = await readProfile(bytes, gunzipWithPako, 1 << 30);
    const isServer = kind === "server";
    const page: Page = {
      engine: engineOf(profile),
      host: {
        kind,
        hasSources: true,
        hasMachineCode: true,
        downloadUrl: undefined,
        weblistUrl: ({ query }) =>
          isServer ? `/ui/weblist?q=${encodeURIComponent(query)}` : undefined,
        disasmUrl: ({ query }) =>
          isServer ? `/ui/disasm.json?q=${encodeURIComponent(query)}` : undefined,
        textUrl: () => undefined,
      },
      profile: {} as Page["profile"],
      sources: { files: ["FILE"], base: "", diff_base: "", normalize: false },
      go: (change, how) => {
        log.push(["go", change, how]);
        state = { ...state, ...change };
        void view?.show(state, new AbortController().signal);
      },
      href: (change) => `#${JSON.stringify(change)}`,
      openMenu: (subject, at) => log.push(["menu", subject, at]),
    };
    state = { ...state, view: name };
    const loadProgram = () => loadGraphProgram("/graph.js", graphvizWasm());
    const parts = { loadProgram, formatTime: String };
    if (name === "graph") view = new GraphView(page, parts);
    else view = name === "source" ? new SourceView(page) : new DisasmView(page);
    document.querySelector("main")?.replaceChildren(view.element);
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target instanceof HTMLInputElement;
      if (!isTyping && view?.press?.(event)) event.preventDefault();
    });
  },
  async show({ options = {}, query = "" }) {
    state = { ...state, query, options: { ...defaultOptions(), ...options } };
    try {
      const shown = await view?.show(state, new AbortController().signal);
      return shown?.warnings ?? [];
    } catch (error) {
      return (error as Error).message;
    }
  },
  readTheme: () => view?.readTheme?.(),
};
