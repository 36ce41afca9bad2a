import { describe, expect, it } from "vitest";
import { explainFailure } from "../../src/fetch/failures.js";
import { parseHeader } from "../../src/fetch/headers.js";
import { proxyFor } from "../../src/fetch/proxies.js";
import { keepsSecrets, redirectTarget } from "../../src/fetch/redirect.js";
import { readSourceUrl } from "../../src/fetch/source-url.js";
import { showTarget, type Target } from "../../src/fetch/target.js";

function targetOf(url: string): Target {
  const target = readSourceUrl(url, { seconds: -1, timeout: -1 })?.target;
  if (!target) throw new Error(`no target: ${url}`);
  return target;
}

describe("the proxy of a request", () => {
  const PROXY = "http://proxy:3128/";
  const proxyOf = (url: string, env: Record<string, string>) => proxyFor(targetOf(url), env)?.href;

  it("depends on the scheme, and prefers upper-case variables", () => {
    const env = {
      HTTP_PROXY: "proxy:3128",
      http_proxy: "http://other",
      https_proxy: "socks5h://s:1",
    };
    expect(proxyOf("http://a.test/x", env)).toBe(PROXY);
    expect(proxyOf("https://a.test/x", env)).toBe("socks5://s:1");
    expect(proxyOf("https://a.test/x", { HTTP_PROXY: PROXY })).toBeUndefined();
    expect(() => proxyOf("http://a.test/x", { HTTP_PROXY: "ftp://x:secret@y" })).toThrow(
      /^HTTP_PROXY is not the address of a proxy, such as http:\/\/proxy:3128$/,
    );
  });

  it.each([
    ["http://localhost:6060/", "", undefined],
    ["http://127.9.9.9/", "", undefined],
    ["http://[::1]:80/", "", undefined],
    ["unix:/run/x.sock", "", undefined],
    ["http://a.test/", "*", undefined],
    ["http://a.test/", "b.test, A.test", undefined],
    ["http://x.a.test/", "a.test", undefined],
    ["http://xa.test/", "a.test", PROXY],
    ["http://a.test/", ".a.test", PROXY],
    ["http://x.a.test/", "*.a.test", undefined],
    ["http://a.test:8080/", "a.test:8080", undefined],
    ["http://a.test/", "a.test:80", undefined],
    ["http://a.test/", "a.test:8080", PROXY],
    ["http://10.1.2.3/", "10.0.0.0/8", undefined],
    ["http://11.1.2.3/", "10.0.0.0/8", PROXY],
    ["http://[fd00::1]:1/", "fd00::/8", undefined],
    ["http://10.1.2.3/", "10.1.2.3", undefined],
    ["http://10.1.2.30/", "10.1.2.3", PROXY],
  ])("of %s with NO_PROXY=%s", (url, list, wanted) => {
    expect(proxyOf(url, { HTTP_PROXY: PROXY, no_proxy: list })).toBe(wanted);
  });
});

describe("a redirect", () => {
  const from = targetOf("https+insecure://me:pw@a.test:8443/x/y?z=1");

  it("keeps the password and the trust for the same server only", () => {
    const same = redirectTarget(from, "../w?q=1");
    expect(same).toMatchObject({ host: "a.test:8443", path: "/w?q=1", isInsecure: true });
    expect(same?.user).toEqual({ name: "me", password: "pw" });
    for (const location of ["https://b.test/", "https://a.test/", "http://a.test:8443/", "//b/"]) {
      const other = redirectTarget(from, location);
      expect(other).toMatchObject({ user: undefined, isInsecure: false });
      expect(keepsSecrets(from, other as Target)).toBe(false);
    }
    const upgrade = redirectTarget(targetOf("http://me:pw@a.test/x"), "https://a.test/x");
    expect(upgrade?.user).toBeDefined();
  });

  it("leads nowhere but to http and https", () => {
    for (const location of ["file:///etc/passwd", "unix:/run/x", "ftp://a/", "http://"]) {
      expect(redirectTarget(from, location)).toBeUndefined();
    }
  });

  it("leaves a Unix socket for another host, and masks the password", () => {
    const socket = targetOf("unix:/run/x.sock:/a");
    expect(redirectTarget(socket, "/b")).toMatchObject({ socket: "/run/x.sock", path: "/b" });
    const away = redirectTarget(socket, "http://u:pw@c.test/b") as Target;
    expect(away.socket).toBeUndefined();
    expect(showTarget(away)).toBe("http://u:xxxxx@c.test/b");
  });
});

describe("a header", () => {
  it("is a name and a value", () => {
    expect(parseHeader("X-Key:  a: b ")).toEqual(["X-Key", "a: b"]);
    for (const text of [
      "no colon",
      "bad name: x",
      ": x",
      "A: b\r\nC: d",
      "A: \u20ac",
      "Connection: x",
    ]) {
      expect(() => parseHeader(text)).toThrow(/-header/);
    }
  });

  it("is not revealed if it is invalid", () => {
    expect(() => parseHeader("Auth orization: secret")).toThrow(/^(?!.*secret)/);
    expect(() => parseHeader("Authorization: secret\n")).not.toThrow();
    expect(() => parseHeader("Authorization: sec\nret")).toThrow(/^(?!.*ret)/);
  });
});

describe("the failure of a connection", () => {
  it("is explained in one line, whatever it is wrapped in", () => {
    const refused = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
    expect(explainFailure(new AggregateError([refused]))).toMatch(/refused/);
    expect(explainFailure(new Error("two\nlines"))).toBe("two lines");
    const closed = Object.assign(new Error("x"), { code: "UND_ERR_SOCKET" });
    expect(explainFailure(closed)).toMatch(/before the profile was complete/);
    expect(explainFailure(closed, targetOf("http://a.test"))).toMatch(/without a response.*port/);
    expect(explainFailure(closed, targetOf("https://a.test"))).toMatch(
      /without a response.*-tls_cert/,
    );
  });
});
