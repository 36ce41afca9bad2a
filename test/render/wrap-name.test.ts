import { describe, expect, it } from "vitest";
import { wrapName } from "../../src/render/wrap-name.js";

describe("wrapName", () => {
  it.each(["work", "server.js:12", "(anonymous) index.js:1:1", "app.get.handler", "a::b.c<d>"])(
    "keeps the short name %j on one line",
    (name) => {
      expect(wrapName(name)).toEqual([name]);
    },
  );

  it("breaks long names between words", () => {
    expect(wrapName("Module._compile node:internal/modules/cjs/loader:1234")).toEqual([
      "Module._compile",
      "node:internal/modules/cjs/loader:1234",
    ]);
    expect(
      wrapName("std::map<std::string, std::vector<int>>::operator[](std::string const&)"),
    ).toEqual(["std::map<std::string,", "std::vector<int>>::operator[](std::", "string const&)"]);
  });

  it("breaks a word that exceeds a line after slashes and colons, but not at dots", () => {
    expect(wrapName("require_once::/srv/wp-content/plugins/woocommerce/includes/x.php:12")).toEqual(
      ["require_once::/srv/wp-content/plugins/", "woocommerce/includes/x.php:12"],
    );
    const word = `${"part.".repeat(12)}js:12`;
    expect(wrapName(word)).toEqual([word]);
  });

  it("leaves out the middle of very long names, between whole characters", () => {
    const lines = wrapName(`${"😀".repeat(1000)}.end`);
    expect(lines).toHaveLength(1);
    expect(lines[0].length).toBeLessThan(170);
    expect(lines[0]).toMatch(/^😀+.*….*\.end$/u);
    expect(lines[0].isWellFormed()).toBe(true);
  });

  it("loses no characters except white space at the ends of lines", () => {
    const name = "a/b, c::d e/f".repeat(10);
    expect(wrapName(name).join("").replaceAll(" ", "")).toBe(name.replaceAll(" ", ""));
  });

  it("is fast for names without an end of a word", () => {
    const start = performance.now();
    wrapName(":".repeat(1_000_000));
    wrapName(" ".repeat(1_000_000));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
