import type { DisasmLine, DisasmReport, DisasmRoutine } from "../report/disasm.js";
import {
  bigint,
  fieldsOf,
  integer,
  list,
  number,
  parseAs,
  string,
  stringify,
} from "./json-fields.js";

export function encodeDisasm(report: DisasmReport): string {
  return stringify(report);
}

/** Decodes the text from {@link encodeDisasm}. Throws a one-line Error if it is anything else. */
export function decodeDisasm(text: string): DisasmReport {
  return parseAs(text, "listing of machine code", (json) => {
    const { format, total, routines } = fieldsOf(json);
    const { from, to, ratio } = fieldsOf(format);
    return {
      format: { from: string(from), to: string(to), ratio: number(ratio) },
      total: integer(total),
      routines: list(routines).map(routine),
    };
  });
}

function routine(json: unknown): DisasmRoutine {
  const { name, aliases, flat, cum, lines } = fieldsOf(json);
  return {
    name: string(name),
    aliases: list(aliases).map(string),
    flat: integer(flat),
    cum: integer(cum),
    lines: list(lines).map(line),
  };
}

function line(json: unknown): DisasmLine {
  const { flat, cum, address, text, function: name, file, path, line } = fieldsOf(json);
  return {
    flat: integer(flat),
    cum: integer(cum),
    address: bigint(address),
    text: string(text),
    function: string(name),
    file: string(file),
    path: string(path),
    line: integer(line),
  };
}
