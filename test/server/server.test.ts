import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OPTIONS } from "../../src/options/table.js";
import { decodeDisasm } from "../../src/page/disasm-json.js";
import { decodeFlame } from "../../src/page/flame-json.js";
import { decodeLzma } from "../../src/page/lzma.js";
import { ENDPOINTS, type SessionInfo, VIEWS } from "../../src/page/protocol.js";
import { type Profiled, profileGo } from "../support/machine-code.js";
import { useOneProcess } from "../support/one-process.js";
import { menuParams, withPprof } from "../support/pprof-web.js";
import { decodeWithProtobufjs, encodeWithProtobufjs, ROOT } from "../support/proto.js";
import { startTsprof, type WebServer } from "../support/web-server.js";

const tsprof = useOneProcess();

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-web-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PROFILE = path.join(ROOT, "fixtures/go-cpu.pb.gz");
const env = { XDG_CONFIG_HOME: path.join(folder, "config") };

let server: WebServer;
beforeAll(async () => {
  server = await startTsprof(["serve", "-no_browser", "-source_path=fixtures", PROFILE], { env });
});
afterAll(() => server?.stop());

const read = async <T>(path: string) => JSON.parse((await server.ask(path)).text) as T;

describe("pages", () => {
  it("are documents without data, which name the data to request first", async () => {
    const FLAME = 'href="flame.json?f=%3Cb%3E&amp;x=1"';
    for (const view of [...VIEWS, "flamegraph?p=main"]) {
      const address = `/ui/${view}${view.includes("?") ? "&" : "?"}f=%3Cb%3E&x=1`;
      const { status, headers, text } = await server.ask(address);
      expect(status).toBe(200);
      expect(headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(text).not.toMatch(/<b>|go-cpu|runtime|style=/);
      expect(text).toContain('<meta name="color-scheme" content="light dark">');
      expect(text.match(/(src|href)="[^"]*"/g)).toEqual([
        expect.stringMatching(/^href="data:image\/svg\+xml,%3Csvg[^<>]*%3C%2Fsvg%3E"$/),
        'href="session.json"',
        ...(view === "flamegraph" ? [FLAME] : []),
        'src="assets/app.js"',
        'href="report?report=top"',
      ]);
    }
  });

  it("are found under the paths of pprof, old and new", async () => {
    for (const [from, to] of [
      ["/", "/ui/flamegraph"],
      ["/ui", "/ui/flamegraph"],
      ["/ui/", "/ui/flamegraph"],
      ["/ui/flamegraph2", "/ui/flamegraph"],
      ["/ui/flamegraphold", "/ui/flamegraph"],
      ["/flamegraph", "/ui/flamegraph"],
      ["/top", "/ui/top"],
      ["/peek", "/ui/peek"],
      ["/source", "/ui/source"],
      ["/disasm", "/ui/disasm"],
      ["/download", "/ui/download"],
      ["/favicon.ico", "/ui/assets/icon.svg"],
    ]) {
      for (const query of ["", "?f=a%7Cb&si=cpu"]) {
        const { status, headers } = await server.ask(from + query);
        expect(status).toBe(302);
        const target = new URL(headers.location ?? "", server.url + from);
        expect([from, target.pathname + target.search]).toEqual([from, to + query]);
      }
    }
  });

  it("have links to the views if the path is unknown", async () => {
    const path = "/ui/%3Cscript%3E<script>alert(1)</script>&x";
    const { status, headers, text } = await server.ask(path);
    expect([status, headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(text).not.toContain("<script");
    for (const view of VIEWS) expect(text).toContain(`<a href="/ui/${view}">`);
    for (const other of [
      "/ui/../../etc/passwd",
      "/etc/passwd",
      "/ui/assets/../server",
      "/ui/assets/%2e%2e/x",
      "/ui/assets/constructor",
      "/ui/__proto__",
      "/constructor",
      "/ui/top/",
    ]) {
      expect([other, (await server.ask(other)).status]).toEqual([other, 404]);
    }
  });

  it("load scripts that browsers cache, gzipped if possible", async () => {
    for (const name of ["app.js", "engine.js", "graph.js"]) {
      const address = `/ui/assets/${name}`;
      const plain = await server.ask(address);
      const gzipped = await server.ask(address, { headers: { "Accept-Encoding": "br, gzip" } });
      expect(plain.status).toBe(200);
      expect(plain.headers["content-encoding"]).toBe(undefined);
      expect(gzipped.headers["content-encoding"]).toBe("gzip");
      expect(gunzipSync(gzipped.bytes).equals(plain.bytes)).toBe(true);
      expect(plain.headers["cache-control"]).toBe("no-cache");
      const { etag = "" } = plain.headers;
      const again = await server.ask(address, { headers: { "If-None-Match": etag } });
      expect([again.status, again.text]).toEqual([304, ""]);
    }
    expect((await server.ask("/ui/assets/icon.svg")).text).toMatch(/^<svg/);
    const { status, headers, bytes } = await server.ask("/ui/assets/graphviz.lzma");
    expect([status, headers["content-encoding"]]).toEqual([200, undefined]);
    expect([...decodeLzma(bytes, 2 ** 24).subarray(0, 4)]).toEqual([0, 0x61, 0x73, 0x6d]);
  });
});

describe("every answer", () => {
  it("is protected from other sites", async () => {
    for (const path of ["/", "/ui/top", "/nix", "/ui/assets/app.js", ...Object.values(ENDPOINTS)]) {
      const { headers } = await server.ask(path);
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
      });
      expect(headers["content-security-policy"]).toMatch(/frame-ancestors 'none'|^sandbox|'self'/);
      expect(headers["access-control-allow-origin"]).toBe(undefined);
    }
    const policy = (await server.ask("/ui/top")).headers["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).not.toContain("unsafe-inline");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it("is without a body for HEAD, and refused for other methods", async () => {
    for (const path of ["/ui/top", "/ui/download", "/ui/session.json"]) {
      const get = await server.ask(path);
      const head = await server.ask(path, { method: "HEAD" });
      expect([head.status, head.text]).toEqual([200, ""]);
      expect(head.headers["content-length"]).toBe(String(get.bytes.length));
      for (const method of ["PUT", "DELETE", "POST"]) {
        const other = await server.ask(path, { method, headers: { Origin: server.url } });
        expect([other.status, other.headers.allow]).toEqual([405, "GET, HEAD"]);
      }
    }
    const get = await server.ask(`${ENDPOINTS.saveConfig}?config=x`);
    expect([get.status, get.headers.allow]).toEqual([405, "POST"]);
  });

  it("is one line of text for an error", async () => {
    for (const [path, status, line] of [
      ["/ui/report?report=nix%0a%1b[31m", 404, 'there is no report called "nix\\n\\u001b[31m"'],
      ["/ui/report", 404, 'there is no report called ""'],
      ["/ui/report?report=web", 404, 'there is no report called "web"'],
      ["/ui/report?report=list", 400, "list needs a pattern for functions: q=REGEX"],
      ["/ui/report?report=list&q=nowhere%1b", 404, "no matches found for regexp: nowhere\\x1b"],
      ["/ui/report?report=top&f=(", 400, "focus: missing closing ): `(`"],
      [
        "/ui/report?report=top&n=a&g=b",
        400,
        /^g: granularity must be .*; n: nodecount must be .*$/,
      ],
      ["/ui/report?report=top&si=nix", 400, /sample_index/],
      ["/ui/weblist?q=[", 400, /missing closing \]/],
      ["/ui/disasm.json?q=nowhere", 404, "no matches found for regexp nowhere"],
    ] as const) {
      const { status: found, headers, text } = await server.ask(path);
      expect([path, found, headers["content-type"]]).toEqual([
        path,
        status,
        "text/plain; charset=utf-8",
      ]);
      expect(text).toMatch(/^[^\n]+\n$/);
      if (typeof line === "string") expect(text).toBe(`${line}\n`);
      else expect(text.trimEnd()).toMatch(line);
    }
    // None of these is a fault of the server.
    expect(server.stderr).toBe(`Serving web UI on ${server.url}\n`);
  });
});

describe("data for the page", () => {
  it("has the options of the session", async () => {
    const info = await read<SessionInfo>(ENDPOINTS.session);
    expect(info).toMatchObject({
      title: path.basename(PROFILE),
      warnings: [],
      configs: [],
      isPrepared: false,
    });
    expect(info.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Object.keys(info.options).sort()).toEqual(OPTIONS.map(({ name }) => name).sort());
    expect(info.options.source_path).toBe("fixtures");
  });

  it("is a flame graph for the URL, with the choices", async () => {
    const { summary } = await read<SessionInfo>(ENDPOINTS.session);
    expect(summary?.sampleTypes.map(({ type }) => type)).toEqual(["samples", "cpu"]);
    expect(summary?.tags.map(({ key }) => key)).toContain("region");
    const { text } = await server.ask(`${ENDPOINTS.flame}?f=json&si=samples`);
    const { report, warnings } = decodeFlame(text);
    const { stdout } = await tsprof(["top", "-focus=json", "-sample_index=samples", PROFILE]);
    const [, shown] = /Showing nodes accounting for (\d+)/.exec(stdout) ?? [];
    expect(report.tree.plus[0]).toBe(Number(shown));
    expect([report.activeFilters, warnings]).toEqual([["focus=json"], []]);
    const wrong = await server.ask(`${ENDPOINTS.flame}?f=%5B`);
    expect([wrong.status, wrong.text]).toEqual([400, "focus: missing closing ]: `[`\n"]);
  });

  it("is the file", async () => {
    const { headers, bytes } = await server.ask(ENDPOINTS.download);
    expect(bytes.equals(readFileSync(PROFILE))).toBe(true);
    expect(headers["content-disposition"]).toBe('attachment; filename="go-cpu.pb.gz"');
    expect(headers["content-encoding"]).toBe(undefined);
  });

  it("is text as the command line prints it", async () => {
    for (const [query, args] of [
      ["report=top", ["top"]],
      [
        "report=tree&n=5&f=json&si=samples&rel=t",
        ["tree", "-nodecount=5", "-focus=json", "-sample_index=samples", "-relative_percentages"],
      ],
      ["report=peek&q=Marshal", ["peek", "Marshal"]],
      ["report=tags", ["tags"]],
      ["report=traces&i=runtime", ["traces", "-ignore=runtime"]],
      ["report=raw", ["raw"]],
      ["report=list&f=main", ["list", "-focus=main", "main"]],
      ["report=dot", ["dot"]],
    ] as const) {
      const { status, headers, text } = await server.ask(`${ENDPOINTS.text}?${query}`);
      expect([query, status, headers["content-type"]]).toEqual([
        query,
        200,
        "text/plain; charset=utf-8",
      ]);
      const printed = await tsprof([...args, "-source_path=fixtures", PROFILE]);
      expect(text).toBe(printed.stdout);
    }
  });

  it("is a download if it is binary", async () => {
    for (const [report, ending] of [
      ["svg", "svg"],
      ["png", "png"],
      ["html", "html"],
      ["proto", "pb.gz"],
    ]) {
      expect((await server.ask("/ui/assets/icon.svg")).text).toMatch(/^<svg/);
      const { status, headers, bytes } = await server.ask(`${ENDPOINTS.text}?report=${report}`);
      expect([report, status]).toEqual([report, 200]);
      expect(headers).toMatchObject({
        "content-type": "application/octet-stream",
        "content-disposition": `attachment; filename="go-cpu.${ending}"`,
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      });
      expect(bytes.length).toBeGreaterThan(1000);
    }
  });

  it("is only for this page", async () => {
    const fetched = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors" };
    for (const site of ["cross-site", "same-site"]) {
      for (const path of ["/ui/download", "/ui/weblist?q=main", "/ui/assets/app.js", "/ui/top"]) {
        const headers = { ...fetched, "Sec-Fetch-Site": site, "Sec-Fetch-Dest": "image" };
        expect((await server.ask(path, { headers })).status).toBe(403);
        const framed = { ...headers, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe" };
        expect((await server.ask(path, { headers: framed })).status).toBe(403);
      }
      const link = {
        "Sec-Fetch-Site": site,
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
      };
      expect((await server.ask("/ui/top", { headers: link })).status).toBe(200);
    }
    const own = { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors" };
    expect((await server.ask("/ui/download", { headers: own })).status).toBe(200);
  });
});

describe("a request under another name", () => {
  it("is refused", async () => {
    const { port } = server;
    for (const host of [
      `evil.example:${port}`,
      "evil.example",
      `localhost.evil.example:${port}`,
      `evil.example#localhost:${port}`,
      `localhost:${port}@evil.example`,
      `${os.hostname()}:${port}`,
      `10.0.0.1:${port}`,
      "localhost",
      `localhost:${port + 1}`,
      `[::2]:${port}`,
    ]) {
      for (const path of ["/", "/ui/top", ENDPOINTS.download, ENDPOINTS.text]) {
        const { status, text } = await server.ask(path, { headers: { Host: host } });
        expect([host, status]).toEqual([host, 403]);
        expect(text).toContain(`this server is localhost:${port}`);
      }
    }
    for (const host of [`LOCALHOST:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      expect((await server.ask("/ui/top", { headers: { Host: host } })).status).toBe(200);
    }
  });

  it("is refused without a host, and for a proxy", async () => {
    for (const lines of ["", "Host:\r\n", "Host: \r\nConnection: close\r\n"]) {
      const said = await raw(server.port, `GET /ui/top HTTP/1.0\r\n${lines}\r\n`);
      expect(said).toMatch(/^HTTP\/1\.1 403 /);
    }
    const proxied = `GET http://localhost:${server.port}/ui/top HTTP/1.1\r\nHost: localhost:${server.port}\r\nConnection: close\r\n\r\n`;
    expect(await raw(server.port, proxied)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("is limited in size", async () => {
    const tooLong = server.ask(`/ui/top?f=${"x".repeat(100_000)}`);
    // The connection may end before the answer is read.
    const refused = await tooLong.then(
      ({ status }) => status,
      () => "ended",
    );
    expect([431, "ended"]).toContain(refused);
    expect((await server.ask(`/ui/top?f=${"x".repeat(50_000)}`)).status).toBe(200);
    const flood = server.ask(`${ENDPOINTS.saveConfig}?config=x`, {
      method: "POST",
      body: "x".repeat(10_000_000),
    });
    // The server may have answered before.
    const outcome = await flood.then(
      ({ status }) => status,
      () => "ended",
    );
    expect([403, "ended"]).toContain(outcome);
    expect((await server.ask("/ui/top")).status).toBe(200);
  });
});

/** Sends bytes to a server; returns its answer. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1", () => socket.write(text));
    let said = "";
    socket.on("data", (piece) => {
      said += piece;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(said));
  });
}

describe("configurations", () => {
  const configs = async () => (await read<SessionInfo>(ENDPOINTS.session)).configs;
  const file = () => path.join(folder, "config/pprof/settings.json");

  it("are changed only by the page", async () => {
    const save = `${ENDPOINTS.saveConfig}?config=theirs&f=x`;
    const headers: Record<string, string>[] = [
      {},
      { Origin: "http://evil.example" },
      { Origin: "null" },
      { Origin: `http://localhost:${server.port + 1}` },
      { Origin: `http://127.0.0.1:${server.port}` },
      { Origin: server.url, "Sec-Fetch-Site": "cross-site" },
      { Origin: server.url, "Sec-Fetch-Site": "same-site" },
      { "Sec-Fetch-Site": "none" },
    ];
    for (const given of headers) {
      const { status } = await server.ask(save, { method: "POST", headers: given });
      expect([given, status]).toEqual([given, 403]);
    }
    expect(await configs()).toEqual([]);
    expect(() => readFileSync(file())).toThrow(/ENOENT/);
  });

  it("are shared with pprof", async () => {
    const saved = await server.change(
      `${ENDPOINTS.saveConfig}?config=slow%20%26%20%C3%BC&f=json&g=lines&n=7&rel=t&flip=1&color=file&p=x`,
    );
    expect(saved.status).toBe(200);
    expect(JSON.parse(saved.text)).toEqual([
      { name: "slow & ü", params: "rel=t&f=json&g=lines&n=7&flip=1&color=file" },
    ]);
    expect(JSON.parse((await server.ask(ENDPOINTS.configs)).text)).toEqual(JSON.parse(saved.text));
    expect(JSON.parse(readFileSync(file(), "utf8")).configs).toEqual([
      expect.objectContaining({ name: "slow & ü", focus: "json", granularity: "lines" }),
    ]);
    await withPprof(env.XDG_CONFIG_HOME, async (address) => {
      const get = async (request: string) => (await fetch(`${address}/ui/${request}`)).text();
      const menu = await get("top");
      expect(menuParams(menu, "slow & ü")).toEqual({ f: "json", g: "lines", n: "7", rel: "t" });
      await get("saveconfig?config=theirs&f=Marshal&h=%5Eruntime%7Cx");
    });
    expect((await configs())[1]).toEqual({ name: "theirs", params: "f=Marshal&h=%5Eruntime%7Cx" });

    const gone = await server.change(`${ENDPOINTS.deleteConfig}?config=slow%20%26%20%C3%BC`);
    expect(JSON.parse(gone.text)).toEqual([expect.objectContaining({ name: "theirs" })]);
    const again = await server.change(`${ENDPOINTS.deleteConfig}?config=slow`);
    expect([again.status, again.text]).toEqual([404, "config slow not found\n"]);
  });

  it("have visible names and valid options", async () => {
    const before = await configs();
    for (const query of [
      "",
      "config=",
      "config=%20",
      "config=a%0ab",
      "config=%E2%80%AE",
      `config=${"x".repeat(201)}`,
      "config=x&n=many",
    ]) {
      const { status } = await server.change(`${ENDPOINTS.saveConfig}?${query}`);
      expect([query, status]).toEqual([query, 400]);
    }
    expect(await configs()).toEqual(before);
  });

  it("that cannot be read are reported, and not changed", async () => {
    const kept = readFileSync(file());
    writeFileSync(file(), "{");
    const { configs, warnings } = await read<SessionInfo>(ENDPOINTS.session);
    expect(configs).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("could not parse settings")]);
    const { status, text } = await server.change(`${ENDPOINTS.saveConfig}?config=x`);
    expect([status, readFileSync(file(), "utf8")]).toEqual([500, "{"]);
    expect(text).toMatch(/^could not parse settings: [^\n]*\n$/);
    writeFileSync(file(), kept);
  });
});

describe("sources and machine code", () => {
  let program: Profiled;
  let here: WebServer;
  beforeAll(async () => {
    const built = path.join(folder, "built");
    mkdirSync(built);
    program = profileGo(built).cpu;
    here = await startTsprof(["serve", "-no_browser", program.program, program.profile], {
      env,
      cwd: path.join(built, "orders"),
    });
  }, 240_000);
  afterAll(() => here?.stop());

  it("are found in the user's folder", async () => {
    const args = [program.program, program.profile];
    const { text, headers } = await here.ask(`${ENDPOINTS.weblist}?q=main%5C.work`);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).toBe(
      "frame-ancestors 'self'; sandbox allow-scripts",
    );
    expect(text).toBe((await tsprof(["-weblist=main\\.work", ...args])).stdout);
    expect(text).toContain("</span> work(");
    const json = await here.ask(`${ENDPOINTS.disasm}?q=main%5C.work`);
    expect(json.headers["content-type"]).toBe("application/json; charset=utf-8");
    const { routines } = decodeDisasm(json.text);
    expect(routines.map(({ name }) => name)).toContain("main.work");
    const listing = await here.ask(`${ENDPOINTS.text}?report=disasm&q=main%5C.work`);
    expect(listing.text).toBe((await tsprof(["-disasm=main\\.work", ...args])).stdout);
    // The sampled functions of the runtime vary.
    const go = await here.ask(`${ENDPOINTS.text}?report=list&q=%5Eruntime%5C.`);
    expect(go.text).toMatch(/^ROUTINE .* runtime\.\S+ in .*\.(go|s)\n(.*\n)* .* \d+:\t*\S/m);
  });
});

describe("a profile from a stranger", () => {
  const SECRET = "SECRET_LINE";
  const inFolder = (name: string) => path.join(folder, "hostile", name);

  async function served(files: readonly string[], args: readonly string[], cwd: string) {
    const strings = ["", "samples", "count"];
    const index = (text: string) => strings.push(text) - 1;
    const message = {
      sample_type: [{ type: 1, unit: 2 }],
      sample: files.map((_, i) => ({ location_id: [i + 1], value: [1] })),
      location: files.map((_, i) => ({ id: i + 1, line: [{ function_id: i + 1, line: 1 }] })),
      function: files.map((file, i) => ({
        id: i + 1,
        name: index(`fn${i}`),
        filename: index(file),
        start_line: 1,
      })),
      string_table: strings,
    };
    const file = inFolder("hostile.pb.gz");
    writeFileSync(file, gzipSync(encodeWithProtobufjs(message)));
    return startTsprof(["serve", "-no_browser", ...args, file], { env, cwd });
  }

  it("reads only source files of the user", async () => {
    for (const name of ["project/deep", "project/.git", "elsewhere", "given"]) {
      mkdirSync(inFolder(name), { recursive: true });
    }
    for (const name of [
      "secret.go",
      "project/.git/hook.go",
      "elsewhere/secret.go",
      "elsewhere/plain",
    ]) {
      writeFileSync(inFolder(name), `${SECRET}\n`);
    }
    writeFileSync(inFolder("project/mine.go"), "MINE\n");
    writeFileSync(inFolder("project/deep/mine.go"), "MINE\n");
    writeFileSync(inFolder("given/given.go"), "MINE\n");
    symlinkSync(inFolder("elsewhere/secret.go"), inFolder("project/link.go"));
    symlinkSync(inFolder("elsewhere"), inFolder("project/folder"));
    symlinkSync("/etc", inFolder("project/etc"));
    const outside = [
      "/etc/passwd",
      "../../../../../../../../etc/passwd",
      "file:///etc/passwd",
      "/etc/../etc/passwd",
      "etc/passwd",
      inFolder("elsewhere/secret.go"),
      inFolder("elsewhere/plain"),
      `file://${inFolder("elsewhere/secret.go")}`,
      "../elsewhere/secret.go",
      "../secret.go",
      "secret.go",
      "link.go",
      inFolder("project/link.go"),
      "folder/secret.go",
      inFolder("project/../elsewhere/secret.go"),
      ".git/hook.go",
      "/proc/self/environ",
    ];
    const own = ["mine.go", "deep/mine.go", inFolder("project/mine.go")];
    const hostile = await served([...outside, ...own], [], inFolder("project"));
    try {
      for (const [i, name] of [...outside, ...own].entries()) {
        const query = `q=%5Efn${i}$`;
        const isOwn = own.includes(name);
        const list = await hostile.ask(`${ENDPOINTS.text}?report=list&${query}`);
        const page = await hostile.ask(`${ENDPOINTS.weblist}?${query}`);
        for (const { status, text } of [list, page]) {
          expect([name, status]).toEqual([name, 200]);
          expect(text).not.toMatch(/SECRET_LINE|root:x?:0/);
          expect([name, text.includes("MINE")]).toEqual([name, isOwn]);
        }
      }
      // The message has the reason and a hint.
      const { text } = await hostile.ask(`${ENDPOINTS.text}?report=list&q=fn5`);
      expect(text).toContain("outside of -source_path");
    } finally {
      await hostile.stop();
    }
    const given = inFolder("given");
    const more = await served(
      ["given.go", path.join(given, "given.go"), "/etc/passwd", inFolder("secret.go")],
      [`-source_path=${given}`],
      inFolder("project"),
    );
    try {
      for (const [i, isOwn] of [true, true, false, false].entries()) {
        const { text } = await more.ask(`${ENDPOINTS.text}?report=list&q=%5Efn${i}$`);
        expect(text.includes("MINE")).toBe(isOwn);
        expect(text).not.toMatch(/SECRET_LINE|root:x?:0/);
      }
    } finally {
      await more.stop();
    }
  });
});

describe("the profile for download", () => {
  async function sent(args: readonly string[]) {
    const other = await startTsprof(["serve", "-no_browser", ...args], { env });
    try {
      const { bytes, headers } = await other.ask(ENDPOINTS.download);
      const info = JSON.parse((await other.ask(ENDPOINTS.session)).text) as SessionInfo;
      return { bytes, name: headers["content-disposition"], info };
    } finally {
      await other.stop();
    }
  }

  it("is encoded if it differs from the file", async () => {
    const slow = "fixtures/go-cpu-slow.pb.gz";
    const inflated = path.join(folder, "inflated.pb");
    writeFileSync(inflated, gunzipSync(readFileSync(PROFILE)));
    for (const [args, isPrepared] of [
      [[PROFILE, slow], true],
      [[`-diff_base=${slow}`, PROFILE], true],
      [["-add_comment=here", PROFILE], true],
      [[inflated], true],
      [["fixtures/cpp-cpu.prof"], true],
      [["-symbolize=none", "fixtures/cpp-cpu.pb.gz"], false],
    ] as const) {
      const { bytes, info } = await sent(args);
      expect([args, info.isPrepared]).toEqual([args, isPrepared]);
      // For every input, the download is gzipped and in pprof's format.
      const message = decodeWithProtobufjs(gunzipSync(bytes));
      expect((message.sample as unknown[]).length).toBeGreaterThan(0);
      const file = path.join(folder, "sent.pb.gz");
      writeFileSync(file, bytes);
      const [mine, same] = await Promise.all([
        tsprof(["-traces", ...args]),
        tsprof(["-traces", ...(isPrepared ? [] : args.slice(0, -1)), file]),
      ]);
      expect(same).toEqual(mine);
    }
  });

  it("has a safe file name without passwords", async () => {
    const odd = path.join(folder, 'a "b"\r\n; ü.pb.gz');
    writeFileSync(odd, readFileSync(PROFILE));
    const { name, info } = await sent(["-header=Authorization: Bearer KEY", odd]);
    expect(name).toBe('attachment; filename="a_b.pb.gz"');
    expect(info.title).toBe(path.basename(odd));
    expect(JSON.stringify(info)).not.toContain("KEY");
  });
});
