import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type Answer, tagOf, WORKER_POLICY } from "./answer.js";
import { BUNDLES } from "./bundles.js";

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<rect x="1" y="2" width="14" height="3" rx="1" fill="#d9480f"/>' +
  '<rect x="1" y="6.5" width="9" height="3" rx="1" fill="#f08c00"/>' +
  '<rect x="1" y="11" width="5" height="3" rx="1" fill="#f5b82e"/></svg>';

/**
 * The HTML of every view, without data. The icon is inline: browsers would fetch it for each URL.
 */
export const PAGE =
  "<!DOCTYPE html>\n" +
  '<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
  '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
  '<meta name="color-scheme" content="light dark">\n' +
  "<title>tsprof</title>\n" +
  `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">\n` +
  '<script src="assets/app.js" defer></script>\n' +
  "</head>\n<body>\n<noscript>This page needs JavaScript, which is turned off. " +
  'Without it, there are <a href="report?report=top">reports as text</a>.</noscript>\n' +
  "</body>\n</html>\n";

/** A file that does not change while the server runs. */
interface Asset {
  readonly type: string;
  content(): Promise<string | Uint8Array>;
}

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  lzma: "application/octet-stream",
};

/** The files that the page loads, by the last part of their URL. */
const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ["icon.svg", { type: "image/svg+xml", content: async () => ICON }],
  ...Object.entries(BUNDLES).map(([name, content]): [string, Asset] => [
    name,
    { type: TYPES[name.split(".")[1]], content },
  ]),
]);

interface PreparedAsset {
  readonly tag: string;
  readonly plain: string | Uint8Array;
  /** Undefined if the content is compressed. */
  readonly gzipped: Uint8Array | undefined;
}

const preparedAssets = new Map<string, Promise<PreparedAsset>>();

/** Prepares the files that every page loads first, before a browser requests them. */
export function prepareAssets(): void {
  for (const name of ["app.js", "engine.js"]) {
    // The request for the file reports the error.
    prepareOnce(name)?.catch(() => {});
  }
}

/** What a browser accepts, from the headers of its request. */
export interface Browser {
  /** The ETag of the version that it has. */
  readonly knownTag: string | undefined;
  readonly takesGzip: boolean;
}

/** Returns a script or the icon; undefined if there is no file of that name. */
export async function asset(name: string, browser: Browser): Promise<Answer | undefined> {
  const type = ASSETS.get(name)?.type;
  const content = await prepareOnce(name);
  if (type === undefined || !content) return undefined;
  const headers = {
    "Content-Type": type,
    "Content-Security-Policy": WORKER_POLICY,
    // Another version of tsprof may use this address next time.
    "Cache-Control": "no-cache",
    ETag: content.tag,
    Vary: "Accept-Encoding",
  };
  if (browser.knownTag === content.tag) return { status: 304, headers, body: "" };
  const { plain, gzipped } = content;
  if (!gzipped || !browser.takesGzip) return { status: 200, headers, body: plain };
  return { status: 200, headers: { ...headers, "Content-Encoding": "gzip" }, body: gzipped };
}

function prepareOnce(name: string): Promise<PreparedAsset> | undefined {
  const found = preparedAssets.get(name);
  const source = ASSETS.get(name);
  if (found || !source) return found;
  const preparing = prepare(source);
  preparedAssets.set(name, preparing);
  return preparing;
}

async function prepare({ content }: Asset): Promise<PreparedAsset> {
  const plain = await content();
  // The network is usually the same machine, so better compression would cost more than it saves.
  const gzipped =
    typeof plain === "string" ? await promisify(gzip)(plain, { level: 1 }) : undefined;
  return { tag: tagOf(plain), plain, gzipped };
}
