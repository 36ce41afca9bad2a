import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as Library from "../../src/library/browser.js";
import { useBrowser } from "../support/browser.js";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";

const tsprof = useOneProcess();

declare global {
  interface Window {
    /** The library as a page of a user has it. */
    tsprof: typeof Library;
  }
}

const PAGE = `<!doctype html><title>library</title><script type="module">
  import * as tsprof from "/library.js";
  window.tsprof = tsprof;
</script>`;

const open = useBrowser();
const fixture = (name: string) => path.join(ROOT, "fixtures", name);

let server: Server;
let origin: string;

beforeAll(async () => {
  const files: Record<string, [type: string, bytes: Uint8Array | string]> = {
    "/": ["text/html", PAGE],
    // As it is in the package.
    "/library.js": ["text/javascript", readFileSync(path.join(ROOT, "dist/library/browser.js"))],
    "/favicon.ico": ["image/x-icon", ""],
  };
  server = createServer(({ url = "/" }, response) => {
    const [type, bytes] = files[url] ?? [
      "application/octet-stream",
      readFileSync(fixture(path.basename(url))),
    ];
    response.setHeader("Content-Type", type);
    // Nothing but modules of its own may run, and no text as code.
    response.setHeader("Content-Security-Policy", "script-src 'self' 'unsafe-inline'");
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

async function openPage() {
  const watched = await open(`${origin}/`);
  await watched.page.waitForFunction(() => window.tsprof !== undefined);
  return watched;
}

describe("the library in a browser", () => {
  it.each([
    ["go-cpu.pb.gz", []],
    ["go-heap.pb.gz", ["-sample_index=inuse_objects", "-lines"]],
    ["v8-cpu.cpuprofile", ["-cum"]],
  ] as [string, string[]][])("finds what the command line finds: %s %j", async (name, flags) => {
    const { page, errors } = await openPage();
    const found = await page.evaluate(
      async ([name, flags]) => {
        const answer = await fetch(`/${name}`);
        const { readProfile, top } = window.tsprof;
        const profile = await readProfile(new Uint8Array(await answer.arrayBuffer()));
        const { rows, total, dropped } = top(profile, {
          sample_index: flags.includes("-sample_index=inuse_objects") ? "inuse_objects" : "",
          granularity: flags.includes("-lines") ? "lines" : "functions",
          sort: flags.includes("-cum") ? "cum" : "flat",
        });
        // What is beyond 2^53 would be a bigint, which does not come through.
        const plain = rows.map(({ name, flat, cum }) => [name, String(flat), String(cum)]);
        return { rows: plain, total: String(total), dropped: dropped.nodes };
      },
      [name, flags] as const,
    );
    const { stdout } = await tsprof(["top", "-format=json", ...flags, fixture(name)]);
    const document = JSON.parse(stdout) as {
      total: number;
      dropped: { nodes: number };
      rows: { name: string; flat: number; cum: number }[];
    };
    expect(document.rows.length).toBeGreaterThan(5);
    expect(found).toEqual({
      rows: document.rows.map(({ name, flat, cum }) => [name, String(flat), String(cum)]),
      total: String(document.total),
      dropped: document.dropped.nodes,
    });
    expect(errors).toEqual([]);
  });

  it("prints what the command line prints, and writes what it can read again", async () => {
    const { page, requests, errors } = await openPage();
    const { text, again } = await page.evaluate(async () => {
      const answer = await fetch("/go-cpu.pb.gz");
      const { readProfile, text, writeProfile } = window.tsprof;
      const profile = await readProfile(new Uint8Array(await answer.arrayBuffer()));
      const copy = await readProfile(await writeProfile(profile));
      return { text: text(profile, { report: "tags" }), again: text(copy, { report: "tags" }) };
    });
    const { stdout } = await tsprof(["tags", fixture("go-cpu.pb.gz")]);
    expect(text).toBe(stdout);
    expect(again).toBe(stdout);
    expect(requests).toEqual([`${origin}/library.js`, `${origin}/go-cpu.pb.gz`]);
    expect(errors).toEqual([]);
  });

  it("reports in one line that the bytes are not a profile", async () => {
    const { page } = await openPage();
    const message = await page.evaluate(() =>
      window.tsprof.readProfile(new Uint8Array([1, 2, 3])).then(
        () => "",
        (error: Error) => error.message,
      ),
    );
    expect(message).toMatch(/^[^\n]{10,}$/);
  });
});
