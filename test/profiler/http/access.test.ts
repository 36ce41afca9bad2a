import { once } from "node:events";
import type http from "node:http";
import http2, { type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type PprofOptions, pprofHandler } from "../../../src/library/http.js";
import { ask, listening } from "../../support/ask.js";

const INDEX = "/debug/pprof/";

/** What a server at `host` with these options answers to a request with these headers. */
async function asked(
  headers: http.OutgoingHttpHeaders,
  options: PprofOptions = {},
  host = "127.0.0.1",
) {
  const port = await listening(pprofHandler(options), host);
  const { status, text } = await ask(port, INDEX, { headers, host });
  return { status, text: status === 200 ? "" : text };
}

/** Another address of this machine, as the network knows it. */
const outer = Object.values(os.networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, address }) => !internal && !address.startsWith("fe80:"));

describe("requests of this machine", () => {
  it.each([
    "localhost",
    "localhost:6060",
    "LOCALHOST:1",
    "localhost.",
    "app.localhost:80",
    "127.0.0.1",
    "127.1.2.3:9",
    "[::1]:6060",
    "[::1]",
  ])("are answered for the host %s", async (host) => {
    expect(await asked({ host })).toEqual({ status: 200, text: "" });
  });

  it.each([
    "evil.example",
    "evil.example:6060",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1.evil",
    "evillocalhost",
    "localhost@evil.example",
    "evil.example/.localhost",
    "0.0.0.0:6060",
    "[::]",
    "192.0.2.1",
  ])("are refused for the host %j", async (host) => {
    const { status, text } = await asked({ host });
    expect(status).toBe(403);
    expect(text).toMatch(
      /^profiles are for this machine only, but its header Host[^\n]*allow[^\n]*\n$/,
    );
    expect((await asked({ host }, { allow: "any" })).status).toBe(200);
  });

  it.each([
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "x-forwarded",
    "Forwarded",
    "Via",
    "X-Real-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
    "X-Envoy-External-Address",
  ])("are refused if a proxy added %s", async (name) => {
    const { status, text } = await asked({ [name]: "127.0.0.1" });
    expect(status).toBe(403);
    expect(text).toContain(`its header ${name.toLowerCase()} shows`);
    expect((await asked({ [name]: "127.0.0.1" }, { allow: "any" })).status).toBe(200);
  });

  it("are refused over HTTP/1.0, which nginx uses", async () => {
    const port = await listening(pprofHandler());
    const answered = await new Promise<string>((resolve) => {
      const socket = net.connect(port, "127.0.0.1");
      let all = "";
      socket.on("data", (piece) => {
        all += piece;
      });
      socket.on("end", () => resolve(all));
      socket.write(`GET ${INDEX} HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    });
    expect(answered).toMatch(/^HTTP\/1\.1 403 /);
    expect(answered).toContain("HTTP/1.0");
  });

  it("are answered at [::1]", async () => {
    expect(await asked({}, {}, "::1")).toEqual({ status: 200, text: "" });
  });

  it("are answered at a Unix socket, for any host, but not through a proxy", async () => {
    const socketPath = path.join(os.tmpdir(), `tsprof-http-${process.pid}.sock`);
    const { createServer } = await import("node:http");
    const server = createServer(pprofHandler());
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    onTestFinished(() => void server.close());
    const at = (headers: http.OutgoingHttpHeaders) => ask(0, INDEX, { socketPath, headers });
    expect((await at({ host: "app" })).status).toBe(200);
    expect((await at({ host: "app", "x-forwarded-for": "192.0.2.7" })).status).toBe(403);
  });
});

describe("requests by HTTP/2", () => {
  it("are answered alike", async () => {
    const server = http2.createServer(
      pprofHandler() as unknown as (
        request: Http2ServerRequest,
        response: Http2ServerResponse,
      ) => void,
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    onTestFinished(() => {
      client.destroy();
      server.close();
    });
    const at = async (authority: string, path: string) => {
      const stream = client.request({ ":authority": authority, ":path": path });
      const [headers] = await once(stream, "response");
      return { status: headers[":status"], bytes: (await buffer(stream)).length };
    };
    expect((await at("localhost:1", "/debug/pprof/heap?seconds=1")).status).toBe(200);
    expect((await at("localhost:1", "/debug/pprof/")).bytes).toBeGreaterThan(1000);
    expect((await at("evil.example", "/debug/pprof/")).status).toBe(403);
  });
});

describe("requests of other sites", () => {
  it.each<http.OutgoingHttpHeaders>([
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none, cross-site" },
    { origin: "http://evil.example" },
    { origin: "null" },
  ])("are always refused: %o", async (headers) => {
    for (const options of [{}, { allow: "any" }, { allow: () => true }] as PprofOptions[]) {
      const { status, text } = await asked(headers, options);
      expect(status).toBe(403);
      expect(text).toMatch(/^the request comes from a page of another site[^\n]*\n$/);
    }
  });

  it.each(["same-origin", "none"])("are not those of %s", async (site) => {
    expect((await asked({ "sec-fetch-site": site })).status).toBe(200);
    const own = { host: "localhost:7", origin: "http://localhost:7" };
    expect((await asked(own)).status).toBe(200);
  });
});

describe.skipIf(outer.length === 0)("requests at a public address", () => {
  it.each(outer.map(({ address }) => address))(
    "are refused at %s unless allowed",
    async (address) => {
      const everywhere = address.includes(":") ? "::" : "0.0.0.0";
      const port = await listening(pprofHandler(), everywhere);
      for (const headers of [{}, { host: "localhost" }, { "x-forwarded-for": "127.0.0.1" }]) {
        for (const path of [INDEX, "/debug/pprof/heap", "/debug/pprof/cmdline", "/debug/pprof"]) {
          const { status, text } = await ask(port, path, { host: address, headers });
          expect(status).toBe(403);
          expect(text).toMatch(/^profiles are for this machine only, [^\n]*allow[^\n]*\n$/);
          expect(text).toContain(`from ${address}`);
        }
      }
      const loopback = address.includes(":") ? "::1" : "127.0.0.1";
      expect((await ask(port, INDEX, { host: loopback })).status).toBe(200);
      // The sender of this machine may be the loopback address all the same.
      if (loopback === "127.0.0.1") {
        const { text } = await ask(port, INDEX, { host: address, localAddress: loopback });
        expect(text).toContain(`sent to ${address}`);
      }
      const open = await listening(pprofHandler({ allow: "any" }), everywhere);
      expect((await ask(open, INDEX, { host: address })).status).toBe(200);
    },
  );
});

describe("the function allow", () => {
  it("gets the request, and must return true", async () => {
    const allow = ({ headers }: http.IncomingMessage) => headers.authorization === "Bearer x";
    expect((await asked({}, { allow })).status).toBe(403);
    expect((await asked({ authorization: "Bearer x", host: "evil" }, { allow })).status).toBe(200);
    expect((await asked({}, { allow: async () => true })).status).toBe(200);
    for (const wrong of [() => 1, () => "yes", () => undefined, async () => "no"]) {
      expect((await asked({}, { allow: wrong as unknown as () => boolean })).status).toBe(403);
    }
  });

  it("that throws allows nothing, and the client does not get the message", async () => {
    const secret = new Error("no user SECRET\nin /srv/app");
    for (const allow of [
      () => {
        throw secret;
      },
      () => Promise.reject(secret),
    ]) {
      const errors: unknown[] = [];
      const reply = await asked({}, { allow, onError: (error) => errors.push(error) });
      expect(reply).toEqual({
        status: 500,
        text: "internal error; see the program's log or its onError\n",
      });
      expect(errors).toEqual([secret]);
    }
  });

  it("that throws is reported on standard error", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => printed.mockRestore());
    const failure = new Error("SECRET");
    const allow = () => {
      throw failure;
    };
    const failing = () => {
      throw new Error("the hook fails");
    };
    for (const options of [{ allow }, { allow, onError: failing }]) {
      const { status, text } = await asked({}, options);
      expect([status, text]).toEqual([500, expect.not.stringContaining("SECRET")]);
    }
    expect(printed.mock.calls).toEqual([
      ["tsprof/http:", failure],
      ["tsprof/http:", new Error("the hook fails")],
    ]);
  });

  it("must have a function as onError", () => {
    const options = { onError: "log" } as unknown as PprofOptions;
    expect(() => pprofHandler(options)).toThrow("onError must be a function");
  });
});
