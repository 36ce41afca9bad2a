import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readSourceUrl } from "../../../src/node/http/source-url.js";
import { maskPassword } from "../../../src/node/http/target.js";
import { pprof } from "../../support/pprof.js";

const NONE = { seconds: -1, timeout: -1 };
const home = mkdtempSync(path.join(os.tmpdir(), "tsprof-home-"));
afterAll(() => rmSync(home, { recursive: true }));

/** Nothing listens at port 1: pprof says what it fetches, and fails at once. */
const SOURCES = [
  "127.0.0.1:1",
  "127.0.0.1:1/",
  "localhost:1/debug/pprof/heap",
  "[::1]:1/debug/pprof/heap?debug=0",
  "HTTP://127.0.0.1:1/debug/pprof/heap#top",
  "https://127.0.0.1:1/a%2Fb%41?seconds=3",
  "https+insecure://127.0.0.1:1/x?b=1&a=2&b=3&a=",
  "http://127.0.0.1:1/a b?q=a+b%20c&bad=%zz&semi=a;b&%C3%BC=ü",
  "http://127.0.0.1:1/ü/../x",
  "http://user@127.0.0.1:1/x",
  "//127.0.0.1:1/x",
  "no-such-file.pb.gz",
  "no/such:file",
  "file:///no/such",
  "no-host:port/x",
];

describe("a source", () => {
  it.each(SOURCES)("is a URL where it is one to go tool pprof: %s", async (source) => {
    for (const seconds of [-1, 2]) {
      const args = ["-top", `-seconds=${seconds}`, "-timeout=1", source];
      const { stderr } = await pprof(args, { env: { HOME: home } });
      const theirs = /^Fetching profile over HTTP from (.*)$/m.exec(stderr)?.[1];
      expect(readSourceUrl(source, { seconds, timeout: 1 })?.shown).toBe(theirs);
    }
  });

  it.each([
    ["http://h/p", NONE, 0, 65],
    ["http://h/p?seconds=10", NONE, 10, 20],
    ["http://h/p?seconds=10", { seconds: 4, timeout: -1 }, 4, 11],
    ["http://h/p?seconds=10", { seconds: -1, timeout: 3 }, 10, 8],
    ["http://h/p?seconds=x", NONE, 0, 65],
    ["http://h/p?seconds=-4", NONE, 0, 65],
    ["http://h/p?seconds=99999999999", NONE, 0, 65],
  ])("is waited for: %s, %j", (source, timing, seconds, timeout) => {
    expect(readSourceUrl(source, timing)).toMatchObject({ seconds, timeout });
  });

  it("may be a path at a Unix socket, but unix may be a host too", () => {
    expect(readSourceUrl("unix:/run/a b.sock:/debug/pprof/heap?x=1", NONE)).toMatchObject({
      shown: "unix:/run/a b.sock:/debug/pprof/heap?x=1",
      target: { socket: "/run/a b.sock", path: "/debug/pprof/heap?x=1", host: "localhost" },
    });
    expect(readSourceUrl("unix:app.sock", { seconds: 3, timeout: 0 })?.shown).toBe(
      "unix:app.sock:/debug/pprof/profile?seconds=3",
    );
    expect(readSourceUrl("unix:6060/x", NONE)?.target).toMatchObject({
      host: "unix:6060",
      socket: undefined,
    });
  });

  it("shows no password, and sends it unescaped", () => {
    const url = readSourceUrl("me:s%3Acret@host:1/p", NONE);
    expect(url?.shown).toBe("http://me:xxxxx@host:1/p");
    expect(url?.target?.user).toEqual({ name: "me", password: "s:cret" });
    expect(maskPassword("http://me:a/b@host /p")).toBe("http://me:xxxxx@host /p");
    expect(maskPassword("me:a/b@ho st")).toBe("me:xxxxx@ho st");
    expect(maskPassword("dir/cpu.pb.gz")).toBe("dir/cpu.pb.gz");
  });
});
