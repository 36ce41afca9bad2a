import { describe, expect, it } from "vitest";
import { decodeFlame, encodeFlame, firstFlame } from "../../src/page/flame-json.js";
import { BASE_LABEL } from "../../src/profile/base-label.js";
import { inputFor } from "../support/report-input.js";

const flameOf = (text: string) => firstFlame(inputFor("flame", text), ["a warning"]);
const BASE = `{${BASE_LABEL.key}=${BASE_LABEL.text}}`;

describe("a flame graph as JSON", () => {
  it.each([
    ["a plain one", "main;parse;read 3\nmain;work>fast;read 5\nmain;work 2"],
    ["a comparison", `a;b 5\na;c -4 ${BASE}`],
    ["one with values beyond 2^53", "a;b 9223372036854775807\na;c 9007199254740993\na;d 1"],
    ["one with nothing in it", ""],
    ["names that mean something", '__proto__;"</script>\\u001b" 3\nconstructor 1'],
  ])("survives encoding and decoding: %s", (_, text) => {
    const answer = flameOf(text);
    expect(decodeFlame(encodeFlame(answer))).toEqual(answer);
  });

  it("is rejected if it is something else", () => {
    const spoilt = (change: (report: Record<string, unknown>) => void) => {
      const json = JSON.parse(encodeFlame(flameOf("a;b 1")));
      change(json);
      return () => decodeFlame(JSON.stringify(json));
    };
    const message = "the server's answer is not a flame graph";
    expect(() => decodeFlame("<html>")).toThrow(message);
    expect(spoilt((report) => delete report.depths)).toThrow(message);
    expect(spoilt((report) => (report.kind = "other"))).toThrow(message);
    expect(spoilt((report) => (report.selfPlus = ["1", 2]))).toThrow(message);
    expect(spoilt((report) => (report.files = []))).toThrow(message);
  });
});
