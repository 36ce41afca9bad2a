import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { useGoServer } from "../support/go-server.js";
import { useOneProcess } from "../support/one-process.js";
import { pprof } from "../support/pprof.js";
import { encodeWithProtobufjs, ROOT } from "../support/proto.js";
import { type RunResult, runProgram, TSPROF } from "../support/run.js";

const tsprof = useOneProcess();

const server = useGoServer();

let folders = 0;
/** A separate home folder, in which fetched profiles are saved. */
function newHome(): { HOME: string; PPROF_TMPDIR: string } {
  return { HOME: path.join(server.folder, `home${folders++}`), PPROF_TMPDIR: "" };
}

function savedIn({ HOME }: { HOME: string }): string[] {
  return readdirSync(path.join(HOME, "pprof")).sort();
}

const pem = (name: string) => path.join(server.folder, name);

/** Expects only pprof's lines and one more on standard error. */
function expectFailure(result: RunResult, message: RegExp, code = 1): void {
  const lines = result.stderr.split("\n").filter((line) => !line.startsWith("Fetching profile "));
  expect(lines).toEqual([expect.stringMatching(message), ""]);
  expect(lines[0]).toMatch(/^tsprof: /);
  expect(result).toMatchObject({ code, stdout: "" });
}

describe("a profile of a Go server", () => {
  it("is fetched, reported on and saved as pprof does", async () => {
    const ours = newHome();
    const theirs = newHome();
    for (const [source, ...options] of [
      [`${server.plain}/debug/pprof/heap`],
      [`http://${server.plain}/debug/pprof/heap`, "-inuse_objects"],
      [`${server.plain}`, "-seconds=1"],
      [`${server.plain}/debug/pprof/profile?seconds=1`],
      [`${server.plain}/debug/pprof/heap`, "-seconds=1"],
      [`${server.plain}/debug/pprof/mutex`, "-seconds", "1"],
    ]) {
      const mine = await tsprof(["-top", ...options, source], { env: ours });
      const other = await pprof(["-top", ...options, source], { env: theirs });
      expect(mine.stderr).toBe(other.stderr.replaceAll(theirs.HOME, ours.HOME));
      expect(mine.code).toBe(0);
      // The values were measured at two moments, but the functions are the same.
      const header = (text: string) => text.match(/^(File|Type): .*$/gm);
      expect(header(mine.stdout)).toEqual(header(other.stdout));
    }
    expect(savedIn(ours)).toEqual(savedIn(theirs));
    expect(savedIn(ours)).toContain("pprof.server.samples.cpu.002.pb.gz");
  });

  it("is saved as the report shows it", async () => {
    const home = newHome();
    const args = ["-raw", "-add_comment=here", `${server.plain}/debug/pprof/heap`];
    const fetched = await tsprof(args, { env: home });
    const [name] = savedIn(home);
    const file = path.join(home.HOME, "pprof", name);
    expect(fetched.stderr).toContain(`\nSaved profile in ${file}\n`);
    expect(await tsprof(["-raw", file])).toEqual({ ...fetched, stderr: "" });
    expect((await pprof(["-comments", file])).stdout).toContain("here");
  });

  it("is not saved with -no_save, nor is a file", async () => {
    const home = newHome();
    const result = await tsprof(["top", "-no_save", `${server.plain}/debug/pprof/heap`], {
      env: home,
    });
    expect(result.stderr).not.toContain("Saved");
    await tsprof(["top", "fixtures/go-cpu.pb.gz"], { env: home });
    expect(() => savedIn(home)).toThrow(/ENOENT/);
  });

  it("is shown even if it cannot be saved", async () => {
    const file = pem("file");
    writeFileSync(file, "");
    const env = { HOME: file, PPROF_TMPDIR: file, TMPDIR: path.join(file, "x") };
    const result = await tsprof(["top", `${server.plain}/debug/pprof/heap`], { env });
    expect(result.stderr).toMatch(/\ntsprof: cannot save the profile: .*\n$/);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain("main.keepMemory");
  });

  it("comes over a Unix socket", async () => {
    const source = `unix:${server.socket}:/debug/pprof/heap`;
    const result = await tsprof(["top", source], { env: newHome() });
    expect(result.stderr).toContain(`Fetching profile over HTTP from ${source}\n`);
    expect(result.stdout).toContain("main.keepMemory");
    const nowhere = await tsprof(["top", "unix:/no/such.sock:/x"]);
    expectFailure(nowhere, /unix:\/no\/such\.sock:\/x: no such socket/);
  });

  it("is not fetched if a file has that name, as in pprof", async () => {
    const name = "localhost:1";
    writeFileSync(pem(name), readFileSync("fixtures/go-cpu.pb.gz"));
    const result = await tsprof(["top", name], { cwd: server.folder });
    expect(result).toMatchObject({ code: 0, stderr: "" });
  });
});

function profileWithComment(comment: string): Uint8Array {
  return encodeWithProtobufjs({
    string_table: ["", "n", "count", comment],
    sample_type: [{ type: 1, unit: 2 }],
    period_type: { type: 1, unit: 2 },
    comment: [3],
  });
}

describe("several sources", () => {
  it("are fetched at the same time, the base too, and merged in the order given", async () => {
    const waiting: [name: string, response: http.ServerResponse][] = [];
    // The server waits for all requests, and then answers the last one first.
    const slow = http.createServer((request, response) => {
      waiting.push([request.url ?? "", response]);
      if (waiting.length < 4) return;
      for (const [name, other] of waiting.sort().reverse()) other.end(profileWithComment(name));
    });
    await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
    const url = (name: string) => `127.0.0.1:${(slow.address() as AddressInfo).port}/${name}`;
    try {
      const args = ["-comments", `-base=${url("z")}`, url("a"), url("c"), url("b")];
      const { stdout } = await tsprof(args, { env: newHome() });
      expect(stdout.split("\n")).toEqual(["/a", "/c", "/b", "/z", ""]);
    } finally {
      slow.close();
      slow.closeAllConnections();
    }
  });

  it("without names of binaries stay apart as in pprof, and nothing of the URL is shown", async () => {
    const heap = `${server.plain}/debug/pprof/heap?debug=1`;
    const raw = (run: typeof tsprof, home: { HOME: string }) =>
      run(["-raw", "-symbolize=none", heap, heap.replace("127.0.0.1", "localhost")], { env: home });
    const mappings = (text: string) => text.slice(text.indexOf("Mappings\n"));
    const [ours, theirs] = [newHome(), newHome()];
    const mine = mappings((await raw(tsprof, ours)).stdout);
    expect(mine).toBe(mappings((await raw(pprof, theirs)).stdout));
    expect(savedIn(ours)).toEqual(savedIn(theirs));
  });

  it("are merged if they answer, and the others are named", async () => {
    const heap = `http://${server.plain}/debug/pprof/heap`;
    const files = ["fixtures/go-heap.pb.gz", "no-such-file"];
    const args = ["-top", `${server.plain}/fails`, heap, "127.0.0.1:1/x", ...files];
    const { code, stdout, stderr } = await tsprof(args, { env: newHome() });
    const complaints = stderr.split("\n").filter((line) => line.startsWith("tsprof: "));
    expect(complaints).toEqual([
      expect.stringMatching(/\/fails: the server answered 500 .*: out of \\x1b\[31mred; /),
      expect.stringMatching(/^tsprof: http:\/\/127\.0\.0\.1:1\/x: connection refused; /),
      "tsprof: no-such-file: no such file or directory",
      "tsprof: read 2 of 5 profiles",
    ]);
    expect(stdout).toContain("main.keepMemory");
    expect(code).toBe(0);
    const none = await tsprof(["-top", `${server.plain}/fails`, "127.0.0.1:1"]);
    expect(none.stderr).toMatch(/tsprof: none of the profiles could be read\n$/);
    expect(none.code).toBe(1);
  });

  it("are not waited for when the base fails", async () => {
    const start = performance.now();
    const args = ["-top", `-base=${server.plain}/fails`, `${server.plain}/stalls`];
    expectFailure(await tsprof(args), /\/fails: the server answered 500/);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("a server with TLS", () => {
  const heap = (address: string, scheme = "https") => `${scheme}://${address}/debug/pprof/heap`;

  it("is trusted with its authority, or with https+insecure", async () => {
    const env = newHome();
    const trusted = await tsprof(["top", `-tls_ca=${pem("ca.pem")}`, heap(server.secure)], { env });
    expect(trusted.stdout).toContain("main.keepMemory");
    for (const address of [server.secure, server.expired]) {
      const any = await tsprof(["top", heap(address, "https+insecure")], { env });
      expect(any.stdout).toContain("main.keepMemory");
    }
  });

  it("is trusted in the same way by info", async () => {
    const url = heap(server.mutual);
    const trust = [`-tls_ca=${pem("ca.pem")}`, `-tls_cert=${pem("client.pem")}`];
    const info = await tsprof(["info", ...trust, `-tls_key=${pem("client.key")}`, url]);
    expect(info.stdout).toMatch(/^File: https:.*\nFormat: profile\.proto in gzip/);
    expectFailure(
      await tsprof(["info", url]),
      /unknown authority signed .*; name the authority with -tls_ca/,
    );
  });

  it("is refused otherwise, with a hint", async () => {
    const unknown = await tsprof(["top", heap(server.secure)]);
    expectFailure(
      unknown,
      /unknown authority signed .*; name the authority with -tls_ca, .*https\+insecure/,
    );
    const expired = await tsprof(["top", `-tls_ca=${pem("ca.pem")}`, heap(server.expired)]);
    expectFailure(expired, /the server's certificate has expired; .*https\+insecure/);
    const plain = await tsprof(["top", heap(server.plain)]);
    expectFailure(plain, /does not use TLS on this port; try http:/);
  });

  it("gets the client's certificate", async () => {
    const args = (name: string) => [
      "top",
      `-tls_ca=${pem("ca.pem")}`,
      `-tls_cert=${pem(`${name}.pem`)}`,
      `-tls_key=${pem(`${name}.key`)}`,
      heap(server.mutual),
    ];
    const known = await tsprof(args("client"), { env: newHome() });
    expect(known.stdout).toContain("main.keepMemory");
    expectFailure(
      await tsprof(args("stranger")),
      /(accept the client's|needs a client) certificate.*-tls_cert/,
    );
    const none = await tsprof(["top", `-tls_ca=${pem("ca.pem")}`, heap(server.mutual)]);
    expectFailure(none, /(accept the client's|needs a client) certificate.*-tls_cert/);
  });

  it("needs valid files", async () => {
    const url = heap(server.mutual);
    const fail = (...args: string[]) => tsprof(["top", ...args, url]);
    expectFailure(await fail(`-tls_cert=${pem("client.pem")}`), /-tls_cert needs -tls_key/, 2);
    expectFailure(await fail(`-tls_key=${pem("client.key")}`), /-tls_key needs -tls_cert/, 2);
    expectFailure(await fail("-tls_ca=/no/such"), /-tls_ca: \/no\/such: no such file/);
    expectFailure(await fail(`-tls_ca=${pem("server.go")}`), /-tls_ca: .*: is not in PEM format/);
    const pair = [`-tls_cert=${pem("client.pem")}`, `-tls_key=${pem("server.key")}`];
    expectFailure(await fail(...pair), /are not a certificate and its key/);
  });
});

describe("a request", () => {
  /** Returns the request that a server received, from the text of its error. */
  const asked = ({ stderr }: RunResult) => {
    const [, json] = /teapot: (\{.*?\})(?:\.\.\.)?(?:;|$)/m.exec(stderr) ?? [];
    return JSON.parse(json ?? "null");
  };

  it("has the given headers and user, which no message shows", async () => {
    const source = `me:s%40cret@${server.plain}/request`;
    const result = await tsprof(["top", "-header", "X-A: one", "--header=x-b:2", source]);
    expect(asked(result).headers).toMatchObject({
      Authorization: [`Basic ${Buffer.from("me:s@cret").toString("base64")}`],
      "X-A": ["one"],
      "X-B": ["2"],
    });
    expect(result.stderr).toContain(`http://me:xxxxx@${server.plain}/request`);
    expect(result.stderr).not.toContain("cret");
    const token = ["top", "-header=authorization: Bearer token", source];
    expect(asked(await tsprof(token)).headers.Authorization).toEqual(["Bearer token"]);
    for (const broken of ["http://me:secret@ho st/x", "http://me:sec/ret@host/x"]) {
      const misread = await tsprof(["top", broken]);
      expectFailure(misread, /http:\/\/me:xxxxx@.* not a valid URL/);
    }
    expectFailure(await tsprof(["top", "-header=X", source]), /-header needs a name/, 2);
  });

  it("goes through the proxies of the environment", async () => {
    const seen: string[] = [];
    // The proxy forwards all hosts to the server.
    const proxy = http.createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"]}`);
      const { pathname, search } = new URL(request.url ?? "");
      if (pathname === "/strict") {
        response.writeHead(407, { "content-type": "text/plain" }).end("who are you?");
        return;
      }
      http.get(`http://${server.plain}${pathname}${search}`, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
    });
    proxy.on("connect", (request, socket) => {
      seen.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"]}`);
      if (request.url?.startsWith("forbidden")) {
        socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
        return;
      }
      const [host, port] = server.secure.split(":");
      const tunnel = net.connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        tunnel.pipe(socket).pipe(tunnel);
      });
      tunnel.on("error", () => socket.destroy());
      socket.on("error", () => tunnel.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    const env = {
      ...newHome(),
      HTTP_PROXY: `http://u:p%40@127.0.0.1:${port}`,
      https_proxy: `127.0.0.1:${port}`,
    };
    try {
      const plain = await tsprof(["top", "service.test:99/debug/pprof/heap"], { env });
      expect(plain.stdout).toContain("main.keepMemory");
      const ca = `-tls_ca=${pem("ca.pem")}`;
      const secure = await tsprof(["top", ca, "https://service.test/debug/pprof/heap"], { env });
      expect(secure.stdout).toContain("main.keepMemory");
      const token = Buffer.from("u:p@").toString("base64");
      expect(seen).toEqual([
        `GET http://service.test:99/debug/pprof/heap Basic ${token}`,
        "CONNECT service.test:443 undefined",
      ]);
      const local = await tsprof(["top", `${server.plain}/debug/pprof/heap`], { env });
      expect(local.code).toBe(0);
      // Another address of this machine that does not look like a loopback address.
      const exempt = server.plain.replace("127.0.0.1", "0.0.0.0");
      const direct = await tsprof(["top", `${exempt}/debug/pprof/heap`], {
        env: { ...env, NO_PROXY: ".other,0.0.0.0" },
      });
      expect(direct.code).toBe(0);
      expect(seen).toHaveLength(2);
      const refused = await tsprof(["top", "https://forbidden.test/x"], { env });
      expectFailure(refused, /through the proxy 127\.0\.0\.1:\d+: the proxy refused .* status 403/);
      const strict = await tsprof(["top", "http://service.test/strict"], { env });
      expectFailure(strict, /the proxy needs user:password@ before its name/);
      const gone = await tsprof(["top", "http://service.test/x"], {
        env: { ...env, HTTP_PROXY: "http://u:secret@127.0.0.1:1" },
      });
      expectFailure(gone, /: through the proxy 127\.0\.0\.1:1: connection refused/);
      expect(gone.stderr).not.toContain("secret");
    } finally {
      proxy.close();
      proxy.closeAllConnections();
    }
  });

  it("is refused with wrong options", async () => {
    const source = server.plain;
    expectFailure(await tsprof(["top", "-seconds=x", source]), /-seconds must be a whole/, 2);
    expectFailure(await tsprof(["top", "-timeout=9999999", source]), /-timeout must be/, 2);
  });
});

describe("the commands of docs/guides/servers.md", () => {
  const guide = readFileSync(path.join(ROOT, "docs/guides/servers.md"), "utf8");
  const commands = [...guide.matchAll(/^```sh\n([^`]*)^```/gm)].flatMap(([, block]) =>
    block.trim().split("\n"),
  );

  it("are found", () => {
    expect(commands.length).toBeGreaterThan(7);
  });

  it.each(commands)("work: %s", async (command) => {
    const here = command
      .replace(/\b(localhost|web\d):6060/g, server.plain)
      .replace("app.example", server.mutual)
      .replace("/run/app.sock", server.socket)
      .replace("old-heap.pb.gz", path.join(ROOT, "fixtures/go-heap.pb.gz"))
      .replace(
        /=(me|ca)\.(pem|key)/g,
        (_, name, ending) => `=${pem(`${name === "me" ? "client" : name}.${ending}`)}`,
      )
      .replace(/seconds=\d+/, "seconds=1");
    const script = `tsprof() { '${process.execPath}' '${TSPROF}' "$@"; }\n${here}`;
    const result = await runProgram("bash", ["-c", script], { env: { ...newHome(), TOKEN: "t" } });
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^File: server$/m);
  });
});
