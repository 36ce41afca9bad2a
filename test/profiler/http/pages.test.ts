import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { pprofHandler, startPprofServer } from "../../../src/library/http.js";
import { startHeapSampling, stopHeapSampling } from "../../../src/library/profiler.js";
import { ask, listening } from "../../support/ask.js";
import { ROOT } from "../../support/proto.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-pages-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(stopHeapSampling);

describe("the index", () => {
  it("lists the profiles with working links", async () => {
    const port = await listening(pprofHandler());
    const { status, headers, text } = await ask(port, "/debug/pprof/");
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "content-security-policy": expect.stringMatching(/^default-src 'none'; style-src 'sha256-/),
    });
    const [, style] = /<style>(.*)<\/style>/s.exec(text) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers["content-security-policy"]).toContain(`style-src 'sha256-${hash}';`);
    const links = Array.from(text.matchAll(/href="([^"]*)"/g), ([, link]) => link);
    expect(links).toContain("profile?seconds=5");
    expect(links).toContain("heap?debug=1");
    for (const link of links) {
      const address = `/debug/pprof/${link.replaceAll("&amp;", "&")}`;
      const { status } = await ask(port, address, { method: "HEAD" });
      expect({ link, status }).toEqual({ link, status: 200 });
    }
    const noSlash = await ask(port, "/debug/pprof");
    expect(noSlash).toMatchObject({ status: 307, headers: { location: "pprof/" } });
  });

  it("omits profiles that are not available", async () => {
    const port = await listening(pprofHandler());
    await startHeapSampling();
    const { text } = await ask(port, "/debug/pprof/");
    expect(text).toContain('href="heap"');
    expect(text).not.toContain('href="allocs"');
  });

  it("escapes the name of the program", () => {
    const program = path.join(folder, `<img src=x onerror=alert(1)>"'&.mjs`);
    const entry = pathToFileURL(path.join(ROOT, "dist/library/http.js")).href;
    writeFileSync(
      program,
      `import { startPprofServer } from ${JSON.stringify(entry)};
const server = await startPprofServer({ port: 0 });
console.log(await (await fetch(server.url)).text());
console.log(JSON.stringify(await (await fetch(new URL("cmdline", server.url))).text()));
// Nothing keeps it going.
`,
    );
    const { stdout, status } = spawnSync(
      process.execPath,
      ["--no-warnings", program, "two words"],
      {
        encoding: "utf8",
        timeout: 20_000,
      },
    );
    expect(status).toBe(0);
    expect(stdout).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;.mjs");
    expect(stdout.split("</html>")[0]).not.toContain("<img");
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toBe(
      [process.execPath, "--no-warnings", program, "two words"].join("\0"),
    );
  });
});

describe("the other pages", () => {
  it("answer requests for symbols with none", async () => {
    const port = await listening(pprofHandler());
    for (const options of [{}, { method: "POST", body: "0x1234+0x5678" }]) {
      const { status, text } = await ask(port, "/debug/pprof/symbol", options);
      expect({ status, text }).toEqual({ status: 200, text: "num_symbols: 0\n" });
    }
  });

  it.each([
    ["goroutine", "goroutines"],
    ["mutex", "mutexes"],
    ["threadcreate", "threads"],
    ["goroutine?debug=2", "goroutines"],
    ["nothing", "Unknown profile"],
    ["heap/", "Unknown profile"],
    ["__proto__", "Unknown profile"],
    ["constructor", "Unknown profile"],
  ])("answers 404 for %s", async (name, part) => {
    const port = await listening(pprofHandler());
    const { status, headers, text } = await ask(port, `/debug/pprof/${name}`);
    expect(status).toBe(404);
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(text).toMatch(/^[^\n]+\n$/);
    expect(text).toContain(part);
  });

  it.each([
    "0",
    "-1",
    "abc",
    "1.5",
    "1e1",
    "NaN",
    "Infinity",
    "301",
    "9".repeat(400),
    "%20",
    "1%00",
  ])("refuses seconds=%s", async (seconds) => {
    const port = await listening(pprofHandler());
    for (const name of ["profile", "heap", "allocs"]) {
      const answered = await ask(port, `/debug/pprof/${name}?seconds=${seconds}`);
      expect(answered.status).toBe(400);
      expect(answered.text).toMatch(/^[^\n]*seconds[^\n]*\n$/);
    }
  });

  it("are only asked for by GET, HEAD and, for symbol, POST", async () => {
    const port = await listening(pprofHandler());
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      for (const name of ["", "profile", "heap", "cmdline"]) {
        const { status, headers } = await ask(port, `/debug/pprof/${name}`, { method });
        expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: "GET, HEAD" });
      }
    }
    const put = await ask(port, "/debug/pprof/symbol", { method: "PUT" });
    expect(put.headers.allow).toBe("GET, HEAD, POST");
  });

  it("leave other paths to other handlers, if any", async () => {
    const pprof = pprofHandler();
    const alone = await listening(pprof);
    const paths = [
      "/",
      "/debug",
      "/debug/pprofx",
      "/debug/../debug/pprof/",
      "//debug/pprof/",
      "/x?/debug/pprof/",
    ];
    for (const path of paths) expect((await ask(alone, path)).status).toBe(404);
    const port = await listening((request, response) =>
      pprof(request, response, () => response.end("next")),
    );
    for (const path of paths) expect((await ask(port, path)).text).toBe("next");
    expect((await ask(port, "/debug/pprof/?x=1")).text).toContain("<h1>");
  });

  it("survive invalid requests", async () => {
    const port = await listening(pprofHandler());
    for (const target of [
      "/debug/pprof/%",
      "/debug/pprof/?seconds=%ff&%",
      "/debug/pprof/heap?gc=x&seconds=x",
    ]) {
      const status = await new Promise<string>((resolve) => {
        const socket = net.connect(port, "127.0.0.1");
        socket.on("data", (piece) => resolve(piece.toString().split("\r\n")[0]));
        socket.end(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      });
      expect(status).toMatch(/^HTTP\/1.1 (200|400|404) /);
    }
  });
});

describe("options", () => {
  it("that are invalid are refused immediately", () => {
    for (const wrong of [
      { allow: "all" as "any" },
      { allow: true as unknown as "any" },
      { maxSeconds: 0 },
      { maxSeconds: Number.NaN },
      { maxSeconds: 1e9 },
      { intervalMicros: 1 },
    ]) {
      expect(() => pprofHandler(wrong)).toThrow(/^(allow|maxSeconds|intervalMicros) must be/);
    }
  });

  it("report the largest number of seconds", async () => {
    const port = await listening(pprofHandler({ maxSeconds: 2 }));
    const { status, text } = await ask(port, "/debug/pprof/profile?seconds=3");
    expect(status).toBe(400);
    expect(text).toContain("maxSeconds");
    const { text: unasked } = await ask(port, "/debug/pprof/profile", { method: "HEAD" });
    expect(unasked).toBe("");
  });
});

describe("startPprofServer", () => {
  it("has a port of its own, which it reports and releases", async () => {
    const server = await startPprofServer({ port: 0 });
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/debug/pprof/`);
    expect((await ask(server.port, "/debug/pprof/")).status).toBe(200);
    await expect(startPprofServer({ port: server.port })).rejects.toThrow("EADDRINUSE");
    const pending = ask(server.port, "/debug/pprof/profile").catch((error) => error.code);
    // No event shows when the profile of this request has begun.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await server.close();
    expect(await pending).toBe("ECONNRESET");
    await expect(ask(server.port, "/debug/pprof/")).rejects.toThrow("ECONNREFUSED");
    const again = await startPprofServer({ port: server.port });
    await again.close();
  });
});
