import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { decodeFromText } from "../../src/page/text-bytes.js";
import { useOneProcess } from "../support/one-process.js";
import { encodeWithProtobufjs } from "../support/proto.js";

const tsprof = useOneProcess();

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-html-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A profile with one function in each file. */
function profileOf(files: readonly string[]): Uint8Array {
  const ids = files.map((_, i) => String(i + 1));
  return gzipSync(
    encodeWithProtobufjs({
      string_table: ["", "cpu", "nanoseconds", ...files.flatMap((file, i) => [`fn${i}`, file])],
      sample_type: [{ type: "1", unit: "2" }],
      sample: ids.map((id) => ({ location_id: [id], value: ["10"] })),
      location: ids.map((id) => ({ id, line: [{ function_id: id, line: "1" }] })),
      function: ids.map((id, i) => ({ id, name: String(2 * i + 3), filename: String(2 * i + 4) })),
    }),
  );
}

/** Returns a part of the page, decompressed. */
function part(page: string, name: string): string {
  const [, text] = new RegExp(`id="[^"]*${name}">([^<]*)<`).exec(page) ?? [];
  return gunzipSync(decodeFromText(text ?? "")).toString();
}

describe("tsprof html", () => {
  const project = path.join(folder, "project");
  const inside = ["mine.go", "deep/script.ts"];
  const others = ["server.key", "id_rsa", "credentials.json", ".env", "../outside/settings.py"];
  mkdirSync(path.join(project, ".git"), { recursive: true });
  for (const name of [...inside, ...others]) {
    mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    writeFileSync(path.join(project, name), `content of ${name}\n`);
  }
  const all = [...inside, ...others, path.join(folder, "outside/settings.py")];
  writeFileSync(path.join(project, "private name.pb.gz"), profileOf(all));
  const profile = path.join(project, "private name.pb.gz");
  const file = path.join(folder, "page.html");

  it("embeds sources of the project only, and lists them on standard error", async () => {
    const args = ["html", `-output=${file}`, profile];
    const { code, stderr } = await tsprof(args, { cwd: project });
    expect(code).toBe(0);
    expect(stderr).toContain("the page contains 2 source files; -embed_sources=false leaves");
    for (const name of inside) expect(stderr).toContain(`tsprof:   ${name}\n`);
    const sources = JSON.parse(part(readFileSync(file, "utf8"), "sources"));
    expect(sources).toEqual({
      "mine.go": "content of mine.go\n",
      "deep/script.ts": "content of deep/script.ts\n",
    });
    const none = await tsprof([...args.slice(0, 2), "-embed_sources=false", profile], {
      cwd: project,
    });
    expect(none.stderr).not.toContain("the page contains");
    expect(part(readFileSync(file, "utf8"), "sources")).toBe("{}");
  });

  it("names no folders of this machine in its title and its sources", async () => {
    await tsprof(["html", `-output=${file}`, profile]);
    expect(existsSync(file)).toBe(true);
    const page = readFileSync(file, "utf8");
    expect(page).toContain("<title>private name.pb.gz – tsprof</title>");
    const { title, sources } = JSON.parse(part(page, "session"));
    expect(title).toBe("private name.pb.gz");
    expect(sources.files).toEqual(["private name.pb.gz"]);
  });

  it("embeds the same sources as list shows", async () => {
    const { stdout } = await tsprof(["list", ".", profile], { cwd: project });
    expect(stdout.match(/content of .*/g)).toEqual(inside.map((name) => `content of ${name}`));
  });
});
