import { encodeUtf8 } from "../profile/utf8.js";
import type { DisasmLine, DisasmReport } from "../report/disasm.js";
import { formatValue } from "../report/value-format.js";
import type { Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { padLeft, runeCount } from "./pad.js";
import { joinIntoPieces } from "./pieces.js";

/** Shorter instructions are followed by their position; longer ones have it on a line before. */
const SHORT_INSTRUCTION_BYTES = 40;
const POSITION_INDENT = 74;

/** Prints the listing byte for byte as pprof does. */
export function renderDisasm(report: DisasmReport): Iterable<string> {
  return joinIntoPieces(lines(report));
}

function* lines({ format, total, routines }: DisasmReport): Generator<string> {
  const value = (amount: Int64) => padLeft(formatValue(format, amount), 10);
  const orDot = (amount: Int64) => (amount === 0 ? "         ." : value(amount));
  yield `Total: ${formatValue(format, total)}`;
  for (const { name, aliases, flat, cum, lines } of routines) {
    yield `ROUTINE ======================== ${name}`;
    for (const alias of aliases) yield `    AKA ======================== ${alias}`;
    yield `${value(flat)} ${value(cum)} (flat, cum) ${percentage(cum, total)} of Total`;
    let previous: DisasmLine | undefined;
    for (const line of lines) {
      const { text, address } = line;
      const head = `${orDot(line.flat)} ${orDot(line.cum)} ${address.toString(16).padStart(10)}: `;
      const position = isSamePosition(line, previous) ? "" : positionText(line);
      previous = line;
      if (position === "") {
        yield head + text;
      } else if (encodeUtf8(text).length < SHORT_INSTRUCTION_BYTES) {
        yield `${head}${text}${" ".repeat(Math.max(0, SHORT_INSTRUCTION_BYTES - runeCount(text)))};${position}`;
      } else {
        yield `${" ".repeat(POSITION_INDENT)};${position}`;
        yield head + text;
      }
    }
  }
}

/** Compares positions. Before the first line, the position is empty. */
function isSamePosition(line: DisasmLine, previous: DisasmLine | undefined): boolean {
  return (
    line.function === (previous?.function ?? "") &&
    line.file === (previous?.file ?? "") &&
    line.line === (previous?.line ?? 0)
  );
}

function positionText({ function: name, file, line }: DisasmLine): string {
  const number = line === 0 ? "" : `:${line}`;
  return `${name === "" ? "" : `${name} `}${file === "" ? "" : file + number}`;
}
