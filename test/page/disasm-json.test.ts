import { describe, expect, it } from "vitest";
import { decodeDisasm, encodeDisasm } from "../../src/page/disasm-json.js";
import type { DisasmReport } from "../../src/report/disasm.js";

const REPORT: DisasmReport = {
  format: { from: "nanoseconds", to: "auto", ratio: 0.5 },
  total: 9007199254740993n,
  routines: [
    {
      name: "main.work",
      aliases: ["alias\u2028</script>"],
      flat: -9223372036854775808n,
      cum: 12,
      lines: [
        {
          flat: 0,
          cum: 3,
          address: 0xffff_ffff_8100_0000n,
          text: "mov\t%rax, %rbx",
          function: "main.work",
          file: "work.go",
          path: "/src/work.go",
          line: 7,
        },
      ],
    },
  ],
};

describe("machine code as JSON", () => {
  it("survives encoding and decoding, with all 64 bits", () => {
    expect(decodeDisasm(encodeDisasm(REPORT))).toEqual(REPORT);
    expect(JSON.parse(encodeDisasm(REPORT)).routines[0].lines[0].address).toBe(
      "18446744071578845184",
    );
  });

  it("is rejected if it is something else", () => {
    const spoilt = (change: (report: Record<string, unknown>) => void) => {
      const json = JSON.parse(encodeDisasm(REPORT));
      change(json);
      return () => decodeDisasm(JSON.stringify(json));
    };
    const message = "the server's answer is not a listing of machine code";
    expect(() => decodeDisasm("<html>")).toThrow(message);
    expect(() => decodeDisasm("null")).toThrow(message);
    expect(spoilt((report) => delete report.routines)).toThrow(message);
    expect(spoilt((report) => (report.total = "12e3"))).toThrow(message);
    expect(spoilt((report) => (report.format = []))).toThrow(message);
  });
});
