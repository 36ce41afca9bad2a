import { expect, it } from "vitest";
import type { DisasmLine, DisasmReport } from "../../src/report/disasm.js";
import type { SourceReader } from "../../src/report/list.js";
import { drawDisasm } from "../../src/terminal/disasm.js";

const line = (address: number, text: string, at: number, flat = 0): DisasmLine => ({
  flat,
  cum: flat,
  address: BigInt(address),
  text,
  function: "work",
  file: "work.c",
  path: "/src/work.c",
  line: at,
});

const report: DisasmReport = {
  format: { from: "count", to: "minimum", ratio: 1 },
  total: 100,
  routines: [
    {
      name: "work\u001b[31m",
      aliases: ["also_work"],
      flat: 90,
      cum: 90,
      lines: [
        ...Array.from({ length: 20 }, (_, i) => line(0x1000 + i, "nop", 3)),
        line(0x2000, "imul\t$3, %edi\t# imm = 0x3", 4, 90),
        line(0x2004, "ret", 5),
      ],
    },
  ],
};

const sources: SourceReader = {
  read: () => ({ lineCount: 4, line: (number) => `  line\t${number} of the source` }),
};

const drawn = (width: number) =>
  [...drawDisasm(report, sources, { width, env: { NO_COLOR: "1" } })].join("");

it("puts instructions below their source lines, and folds those without samples", () => {
  expect(drawn(100)).toBe(`Total: 100

work\\x1b[31m
also also_work
flat 90 90.00%  cum 90 90.00%
flat  cum            address
                     work.c:3  line 3 of the source
   .    .               1000  nop
   .    .               1001  nop
   .    .               1002  nop
   .    .               1003  nop
   .    .               1004  nop
   .    .               1005  nop
                     ⋮ 8 instructions
                     work.c:3  line 3 of the source
   .    .               100e  nop
   .    .               100f  nop
   .    .               1010  nop
   .    .               1011  nop
   .    .               1012  nop
   .    .               1013  nop
                     work.c:4  line 4 of the source
  90   90  ███████▎     2000  imul    $3, %edi        # imm = 0x3
                     work.c:5
   .    .               2004  ret
`);
});

it("stays within the width", () => {
  for (const width of [40, 60, 99]) {
    for (const row of drawn(width).split("\n")) expect(row.length).toBeLessThanOrEqual(width);
  }
});
