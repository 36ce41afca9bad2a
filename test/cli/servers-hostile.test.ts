import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";
import { type RunResult, TSPROF, tsprof as tsprofProcess } from "../support/run.js";

const tsprof = useOneProcess();

const home = mkdtempSync(path.join(os.tmpdir(), "tsprof-home-"));
const env = { HOME: home, PPROF_TMPDIR: "" };

const MB = 2 ** 20;

/** A member of a gzip file; 32 of them inflate to 2 GB. */
const ZEROS = gzipSync(Buffer.alloc(64 * MB));

/** Sends `piece` until the client disconnects, at most `times` times. */
async function repeat(response: http.ServerResponse, piece: Uint8Array, times: number) {
  const pieces = Readable.from(Array<Uint8Array>(times).fill(piece));
  // The client may disconnect early.
  await pipeline(pieces, response).catch(() => {});
}

const HANDLERS: Record<string, http.RequestListener> = {
  "/never": () => {},
  "/drips": (_, response) => {
    const timer = setInterval(() => response.write("a"), 100);
    response.on("close", () => clearInterval(timer));
  },
  "/half": (_, response) => {
    response.writeHead(200, { "content-length": 1000 });
    response.write("half", () => response.destroy());
  },
  "/half-chunk": (_, response) => {
    response.write("half", () => response.destroy());
  },
  "/cut-gzip": (_, response) => {
    response.end(gzipSync("a profile").subarray(0, 15));
  },
  "/nothing": (request) => {
    request.socket.destroy();
  },
  "/loop": (_, response) => {
    response.writeHead(302, { location: "/loop" }).end();
  },
  "/out": (_, response) => {
    response.writeHead(302, { location: "file:///etc/passwd" }).end();
  },
  "/html": (_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end("<!DOCTYPE html><p>Hello");
  },
  "/untold-html": (_, response) => {
    response.writeHead(200, { "content-type": "application/octet-stream" });
    response.end("\n<html><p>Hello");
  },
  "/text": (_, response) => {
    response.end("no profile at all");
  },
  "/empty": (_, response) => {
    response.end();
  },
  "/404": (_, response) => {
    response.writeHead(404, { "content-type": "text/plain" }).end("nothing \x1b[31mhere\x07\nmore");
  },
  "/403": (_, response) => {
    response.writeHead(403, { "content-type": "text/html" }).end("<h1>no</h1>");
  },
  "/500": (_, response) => {
    response.writeHead(500, { "content-type": "text/plain" });
    void repeat(response, Buffer.alloc(MB, "x"), 2048);
  },
  "/brotli": (_, response) => {
    response.writeHead(200, { "content-encoding": "br" }).end("x");
  },
  "/zeros": (_, response) => {
    void repeat(response, Buffer.alloc(MB), 2048);
  },
  "/zeros-gzip": (_, response) => {
    void repeat(response, ZEROS, 32);
  },
  "/zeros-encoded": (_, response) => {
    response.writeHead(200, { "content-encoding": "gzip" });
    void repeat(response, ZEROS, 32);
  },
  "/letters": (_, response) => {
    void repeat(response, Buffer.alloc(MB, "heap profile: "), 4096);
  },
  "/header": (request, response) => {
    response.writeHead(403, { "content-type": "text/plain" });
    response.end(`key=${request.headers["x-key"]} auth=${request.headers.authorization}`);
  },
};

const server = http.createServer((request, response) => {
  const url = request.url ?? "";
  if (url.startsWith("/to/")) {
    response.writeHead(302, { location: decodeURIComponent(url.slice(4)) }).end();
    return;
  }
  HANDLERS[url]?.(request, response);
});
/** A server that does not speak HTTP. */
const babbler = net.createServer((socket) => {
  socket.on("error", () => {});
  socket.end("220 mail.test ESMTP\r\n");
});
let address = "";
let babble = "";

beforeAll(async () => {
  for (const one of [server, babbler]) {
    await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  }
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  babble = `127.0.0.1:${(babbler.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  babbler.close();
  rmSync(home, { recursive: true });
});

function expectFailure({ code, stdout, stderr }: RunResult, message: RegExp): void {
  const lines = stderr.split("\n").filter((line) => !line.startsWith("Fetching profile "));
  expect(lines).toEqual([expect.stringMatching(message), ""]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(readdirSync(home)).toEqual([]);
}

describe("a server that does not serve a profile", () => {
  it.each<[string, RegExp]>([
    ["/half", /closed the connection before the profile was complete/],
    ["/half-chunk", /closed the connection before the profile was complete/],
    ["/cut-gzip", /damaged gzip data: it ends too early/],
    ["/nothing", /closed the connection without a response; is this the right port\?/],
    ["/loop", /more than 10 redirects; is the address right\?/],
    ["/out", /redirected to an address that is neither http nor https/],
    ["/html", /sent an HTML page; is this a pprof endpoint\?/],
    ["/untold-html", /sent an HTML page; is this a pprof endpoint\?/],
    ["/text", /unrecognized profile format: this looks like text/],
    ["/404", /answered 404 Not Found: nothing \\x1b\[31mhere\\x07; is the path right\?/],
    ["/403", /answered 403 Forbidden; log in with -header/],
    ["/500", /answered 500 Internal Server Error: x{200}\.\.\.; see the server's log/],
    ["/brotli", /used the unsupported encoding br/],
  ])("at %s is reported in one line", async (path_, message) => {
    const result = await tsprof(["top", address + path_], { env });
    expectFailure(result, message);
    expect(result.stderr).toContain(`\ntsprof: http://${address}${path_}: `);
  });

  it("but sends nothing is treated as an empty file", async () => {
    const fetched = await tsprof(["top", `${address}/empty`], { env });
    const file = await tsprof(["top", "/dev/null"]);
    const reason = ({ stderr }: RunResult) => stderr.trimEnd().replace(/^.*: /s, "");
    expect(reason(fetched)).toBe(reason(file));
    expect(fetched.code).toBe(file.code);
  });

  // Run both at the same time, since each waits for six seconds.
  it.concurrent.each(["/never", "/drips"])(
    "at %s is waited for as long as -timeout says",
    async (path_) => {
      const start = performance.now();
      // pprof adds five seconds to any wait.
      const result = await tsprofProcess(["top", "-timeout=1", address + path_], { env });
      expectFailure(result, /was incomplete after 6 s; wait longer with -timeout/);
      expect(performance.now() - start).toBeLessThan(20_000);
    },
  );

  it("or does not speak HTTP, is reported", async () => {
    expectFailure(await tsprof(["top", babble], { env }), /is not HTTP; is this the right port/);
    expectFailure(await tsprof(["top", `https://${babble}`], { env }), /does not use TLS/);
  });
});

describe("a host", () => {
  it("that is unknown, or does not listen, is reported", async () => {
    // Without a network, even the lookup of the name fails.
    const unknown = await tsprof(["top", "http://no-such-host.invalid/x"], { env });
    expectFailure(
      unknown,
      /no-such-host\.invalid\/x: (no such host|cannot look up the host's name)/,
    );
    const closed = await tsprof(["top", "127.0.0.1:1/x"], { env });
    expectFailure(closed, /connection refused; is the server running on this port\?/);
  });
});

describe("a server that sends 2 GB", () => {
  /** Runs with a memory limit; returns the memory that was used, in megabytes. */
  async function measured(args: string[]): Promise<RunResult & { megabytes: number }> {
    const script = `
      process.on("exit", () => {
        require("node:fs").writeSync(2, "peak " + process.resourceUsage().maxRSS + "\\n");
      });`;
    const preload = `data:text/javascript,${encodeURIComponent(
      `import { createRequire } from "node:module"; const require = createRequire("/"); ${script}`,
    )}`;
    const child = spawn(process.execPath, ["--import", preload, TSPROF, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (piece) => {
      stdout += piece;
    });
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    const code = await new Promise<number>((resolve) => child.on("close", resolve));
    const peak = /peak (\d+)\n$/.exec(stderr);
    const megabytes = Number(peak?.[1]) / 1024;
    return { code, stdout, stderr: stderr.slice(0, peak?.index), megabytes };
  }

  it.each<[string, RegExp]>([
    ["/zeros", /the server sent zeros, not a profile/],
    ["/zeros-gzip", /begins with zero bytes/],
    ["/zeros-encoded", /the server sent zeros/],
  ])("of zeros at %s is abandoned soon", async (path_, message) => {
    const start = performance.now();
    const result = await measured(["top", address + path_]);
    expectFailure(result, message);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(result.megabytes).toBeLessThan(400);
  });

  it("is abandoned at -max_size", async () => {
    const result = await measured(["top", "-max_size=100mb", `${address}/letters`]);
    expectFailure(result, /more than 100 MB; raise the limit with -max_size/);
    expect(result.megabytes).toBeLessThan(400);
  });

  it("in several answers is abandoned at -max_size for all of them", async () => {
    const letters = Array<string>(20).fill(`${address}/letters`);
    const result = await measured(["top", "-max_size=100mb", ...letters]);
    expect(result.stderr.match(/raise the limit/g)).toHaveLength(20);
    expect(result.megabytes).toBeLessThan(500);
  });
});

describe("a redirect", () => {
  it("to another server gets no headers and no password", async () => {
    const other = http.createServer((request, response) => HANDLERS["/header"](request, response));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const there = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    const ask = (location: string) =>
      tsprof(["top", "-header=X-Key: k", `me:pw@${address}/to/${encodeURIComponent(location)}`], {
        env,
      });
    try {
      const [away, home_] = [await ask(there), await ask("/header")];
      expect(away.stderr).toContain(`redirected to ${there}: the server answered 403`);
      expect(away.stderr).toContain("key=undefined auth=undefined");
      expect(home_.stderr).toMatch(/redirected to http:\/\/me:xxxxx@.*: key=k auth=Basic \w+/);
    } finally {
      other.close();
      other.closeAllConnections();
    }
  });
});
