import { expect, it } from "vitest";
import { type Instruction, ObjdumpReader } from "../../../src/symbolize/tools/objdump-output.js";

function read(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  const reader = new ObjdumpReader((instruction) => instructions.push(instruction));
  for (const line of text.split("\n")) reader.line(line.trim());
  return instructions;
}

const shown = (text: string) =>
  read(text).map(
    ({ address, text, function: name, file, line }) =>
      `${address.toString(16)} ${text} <- ${name} ${file}:${line}`,
  );

it("reads what GNU objdump prints", () => {
  const text = `
pie:     file format elf64-x86-64


Disassembly of section .text:

0000000000001300 <shop::price(shop::Basket<double> const&, int)+0x20>:
shop::price(shop::Basket<double> const&, int):
/src/work.cc:32
    1300:\tmovsd  0xd28(%rip),%xmm3        # 2030 <_IO_stdin_used+0x30>
main():
/src/work.cc:34 (discriminator 3)
    1310:\tmov    %esi,%ecx
    1339:\tcvtsi2sd %eax,%xmm2
\t...
    133d:\trepnz
`;
  expect(shown(text)).toEqual([
    "1300 movsd  0xd28(%rip),%xmm3        # 2030 <_IO_stdin_used+0x30> <- shop::price(shop::Basket<double> const&, int) /src/work.cc:32",
    "1310 mov    %esi,%ecx <- main /src/work.cc:34",
    "1339 cvtsi2sd %eax,%xmm2 <- main /src/work.cc:34",
    // What is not understood ends what is known.
    "133d repnz <-  :0",
  ]);
});

it("reads what LLVM's objdump prints", () => {
  const text = `
pie:\tfile format elf64-x86-64

Disassembly of section .text:

00000000000012e0 <shop::price(shop::Basket<double> const&, int)>:
; shop::price(shop::Basket<double> const&, int)():
; /src/work.cc:32
    1300:      \tmovsd\t3368(%rip), %xmm3       # xmm3 = mem[0],zero
                                                # 0x2030 <_IO_stdin_used+0x30>
    1304:      \tnop
; /src/work.cc:4294967296
    1308:      \tretq
`;
  expect(shown(text)).toEqual([
    "1300 movsd\t3368(%rip), %xmm3       # xmm3 = mem[0],zero <- shop::price(shop::Basket<double> const&, int) /src/work.cc:32",
    "1304 nop <-  :0",
    "1308 retq <-  :0",
  ]);
});

it("uses the heading as the function without debug information", () => {
  expect(shown("0000000000401136 <main>:\n  401136:\tpush %rbp")).toEqual([
    "401136 push %rbp <- <main> :0",
  ]);
});
