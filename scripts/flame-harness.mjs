// Serves a page for tests and benchmarks of flame graphs. It contains only the view, and has the
// same policy as real pages.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'";
const PAGE =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Flame graph</title>' +
  '<meta name="viewport" content="width=device-width, initial-scale=1">' +
  '<link rel="icon" href="data:,"></head><body><main></main><script src="/harness.js"></script></body></html>';

/**
 * Starts the server on a free port of this machine.
 * @param {(path: string) => Uint8Array | undefined} fileAt returns the content of other paths
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serveHarness(fileAt = () => undefined) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["test/ui/client/flame-harness.ts"],
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "ascii",
    write: false,
    logLevel: "warning",
  });
  const axe = readFileSync(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");
  const server = createServer(({ url }, response) => {
    const at = url ?? "/";
    const [type, body] =
      at === "/"
        ? ["text/html", PAGE]
        : at === "/harness.js"
          ? ["text/javascript", outputFiles[0].text]
          : at === "/axe.js"
            ? ["text/javascript", axe]
            : ["application/octet-stream", fileAt(at)];
    if (body === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, { "content-type": type, "content-security-policy": POLICY })
        .end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
