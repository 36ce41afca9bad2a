import app from "client:app";
import engine from "client:engine";
import graph from "client:graph";
import { gzipSync } from "node:zlib";
import { type Answer, tagOf } from "./answer.js";

/** What the page loads, by the last part of its address. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "app.js": app,
  "engine.js": engine,
  "graph.js": graph,
};

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<rect x="1" y="2" width="14" height="3" rx="1" fill="#d9480f"/>' +
  '<rect x="1" y="6.5" width="9" height="3" rx="1" fill="#f08c00"/>' +
  '<rect x="1" y="11" width="5" height="3" rx="1" fill="#f5b82e"/></svg>';

/** The document of every view. It holds nothing of the profile: its script asks for that. */
export const PAGE =
  "<!DOCTYPE html>\n" +
  '<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
  '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
  '<meta name="color-scheme" content="light dark">\n' +
  "<title>tsprof</title>\n" +
  '<link rel="icon" href="assets/icon.svg" type="image/svg+xml">\n' +
  '<script src="assets/app.js" defer></script>\n' +
  "</head>\n<body>\n<noscript>The interface is drawn by a script, and scripts are turned off. " +
  "Reports as text: <code>tsprof top FILE</code>.</noscript>\n</body>\n</html>\n";

const made = new Map<string, { readonly tag: string; readonly compressed: Uint8Array }>();

/** A script or the icon; undefined where there is none of that name. */
export function asset(name: string, knownTag: string | undefined): Answer | undefined {
  const content = Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : undefined;
  if (name === "icon.svg") {
    return { status: 200, headers: { "Content-Type": "image/svg+xml" }, body: ICON };
  }
  if (content === undefined) return undefined;
  let known = made.get(name);
  if (!known) {
    // On one machine what is saved by more effort is nothing to what it takes.
    known = { tag: tagOf(content), compressed: gzipSync(content, { level: 1 }) };
    made.set(name, known);
  }
  const headers = {
    "Content-Type": "text/javascript; charset=utf-8",
    // Another version may listen here next time.
    "Cache-Control": "no-cache",
    ETag: known.tag,
  };
  if (knownTag === known.tag) return { status: 304, headers, body: "" };
  return {
    status: 200,
    headers: { ...headers, "Content-Encoding": "gzip" },
    body: known.compressed,
  };
}
