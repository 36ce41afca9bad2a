import type { DisasmLine, DisasmReport, DisasmRoutine } from "../report/disasm.js";
import { type Int64, int64 } from "../units/int64.js";

/**
 * A report on machine code as JSON, on its way from a server to a page. JSON has no integers
 * beyond 2^53: such values, and all addresses, are written as decimal text.
 */
export function encodeDisasm(report: DisasmReport): string {
  return JSON.stringify(report, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

/** What {@link encodeDisasm} wrote. Throws an Error of one line where it is something else. */
export function decodeDisasm(text: string): DisasmReport {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unexpected();
  }
  const { format, total, routines } = fields(json);
  const { from, to, ratio } = fields(format);
  return {
    format: { from: string(from), to: string(to), ratio: number(ratio) },
    total: integer(total),
    routines: list(routines).map(routine),
  };
}

function routine(json: unknown): DisasmRoutine {
  const { name, aliases, flat, cum, lines } = fields(json);
  return {
    name: string(name),
    aliases: list(aliases).map(string),
    flat: integer(flat),
    cum: integer(cum),
    lines: list(lines).map(line),
  };
}

function line(json: unknown): DisasmLine {
  const { flat, cum, address, text, function: name, file, path, line } = fields(json);
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

function fields(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw unexpected();
  return json as Record<string, unknown>;
}

function list(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw unexpected();
  return json;
}

function string(json: unknown): string {
  if (typeof json !== "string") throw unexpected();
  return json;
}

function number(json: unknown): number {
  if (typeof json !== "number") throw unexpected();
  return json;
}

function integer(json: unknown): Int64 {
  return typeof json === "string" ? int64(bigint(json)) : number(json);
}

function bigint(json: unknown): bigint {
  const text = string(json);
  if (!/^-?\d{1,20}$/.test(text)) throw unexpected();
  return BigInt(text);
}

function unexpected(): Error {
  return new Error("the server's answer is no listing of machine code");
}
