import graphScript from "client:graph";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import graphviz from "packed:graphviz.lzma";
import { build } from "esbuild";
import { DISASM_STYLE } from "../../src/ui/views/disasm-style.js";
import { GRAPH_STYLE } from "../../src/ui/views/graph-style.js";
import { SOURCE_STYLE } from "../../src/ui/views/source-style.js";
import { ROOT } from "./proto.js";

/** The policy of test pages, the same as of real ones. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
  "img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'";

const STYLE = `
:root{--bg:#fff;--panel:#f6f7f9;--text:#1b1f24;--muted:#57606a;--line:#d0d7de;--accent:#0b5fce;--accent-text:#fff;--hover:#eaeef2;--plus:#b3261e;--minus:#0b5fce;--focus:#0b5fce;--mono:ui-monospace,"DejaVu Sans Mono",monospace;color-scheme:light}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){--bg:#16191d;--panel:#1e2227;--text:#e6e9ec;--muted:#9aa4ae;--line:#363c43;--accent:#6cb0ff;--accent-text:#0b1520;--hover:#2a3037;--plus:#ff8a80;--minus:#6cb0ff;--focus:#6cb0ff;color-scheme:dark}}
html[data-theme=dark]{--bg:#16191d;--panel:#1e2227;--text:#e6e9ec;--muted:#9aa4ae;--line:#363c43;--accent:#6cb0ff;--accent-text:#0b1520;--hover:#2a3037;--focus:#6cb0ff;color-scheme:dark}
html,body,main{height:100%;margin:0}
body{background:var(--bg);color:var(--text);font:14px system-ui,sans-serif}
${GRAPH_STYLE}${SOURCE_STYLE}${DISASM_STYLE}`;

const PAGE =
  '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Views</title>' +
  '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css">' +
  '<main></main><script src="/page.js"></script></html>';

/** The answers of a server for a view. */
export interface Answers {
  readonly profile: Uint8Array;
  /** By path, such as `/ui/disasm.json`. */
  readonly others?: Readonly<Record<string, Answer>>;
}

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
}

let script: Promise<string> | undefined;

/** Returns the script of the page, which is built once for all tests of a file. */
function pageScript(): Promise<string> {
  script ??= build({
    entryPoints: [path.join(ROOT, "test/support/views.client.ts")],
    bundle: true,
    format: "iife",
    target: "es2022",
    write: false,
  }).then(({ outputFiles }) => outputFiles[0].text);
  return script;
}

/** Serves the page of `views.client.ts`. Returns its address and the requested paths. */
export async function serveView({ profile, others = {} }: Answers) {
  const answers: Record<string, { status?: number; type?: string; body: string | Uint8Array }> = {
    "/": { type: "text/html", body: PAGE },
    "/style.css": { type: "text/css", body: STYLE },
    "/page.js": { type: "text/javascript", body: await pageScript() },
    "/graph.js": { type: "text/javascript", body: graphScript },
    "/graphviz.lzma": { type: "application/octet-stream", body: readFileSync(graphviz) },
    "/profile": { type: "application/octet-stream", body: profile },
    "/favicon.ico": { status: 204, body: "" },
    ...others,
  };
  const asked: string[] = [];
  const server: Server = createServer(({ url = "/" }, response) => {
    asked.push(url);
    const answer = answers[url.split("?", 1)[0]] ?? { status: 404, body: "not found" };
    response.writeHead(answer.status ?? 200, {
      "content-type": `${answer.type ?? "text/plain"}; charset=utf-8`,
      "content-security-policy": POLICY,
    });
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, asked, server };
}
