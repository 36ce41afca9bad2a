import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { maskQuery, maskSecrets } from "../../src/fetch/secrets.js";
import { readSourceUrl } from "../../src/fetch/source-url.js";
import { showTarget, type Target } from "../../src/fetch/target.js";
import { pprof } from "../support/pprof.js";

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
      // pprof shows secrets as they are.
      const url = readSourceUrl(source, { seconds, timeout: 1 });
      expect(url?.shown).toBe(theirs && maskSecrets(theirs));
      if (url?.target) expect(theirs).toContain(url.target.path);
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
    expect(readSourceUrl("unix:/run/a b.sock:/debug/pprof/heap?gc=1", NONE)).toMatchObject({
      shown: "unix:/run/a b.sock:/debug/pprof/heap?gc=1",
      target: { socket: "/run/a b.sock", path: "/debug/pprof/heap?gc=1", host: "localhost" },
    });
    expect(readSourceUrl("unix:app.sock", { seconds: 3, timeout: 0 })?.shown).toBe(
      "unix:app.sock:/debug/pprof/profile?seconds=3",
    );
    expect(readSourceUrl("unix:6060/x", NONE)?.target).toMatchObject({
      host: "unix:6060",
      socket: undefined,
    });
  });

  it("masks the password, and sends it unescaped", () => {
    const url = readSourceUrl("me:s%3Acret@host:1/p", NONE);
    expect(url?.shown).toBe("http://me:xxxxx@host:1/p");
    expect(url?.target?.user).toEqual({ name: "me", password: "s:cret" });
    expect(maskSecrets("http://me:a/b@host /p")).toBe("http://me:xxxxx@host /p");
    expect(maskSecrets("me:a/b@ho st")).toBe("me:xxxxx@ho st");
    expect(maskSecrets("http://token@host/p")).toBe("http://xxxxx@host/p");
    expect(maskSecrets("dir/cpu.pb.gz")).toBe("dir/cpu.pb.gz");
  });

  it("masks the tokens in queries and fragments, and sends them", () => {
    const url = readSourceUrl("http://h/p?token=abc&seconds=5&debug=1#access_token=d", NONE);
    expect(url?.shown).toBe("http://h/p?debug=1&seconds=5&token=xxxxx#xxxxx");
    expect(url?.target?.path).toBe("/p?debug=1&seconds=5&token=abc");
    expect(showTarget(url?.target as Target)).toBe("http://h/p?debug=1&seconds=5&token=xxxxx");
    for (const query of [
      "X-Amz-Signature=abc&X-Amz-Date=1",
      "abc",
      "abc=",
      "k=a=b",
      "type=eyJhbGciOiJIUzI1NiJ9",
      "seconds=%41bc",
      "a;b=c",
    ]) {
      const masked = maskSecrets(`https://h/p?${query}`);
      expect(masked.slice("https://h/p?".length)).not.toMatch(/abc|=1|a=b|eyJ|41|=c/);
    }
    expect(maskSecrets("unix:s:/p?gc=1&key=v")).toBe("unix:s:/p?gc=1&key=xxxxx");
    for (const url of [
      "https://abc@h/p",
      "abc@h:1/p",
      "http://h/p#abc",
      "http://h/p;token=abc",
      "http://h/p&token=abc",
      "http://h/p%3Ftoken=abc",
      " http://me:abc@h/p",
      "http:/me:abc@h/p",
      "http://h/p?gc=abc",
      "http://h/p?to%6Ben=abc",
      "http://h/p?token=x/abc",
      "http://h/p?token=x;abc",
      "http://h/p?token=x?abc",
      "http://me:a@abc?x@h/p",
    ]) {
      expect([url, maskSecrets(url)]).not.toEqual([url, expect.stringContaining("abc")]);
    }
    expect(maskQuery("cpu@v1;2.pb.gz")).toBe("cpu@v1;2.pb.gz");
    expect(maskQuery("profile?token=abc")).toBe("profile?token=xxxxx");
    for (const file of ["C#/cpu.pb.gz", "a;b.pb.gz", "cpu.pb.gz", "a b:c.pb.gz"]) {
      expect(maskSecrets(file)).toBe(file);
    }
  });
});
