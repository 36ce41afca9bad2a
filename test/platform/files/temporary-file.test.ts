import {
  closeSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { createTemporaryFile } from "../../../src/platform/files/temporary-file.js";

const names = vi.hoisted(() => [] as string[]);
vi.mock("node:crypto", async (importOriginal) => ({
  ...(await importOriginal<typeof import("node:crypto")>()),
  randomBytes: () => Buffer.from(names.shift() ?? "ffffffffffff", "hex"),
}));

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-temporary-"));
afterAll(() => rmSync(folder, { recursive: true }));
vi.stubEnv("TMPDIR", folder);

describe("temporary files", () => {
  it.skipIf(process.platform === "win32")("are new, and never what a link leads to", () => {
    const victim = path.join(folder, "victim");
    writeFileSync(victim, "kept");
    symlinkSync(victim, path.join(folder, "tsprof-000000000001.svg"));
    symlinkSync(path.join(folder, "nowhere"), path.join(folder, "tsprof-000000000002.svg"));
    names.push("000000000001", "000000000002", "000000000003");
    const file = createTemporaryFile(".svg");
    writeFileSync(file.fd, "report");
    closeSync(file.fd);
    expect(file.path).toBe(path.join(folder, "tsprof-000000000003.svg"));
    expect(readFileSync(victim, "utf8")).toBe("kept");
    expect(existsSync(path.join(folder, "nowhere"))).toBe(false);
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
  });
});
