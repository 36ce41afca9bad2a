import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { ENDPOINTS, type SessionInfo } from "../../src/page/protocol.js";
import { isOwnHost, parseListenAddress } from "../../src/server/listen-address.js";
import { useGoServer } from "../support/go-server.js";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";
import { tsprof } from "../support/run.js";
import { startTsprof } from "../support/web-server.js";

const inOneProcess = useOneProcess();
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-web-start-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PROFILE = path.join(ROOT, "fixtures/go-cpu.pb.gz");
const noDisplay = { DISPLAY: "", WAYLAND_DISPLAY: "", BROWSER: "" };
const go = useGoServer();

/** Makes a browser that records the URL; returns the file of the record. */
function makeBrowser(name: string): { BROWSER: string; seen: string } {
  const [program, seen] = [path.join(folder, name), path.join(folder, `${name}.seen`)];
  writeFileSync(program, `#!/bin/sh\necho "$@" > '${seen}'\n`);
  chmodSync(program, 0o755);
  return { BROWSER: program, seen };
}

describe("the web interface", () => {
  it("is opened in a browser, and ends with Ctrl-C", async () => {
    const { BROWSER, seen } = makeBrowser("browser");
    const env = { ...noDisplay, BROWSER };
    for (const args of [["-http=:"], ["serve", "-http=127.0.0.1:"]]) {
      const server = await startTsprof([...args, PROFILE], { env });
      await expect.poll(() => existsSync(seen)).toBe(true);
      expect(readFileSync(seen, "utf8")).toBe(`${server.url}\n`);
      rmSync(seen);
      expect(
        (await server.ask("/ui/top", { headers: { Host: new URL(server.url).host } })).status,
      ).toBe(200);
      expect(await server.stop()).toBe(0);
      expect(server.stderr).toBe(`Serving web UI on ${server.url}\n`);
    }
  });

  it("opens no browser with -no_browser, and works without one", async () => {
    const { BROWSER, seen } = makeBrowser("unwanted");
    for (const [args, env] of [
      [["-no_browser"], { ...noDisplay, BROWSER }],
      [[], noDisplay],
      [[], { ...noDisplay, BROWSER: path.join(folder, "nosuch") }],
    ] as const) {
      const server = await startTsprof(["serve", ...args, PROFILE], { env });
      expect((await server.ask(ENDPOINTS.session)).status).toBe(200);
      expect(await server.stop()).toBe(0);
      expect(server.stderr).toBe(`Serving web UI on ${server.url}\n`);
    }
    expect(existsSync(seen)).toBe(false);
  });

  it("listens on both addresses of localhost, or on the given address", async () => {
    const server = await startTsprof(["serve", "-no_browser", PROFILE]);
    for (const host of ["127.0.0.1", "[::1]", "localhost"]) {
      expect((await fetch(`http://${host}:${server.port}/ui/top`)).status).toBe(200);
    }
    // Other machines cannot reach the server.
    for (const address of outsideAddresses()) {
      await expect(fetch(`http://${address}:${server.port}/ui/top`)).rejects.toThrow();
    }
    await server.stop();
  });

  it("accepts its addresses and its name if it is public", async () => {
    const server = await startTsprof(["-http=0.0.0.0:", "-no_browser", PROFILE]);
    const { port } = server;
    for (const [host, status] of [
      [`localhost:${port}`, 200],
      [`127.0.0.1:${port}`, 200],
      [`10.1.2.3:${port}`, 200],
      [`${os.hostname()}:${port}`, 200],
      [`evil.example:${port}`, 403],
      [`10.1.2.3.evil.example:${port}`, 403],
    ] as const) {
      const reply = await server.ask("/ui/top", { headers: { Host: host } });
      expect([host, reply.status]).toEqual([host, status]);
    }
    await server.stop();
  });

  it("reports in one line that it cannot listen", async () => {
    const taken = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as AddressInfo;
    const result = await tsprof([`-http=:${port}`, "-no_browser", PROFILE]);
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toMatch(/^tsprof: [^\n]*\bin use[^\n]*\n$/);
    taken.close();
    for (const [address, message] of [
      ["192.0.2.1:", /^tsprof: 192\.0\.2\.1 is not an address of this machine\n$/],
      ["nosuch.invalid:", /^tsprof: (there is no|cannot look up the) host nosuch\.invalid\n$/],
    ] as const) {
      const failed = await tsprof([`-http=${address}`, "-no_browser", PROFILE]);
      expect(failed.code).toBe(1);
      expect(failed.stderr).toMatch(message);
    }
  });

  it("ends like other commands if there is nothing to show", async () => {
    const { BROWSER, seen } = makeBrowser("early");
    const env = { ...noDisplay, BROWSER };
    const broken = path.join(folder, "broken.pb.gz");
    writeFileSync(broken, readFileSync(PROFILE).subarray(0, 9000));
    for (const args of [
      ["nosuch.pb.gz"],
      [folder],
      [broken],
      ["-max_size=x", PROFILE],
      ["-base=nosuch.pb.gz", PROFILE],
      ["-base=x", "-diff_base=y", PROFILE],
      ["-normalize", PROFILE],
    ]) {
      const [served, printed] = await Promise.all([
        tsprof(["serve", ...args], { env }),
        inOneProcess(["top", ...args]),
      ]);
      expect(served).toEqual({ ...printed, stdout: "" });
      expect(existsSync(seen)).toBe(false);
    }
  });

  it("excludes reports", async () => {
    for (const [args, message] of [
      [["-http=:", "-top", PROFILE], /top/],
      [["top", "-http=:8080", PROFILE], /top/],
      [["-http=:", "-peek=x", PROFILE], /peek/],
      [["top", "-no_browser", PROFILE], /^tsprof: -no_browser is only for -http/],
      [["-http=a:b", PROFILE], /^tsprof: -http must be HOST:PORT/],
      [["-http=:99999", PROFILE], /^tsprof: -http must be HOST:PORT/],
      [["serve"], /no profile given; try: tsprof serve FILE/],
      [["serve", "-htpp=:", PROFILE], /Did you mean -http\?/],
      [["-htpp=:", PROFILE], /Did you mean -http\?/],
    ] as const) {
      const { code, stdout, stderr } = await inOneProcess(args);
      expect([args, code, stdout]).toEqual([args, 2, ""]);
      expect(stderr).toMatch(/^tsprof: [^\n]+\n$/);
      expect(stderr).toMatch(message);
    }
    const help = await inOneProcess(["help", "serve"]);
    expect(help.stdout).toMatch(/Web interface:\n +-http=HOST:PORT/);
    expect((await inOneProcess(["help", "top"])).stdout).not.toContain("-http=");
  });

  it("shows profiles from servers and from pipes", async () => {
    const env = { HOME: folder, PPROF_TMPDIR: "" };
    const url = `http://user:pass@${go.plain}/debug/pprof/heap`;
    const live = await startTsprof(["serve", "-no_browser", url], { env });
    const info = JSON.parse((await live.ask(ENDPOINTS.session)).text) as SessionInfo;
    expect(info.title).toBe(url.replace("pass", "xxxxx"));
    expect((await live.ask(`${ENDPOINTS.text}?report=top`)).text).toContain("Type: inuse_space");
    expect(await live.stop()).toBe(0);

    const piped = await startTsprof(["serve", "-no_browser", "-"], {
      input: readFileSync(PROFILE),
    });
    const { bytes, headers } = await piped.ask(ENDPOINTS.download);
    expect(bytes.equals(readFileSync(PROFILE))).toBe(true);
    expect(headers["content-disposition"]).toBe('attachment; filename="standard_input.pb.gz"');
    expect(await piped.stop()).toBe(0);
  });

  it("serves pages while it reads, and ends with Ctrl-C", async () => {
    const args = ["serve", "-no_browser", "-no_save", "-seconds=30", `http://${go.plain}`];
    const server = await startTsprof(args);
    expect((await server.ask("/ui/flamegraph")).status).toBe(200);
    const waiting = server.ask(ENDPOINTS.session).catch(() => "ended");
    expect(await server.stop()).toBe(0);
    expect(await waiting).toBe("ended");
    expect(server.stderr).not.toContain("tsprof: ");
  });

  it("sends long reports while it makes them, and ends with Ctrl-C", {
    timeout: 180_000,
  }, async () => {
    const large = path.join(folder, "large.folded");
    const frames = (line: number) =>
      Array.from({ length: 60 }, (_, i) => `f${(line * 7 + i * i) % 5000}`);
    const lines = Array.from({ length: 12_000 }, (_, i) => `${frames(i).join(";")} ${i + 1}\n`);
    writeFileSync(large, lines.join(""));
    const serve = () => startTsprof(["serve", "-no_browser", large], { cwd: folder });

    const server = await serve();
    const { begun, over } = server.begin(`${ENDPOINTS.text}?report=traces`);
    expect((await begun).headers["transfer-encoding"]).toBe("chunked");
    expect((await server.ask(ENDPOINTS.session)).status).toBe(200);
    expect(await server.stop()).toBe(0);
    expect(await over).toBe(false);
    expect(server.stderr).toBe(`Serving web UI on ${server.url}\n`);

    for (const [request, wait] of [
      ["report?report=peek&q=.", 50],
      ["report?report=svg&n=2000", 50],
      ["weblist?q=.", 50],
    ] as const) {
      const busy = await serve();
      await busy.ask(ENDPOINTS.session);
      const { over } = busy.begin(`/ui/${request}`);
      // The report is being computed by then. It may also be done: the server must end either way.
      await setTimeout(wait);
      expect([request, await busy.stop()]).toEqual([request, 0]);
      await over;
      expect(busy.stderr).toBe(`Serving web UI on ${busy.url}\n`);
    }
  });

  it("sends the error to a waiting page", async () => {
    // The server runs, but has no page of that name.
    const silent = net.createServer((socket) => {
      void setTimeout(1000).then(() =>
        socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
      );
    });
    silent.listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as AddressInfo;
    const server = await startTsprof(["serve", "-no_browser", `http://127.0.0.1:${port}/x`]);
    const { status, text } = await server.ask(ENDPOINTS.session);
    expect(status).toBe(500);
    expect(text).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/x: [^\n]*404[^\n]*\n$/);
    expect(await server.ended).toBe(1);
    expect(server.stderr.split("\n").at(-2)).toBe(`tsprof: ${text.trim()}`);
    silent.close();
  });
});

function outsideAddresses(): string[] {
  return Object.values(os.networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);
}

describe("the listening address", () => {
  it.each([
    ["", "localhost", 0],
    [":", "localhost", 0],
    [":8080", "localhost", 8080],
    ["8080", "localhost", 8080],
    ["localhost:", "localhost", 0],
    ["0.0.0.0:80", "0.0.0.0", 80],
    ["[::1]:81", "::1", 81],
    ["[::]:", "::", 0],
    ["example.com:443", "example.com", 443],
  ])("%j is %s and %d", (text, host, port) => {
    expect(parseListenAddress(text)).toEqual({ host, port });
  });

  it.each(["a:b", ":-1", ":65536", "::1:80", "[::1", "http://localhost:80", "a b:1", "u@h:1"])(
    "%j makes no sense",
    (text) => {
      expect(() => parseListenAddress(text)).toThrow(/^-http must be HOST:PORT/);
    },
  );

  it("port 80 may be left out of a name", () => {
    const address = { host: "localhost", port: 80 };
    expect(isOwnHost("localhost", address, [])).toBe(true);
    expect(isOwnHost("localhost:80", address, [])).toBe(true);
    expect(isOwnHost("localhost:81", address, [])).toBe(false);
  });
});
