import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENDPOINTS } from "../../src/page/protocol.js";
import { decodeFromText } from "../../src/page/text-bytes.js";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";
import { startTsprof } from "../support/web-server.js";

const tsprof = useOneProcess();

const SECRET = "s3cr3tT0ken";
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-secrets-"));
const env = { HOME: folder, PPROF_TMPDIR: folder };
let server: http.Server;
let origin = "";
const asked: string[] = [];

beforeAll(async () => {
  const profile = readFileSync(path.join(ROOT, "fixtures/go-heap.pb.gz"));
  server = http.createServer((request, response) => {
    const { url = "" } = request;
    asked.push(url);
    if (url.startsWith("/redirect")) {
      response.writeHead(302, { Location: `/missing?sig=${SECRET}` }).end();
    } else if (url.startsWith("/missing")) response.writeHead(404).end("no");
    else response.end(profile);
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const source = () => `${origin}/heap?token=${SECRET}&gc=1#key=${SECRET}`;

describe("a token in a URL", () => {
  it("is sent, but appears in no message, title or file name", async () => {
    const output = path.join(folder, "page.html");
    for (const args of [["top"], ["-top"], ["info"], ["svg"], ["html", `-output=${output}`]]) {
      const { code, stdout, stderr } = await tsprof([...args, source()], { env });
      expect([args, code]).toEqual([args, 0]);
      expect(stdout + stderr).not.toContain(SECRET);
      expect(asked.at(-1)).toContain(`token=${SECRET}`);
    }
    const page = readFileSync(output, "utf8");
    expect(page.includes("heap?token=xxxxx&amp;gc=1#xxxxx – tsprof</title>")).toBe(true);
    const [, session] = /id="[^"]*session">([^<]*)</.exec(page) ?? [];
    expect(gunzipSync(decodeFromText(session ?? "")).toString()).not.toContain(SECRET);
    expect(readdirSync(folder).join()).not.toContain(SECRET);
  });

  it("does not appear in errors", async () => {
    for (const way of ["missing", "redirect"]) {
      const { code, stderr } = await tsprof(["top", `${origin}/${way}?api_key=${SECRET}`], { env });
      expect(code).toBe(1);
      expect(stderr).toContain("xxxxx");
      expect(stderr).not.toContain(SECRET);
    }
    const args = ["top", "-diff_base", `${origin}/missing?k=${SECRET}`, source()];
    const { stderr } = await tsprof(args, { env });
    expect(stderr).not.toContain(SECRET);
    const odd = await tsprof(["top", `http://no host/?token=${SECRET}`], { env });
    expect(odd.code).toBe(1);
    expect(odd.stderr).not.toContain(SECRET);
  });

  it("does not appear in the web interface", async () => {
    const web = await startTsprof(["serve", "-no_browser", "-diff_base", source(), source()], {
      env,
    });
    try {
      for (const address of [
        ENDPOINTS.session,
        ENDPOINTS.download,
        `${ENDPOINTS.text}?report=top`,
      ]) {
        const { status, text, headers } = await web.ask(address);
        expect([address, status]).toEqual([address, 200]);
        expect(text + JSON.stringify(headers)).not.toContain(SECRET);
      }
    } finally {
      await web.stop();
    }
  });
});
