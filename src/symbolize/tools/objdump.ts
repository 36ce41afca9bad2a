import { BinaryError } from "../binaries/binary-error.js";
import { LineSplitter } from "./line-splitter.js";
import { type Instruction, ObjdumpReader } from "./objdump-output.js";
import { runTool, type ToolLimits } from "./tool-process.js";
import type { Tools } from "./tools.js";

/** A usable objdump program. */
export interface Objdump {
  readonly program: string;
  /** Whether it is LLVM's objdump, or else GNU's. */
  readonly isLlvm: boolean;
}

/** The limits for `objdump --version`. */
const VERSION_LIMITS: ToolLimits = { silence: 10_000, output: 1 << 20 };

/** The limits for the disassembly of a range. */
const LIMITS: ToolLimits = { silence: 120_000, output: 1 << 29 };
const MAX_INSTRUCTIONS = 1 << 22;

/** Returns the best usable objdump, or undefined if there is none. */
export async function findObjdump(tools: Tools): Promise<Objdump | undefined> {
  const fallback = tools.find("objdump");
  const programs = tools.configured("objdump");
  for (const program of programs.length > 0 || !fallback ? programs : [fallback]) {
    const pieces: Buffer[] = [];
    try {
      await runTool(program, ["--version"], [], (piece) => pieces.push(piece), VERSION_LIMITS);
    } catch (error) {
      if (!(error instanceof BinaryError)) throw error;
      continue;
    }
    const version = Buffer.concat(pieces).toString("latin1");
    if (isUsableLlvm(version)) return { program, isLlvm: true };
    if (version.includes("GNU objdump")) return { program, isLlvm: false };
  }
  return undefined;
}

/** Older versions lack some options. Apple numbers its versions differently. */
function isUsableLlvm(version: string): boolean {
  const match = /LLVM version (?:(\d+)\.(\d*)\.(\d+)|.*(trunk))/.exec(version);
  if (!match) return false;
  if (match[4] !== undefined) return true;
  const [major, patch] = [Number(match[1]), Number(match[3])];
  if (process.platform === "linux") return major >= 8;
  if (process.platform === "darwin") return major > 10 || (major === 10 && patch >= 1);
  return false;
}

/**
 * Disassembles the range `[start, end)` of a file. `file` must be an absolute path. Throws a
 * BinaryError if the program fails.
 */
export async function disassemble(
  { program, isLlvm }: Objdump,
  file: string,
  { start, end }: { start: bigint; end: bigint },
  intelSyntax: boolean,
  limits: ToolLimits = LIMITS,
): Promise<Instruction[]> {
  const instructions: Instruction[] = [];
  const reader = new ObjdumpReader((instruction) => {
    if (instructions.push(instruction) > MAX_INSTRUCTIONS) {
      throw new BinaryError("too many instructions to show");
    }
  });
  const lines = new LineSplitter((line) => reader.line(line));
  const args = [
    "--disassemble",
    "--demangle",
    "--no-show-raw-insn",
    "--line-numbers",
    `--start-address=${hex(start)}`,
    `--stop-address=${hex(end)}`,
    ...syntaxOptions(isLlvm, intelSyntax),
    file,
  ];
  await runTool(program, args, [], (piece) => lines.push(piece), limits);
  lines.finish();
  return instructions;
}

function syntaxOptions(isLlvm: boolean, intelSyntax: boolean): string[] {
  if (!intelSyntax) return [];
  return isLlvm ? ["--x86-asm-syntax=intel"] : ["-M", "intel"];
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}
