import type { Frame } from "../../transforms/symbolize.js";
import type { Frames } from "./frames.js";
import { LineSplitter } from "./line-splitter.js";
import { runTool, type ToolLimits } from "./tool-process.js";

/**
 * Stores the frames of `addresses` as llvm-symbolizer answers. Throws a BinaryError if it fails.
 */
export async function askLlvmSymbolizer(
  program: string,
  file: string,
  addresses: readonly bigint[],
  frames: Frames,
  limits?: ToolLimits,
): Promise<void> {
  let next = 0;
  const lines = new LineSplitter((line) => {
    if (line !== "" && next < addresses.length) frames[next++] = parseAnswer(line);
  });
  // The file is an argument, as its name in the input could be misread as a command.
  const args = ["--inlining", "-demangle=false", "--output-style=JSON", `--obj=${file}`];
  const take = (piece: Buffer) => lines.push(piece);
  await runTool(program, args, questions(addresses), take, limits);
  lines.finish();
}

function* questions(addresses: readonly bigint[]): Generator<string> {
  for (const address of addresses) yield `CODE 0x${address.toString(16)}\n`;
}

/** Parses a line with one answer. Returns undefined for errors and invalid answers. */
function parseAnswer(line: string): Frame[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(line);
  } catch {
    return undefined;
  }
  const symbols = field(answer, "Symbol");
  if (!Array.isArray(symbols)) return undefined;
  return symbols.map((symbol: unknown) => ({
    name: textOf(field(symbol, "FunctionName")),
    file: textOf(field(symbol, "FileName")),
    line: numberOf(field(symbol, "Line")),
    column: numberOf(field(symbol, "Column")),
    startLine: numberOf(field(symbol, "StartLine")),
  }));
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  return Number.isSafeInteger(value) ? (value as number) : 0;
}
