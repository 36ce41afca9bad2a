import { defaultOptions, type Options } from "../../options/table.js";
import { paramsOf } from "../../options/url-params.js";
import { decodeFlame, type FlameAnswer } from "../../page/flame-json.js";
import { decodeLzma } from "../../page/lzma.js";
import { type ConfigInfo, ENDPOINTS, type SessionInfo } from "../../page/protocol.js";
import type { ProfileSummary } from "../../page/summary.js";
import type { Host, State } from "../contract.js";
import type { ProfileInput } from "../engine/engine.js";
import { fetchFromServer } from "../engine/fetch-from-server.js";
import { type Addresses, hashAddresses, pathAddresses } from "./addresses.js";
import { embeddedScriptUrl, largePart, partBytes, partText } from "./embedded.js";
import { stateOf } from "./state.js";

export interface Opened {
  readonly info: SessionInfo;
  readonly bytes: ProfileInput["bytes"];
  /** Texts of source files, by their names in the profile. */
  readonly sources: Readonly<Record<string, string>>;
  /** Data from a server that has read the profile, for use until the page has read it. */
  readonly early?: Early;
}

interface Early {
  readonly summary: ProfileSummary;
  /** Fetches a flame graph from ENDPOINTS.flame. */
  firstFlame(options: Options, signal?: AbortSignal): Promise<FlameAnswer>;
}

/** The source of the page's data, and services that only the page itself needs. */
export interface PageHost extends Host {
  readonly addresses: Addresses;
  /** Rejects with a one-line Error for the user. */
  open(): Promise<Opened>;
  scriptUrl(name: "engine" | "graph"): string;
  /** Returns the WebAssembly code of Graphviz. Rejects with a one-line Error. */
  graphvizWasm(): Promise<Uint8Array<ArrayBuffer>>;
  /** Saves named configurations; undefined if nothing can be saved. */
  readonly configs: ConfigStore | undefined;
}

/** Named configurations, which other pages, the shell and pprof can change at any time. */
export interface ConfigStore {
  /** The options that {@link ConfigInfo.params} differ from. */
  readonly base: Options;
  list(): Promise<readonly ConfigInfo[]>;
  /** Saves options, and CONFIG_PARAMS. */
  save(name: string, options: Options, params: URLSearchParams): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Longer code is not Graphviz. */
const MAX_GRAPHVIZ_LENGTH = 2 ** 24;

export class ServerHost implements PageHost {
  readonly kind = "server";
  readonly addresses = pathAddresses();
  get configs(): ConfigStore {
    return {
      base: this.#base ?? defaultOptions(),
      list: async () => {
        const answer = await fetchFromServer(this.#url(ENDPOINTS.configs));
        return (await answer.json()) as readonly ConfigInfo[];
      },
      save: (name, options, params) => {
        const all = new URLSearchParams([...this.#params(options), ...params]);
        return this.#change(ENDPOINTS.saveConfig, name, all);
      },
      remove: (name) => this.#change(ENDPOINTS.deleteConfig, name, new URLSearchParams()),
    };
  }

  readonly hasSources = true;
  hasMachineCode = false;
  /** The options that the server was started with, once known. */
  #base: Options | undefined;
  #ahead: { readonly address: string; readonly answer: Promise<Response> } | undefined;

  get downloadUrl(): string {
    return this.#url(ENDPOINTS.download);
  }

  async open(): Promise<Opened> {
    this.#askAhead();
    const answer = await fetchFromServer(this.#url(ENDPOINTS.session));
    const info = (await answer.json()) as SessionInfo;
    this.#base = info.options;
    this.hasMachineCode = info.hasMachineCode;
    const { href } = new URL(this.downloadUrl, location.href);
    const { summary } = info;
    const firstFlame: Early["firstFlame"] = (...args) => this.#firstFlame(...args);
    return {
      info,
      bytes: { url: href },
      sources: {},
      ...(summary && { early: { summary, firstFlame } }),
    };
  }

  async #firstFlame(options: Options, signal?: AbortSignal): Promise<FlameAnswer> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const answer =
      ahead?.address === location.href
        ? await ahead.answer
        : await fetchFromServer(
            this.#url(ENDPOINTS.flame, this.#params(options)),
            signal && { signal },
          );
    return decodeFlame(await answer.text());
  }

  /** Requests the first flame graph early: the server understands the parameters of the page. */
  #askAhead(): void {
    const address = this.addresses.read();
    const { view, pivot } = stateOf(address, defaultOptions()).state;
    if (view !== "flamegraph" || pivot !== "") return;
    const answer = fetchFromServer(this.#url(ENDPOINTS.flame, address.params));
    // A failure is reported when the answer is used.
    answer.catch(() => {});
    this.#ahead = { address: location.href, answer };
  }

  scriptUrl(name: "engine" | "graph"): string {
    return this.#url(`/ui/assets/${name}.js`);
  }

  async graphvizWasm(): Promise<Uint8Array<ArrayBuffer>> {
    const answer = await fetchFromServer(this.#url("/ui/assets/graphviz.lzma"));
    return decodeLzma(new Uint8Array(await answer.arrayBuffer()), MAX_GRAPHVIZ_LENGTH);
  }

  weblistUrl(state: State): string {
    return this.#url(ENDPOINTS.weblist, this.#stateParams(state));
  }

  disasmUrl(state: State): string | undefined {
    if (!this.hasMachineCode) return undefined;
    return this.#url(ENDPOINTS.disasm, this.#stateParams(state));
  }

  textUrl(state: State): string {
    const params = this.#stateParams(state);
    params.set("report", state.report);
    return this.#url(ENDPOINTS.text, params);
  }

  #stateParams({ options, query }: State): URLSearchParams {
    const params = this.#params(options);
    params.set("q", query || options.focus);
    return params;
  }

  #params(options: Options): URLSearchParams {
    return new URLSearchParams(this.#base && paramsOf(options, this.#base));
  }

  /** Returns the URL of an endpoint below the path at which a proxy may have put the server. */
  #url(endpoint: string, params?: URLSearchParams): string {
    const { pathname } = new URL(
      this.addresses.href({ view: "", params: new URLSearchParams() }),
      location.href,
    );
    const url = pathname + endpoint.replace(/^\/ui\//, "");
    return params ? `${url}?${params}` : url;
  }

  async #change(endpoint: string, name: string, params: URLSearchParams): Promise<void> {
    params.set("config", name);
    await fetchFromServer(this.#url(endpoint, params), { method: "POST" });
  }
}

/** A page that is a file and contains everything it needs: see src/page/single-file.ts. */
export class FileHost implements PageHost {
  readonly kind = "file";
  readonly addresses = hashAddresses();
  readonly configs = undefined;
  readonly hasMachineCode = false;
  hasSources = false;
  #downloadUrl: string | undefined;

  get downloadUrl(): string | undefined {
    return this.#downloadUrl;
  }

  async open(): Promise<Opened> {
    const info = JSON.parse(await partText("session")) as SessionInfo;
    const bytes = partBytes("profile");
    this.#downloadUrl = URL.createObjectURL(new Blob([bytes], { type: "application/gzip" }));
    const sources = JSON.parse(await partText("sources")) as Opened["sources"];
    this.hasSources = Object.keys(sources).length > 0;
    return { info, bytes, sources };
  }

  scriptUrl(name: "engine" | "graph"): string {
    return embeddedScriptUrl(name);
  }

  async graphvizWasm(): Promise<Uint8Array<ArrayBuffer>> {
    return largePart("graphviz");
  }

  weblistUrl(): undefined {}
  disasmUrl(): undefined {}
  textUrl(): undefined {}
}

/** A profile that the user dropped on the page or chose. Scripts come from the host before. */
export class DroppedHost implements PageHost {
  readonly kind = "file";
  readonly configs: ConfigStore | undefined;
  readonly hasSources = false;
  readonly hasMachineCode = false;
  readonly addresses: Addresses;
  readonly downloadUrl: string | undefined;
  readonly #before: PageHost;
  readonly #opened: Opened;

  /** `file` is the profile as a file, if there is one. */
  constructor(before: PageHost, opened: Opened, file: Blob | undefined) {
    this.#before = before;
    this.#opened = opened;
    this.addresses = before.addresses;
    this.configs = before.configs;
    this.downloadUrl = file && URL.createObjectURL(file);
  }

  async open(): Promise<Opened> {
    return this.#opened;
  }

  scriptUrl(name: "engine" | "graph"): string {
    return this.#before.scriptUrl(name);
  }

  graphvizWasm(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#before.graphvizWasm();
  }

  weblistUrl(): undefined {}
  disasmUrl(): undefined {}
  textUrl(): undefined {}
}
