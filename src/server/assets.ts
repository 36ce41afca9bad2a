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
 * The document of every view. It holds nothing of the profile: its script asks for that. The
 * icon stands in it, as browsers fetch one again for each new address.
 */
export const PAGE =
  "<!DOCTYPE html>\n" +
  '<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
  '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
  '<meta name="color-scheme" content="light dark">\n' +
  "<title>tsprof</title>\n" +
  `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">\n` +
  '<script src="assets/app.js" defer></script>\n' +
  "</head>\n<body>\n<noscript>The interface is drawn by a script, and scripts are turned off. " +
  'Without them there are <a href="report?report=top">reports as text</a>.</noscript>\n' +
  "</body>\n</html>\n";

/** Something that stays the same while a server runs. */
interface Asset {
  readonly type: string;
  content(): Promise<string>;
}

/** What the page loads, by the last part of its address. */
const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ["icon.svg", { type: "image/svg+xml", content: async () => ICON }],
  ...Object.entries(BUNDLES).map(([name, content]): [string, Asset] => [
    `${name}.js`,
    { type: "text/javascript; charset=utf-8", content },
  ]),
]);

interface Made {
  readonly tag: string;
  readonly plain: string;
  readonly compressed: Uint8Array;
}

const made = new Map<string, Promise<Made>>();

/** Gets ready what every page loads first, before there is one. */
export function prepareAssets(): void {
  for (const name of ["app.js", "engine.js"]) {
    // Whoever asks for it is told.
    makeOnce(name)?.catch(() => {});
  }
}

/** What a browser said of itself. */
export interface Browser {
  /** The tag of what it has already. */
  readonly knownTag: string | undefined;
  readonly takesGzip: boolean;
}

/** A script or the icon; undefined where there is none of that name. */
export async function asset(name: string, browser: Browser): Promise<Answer | undefined> {
  const type = ASSETS.get(name)?.type;
  const content = await makeOnce(name);
  if (type === undefined || !content) return undefined;
  const headers = {
    "Content-Type": type,
    "Content-Security-Policy": WORKER_POLICY,
    // Another version may listen here next time.
    "Cache-Control": "no-cache",
    ETag: content.tag,
    Vary: "Accept-Encoding",
  };
  if (browser.knownTag === content.tag) return { status: 304, headers, body: "" };
  if (!browser.takesGzip) return { status: 200, headers, body: content.plain };
  return {
    status: 200,
    headers: { ...headers, "Content-Encoding": "gzip" },
    body: content.compressed,
  };
}

function makeOnce(name: string): Promise<Made> | undefined {
  const found = made.get(name);
  const source = ASSETS.get(name);
  if (found || !source) return found;
  const making = make(source);
  made.set(name, making);
  return making;
}

async function make({ content }: Asset): Promise<Made> {
  const plain = await content();
  // On one machine what is saved by more effort is nothing to what it takes.
  const compressed = await promisify(gzip)(plain, { level: 1 });
  return { tag: tagOf(plain), plain, compressed };
}
