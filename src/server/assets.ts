import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import app from "packed:app.js.gz";
import engine from "packed:engine.js.gz";
import graph from "packed:graph.js.gz";
import graphviz from "packed:graphviz.lzma";
import { FIRST_VIEW, type ViewName } from "../page/protocol.js";
import { escapeXml } from "../render/xml.js";
import { type Answer, tagOf, WORKER_POLICY } from "./answer.js";

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<rect x="1" y="2" width="14" height="3" rx="1" fill="#d9480f"/>' +
  '<rect x="1" y="6.5" width="9" height="3" rx="1" fill="#f08c00"/>' +
  '<rect x="1" y="11" width="5" height="3" rx="1" fill="#f5b82e"/></svg>';

/**
 * Returns the HTML of a view, without data. Browsers request the data that the script needs first
 * while they load the script. The icon is inline: browsers would fetch it for each URL.
 */
export function pageOf(view: ViewName, params: URLSearchParams): string {
  const first = view === FIRST_VIEW && params.get("p") === null ? [`flame.json?${params}`] : [];
  const links = ["session.json", ...first].map(
    (url) => `<link rel="preload" as="fetch" href="${escapeXml(url)}" crossorigin>\n`,
  );
  return HEAD + links.join("") + REST;
}

const HEAD =
  "<!DOCTYPE html>\n" +
  '<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
  '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
  '<meta name="color-scheme" content="light dark">\n' +
  "<title>tsprof</title>\n" +
  `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">\n`;

const REST =
  '<script src="assets/app.js" defer></script>\n' +
  "</head>\n<body>\n<noscript>This page needs JavaScript, which is turned off. " +
  'Without it, there are <a href="report?report=top">reports as text</a>.</noscript>\n' +
  "</body>\n</html>\n";

/** A file that does not change while the server runs. Its content is read once. */
class Asset {
  readonly type: string;
  readonly #read: () => Promise<Uint8Array>;
  readonly isGzip: boolean;
  #content: Promise<Uint8Array> | undefined;
  #plain: Promise<Uint8Array> | undefined;

  constructor(type: string, read: () => Promise<Uint8Array>, { isGzip = false } = {}) {
    this.type = type;
    this.#read = read;
    this.isGzip = isGzip;
  }

  static script(file: string): Asset {
    const type = "text/javascript; charset=utf-8";
    return new Asset(type, () => readFile(file), { isGzip: true });
  }

  get content(): Promise<Uint8Array> {
    this.#content ??= this.#read();
    return this.#content;
  }

  /** The content without compression. */
  get plain(): Promise<Uint8Array> {
    this.#plain ??= this.isGzip ? this.content.then(promisify(gunzip)) : this.content;
    return this.#plain;
  }
}

/** The files that the page loads, by the last part of their URL. */
const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ["icon.svg", new Asset("image/svg+xml", async () => Buffer.from(ICON))],
  ["app.js", Asset.script(app)],
  ["engine.js", Asset.script(engine)],
  ["graph.js", Asset.script(graph)],
  ["graphviz.lzma", new Asset("application/octet-stream", () => readFile(graphviz))],
]);

/** What a browser accepts, from the headers of its request. */
export interface Browser {
  /** The ETag of the version that it has. */
  readonly knownTag: string | undefined;
  readonly takesGzip: boolean;
}

/** Returns a file of the page; undefined if there is no file of that name. */
export async function asset(name: string, browser: Browser): Promise<Answer | undefined> {
  const found = ASSETS.get(name);
  if (!found) return undefined;
  const content = await found.content;
  const tag = tagOf(content);
  const headers = {
    "Content-Type": found.type,
    "Content-Security-Policy": WORKER_POLICY,
    // Another version of tsprof may use this address next time.
    "Cache-Control": "no-cache",
    ETag: tag,
    Vary: "Accept-Encoding",
  };
  if (browser.knownTag === tag) return { status: 304, headers, body: "" };
  if (!found.isGzip || !browser.takesGzip) {
    return { status: 200, headers, body: await found.plain };
  }
  return { status: 200, headers: { ...headers, "Content-Encoding": "gzip" }, body: content };
}
