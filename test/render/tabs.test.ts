import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { decodeUtf8 } from "../../src/profile/utf8.js";
import { alignRight } from "../../src/render/tabs.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-tabs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * A Go program that reads a JSON array of base64 texts, and prints the aligned texts in the same
 * form.
 */
const SOURCE = `package main

import (
\t"bytes"
\t"encoding/json"
\t"os"
\t"text/tabwriter"
)

func main() {
\tvar texts, aligned [][]byte
\tjson.NewDecoder(os.Stdin).Decode(&texts)
\tfor _, text := range texts {
\t\tvar out bytes.Buffer
\t\tw := tabwriter.NewWriter(&out, 0, 0, 1, ' ', tabwriter.AlignRight)
\t\tw.Write(text)
\t\tw.Flush()
\t\taligned = append(aligned, out.Bytes())
\t}
\tjson.NewEncoder(os.Stdout).Encode(aligned)
}
`;

/**
 * Characters that tabwriter treats specially, characters of one to four bytes, and invalid ones.
 */
const text = fc
  .array(
    fc.constantFrom(
      "\t",
      "\t",
      "\n",
      "\n",
      "\v",
      "\f",
      "\udcff",
      "a",
      "bc",
      "é",
      "漢",
      "😀",
      "\udc80",
    ),
    {
      maxLength: 40,
    },
  )
  .map((parts) => `${parts.join("")}\n`);

const toBytes = (value: string) =>
  Buffer.concat(
    [...value].map((letter) => {
      const code = letter.codePointAt(0) as number;
      return code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code & 0xff]) : Buffer.from(letter);
    }),
  );
const fromBytes = (bytes: Buffer) => decodeUtf8(bytes, 0, bytes.length);

describe("alignRight", () => {
  it("aligns like Go's text/tabwriter", () => {
    writeFileSync(path.join(folder, "main.go"), SOURCE);
    const binary = path.join(folder, "align");
    execFileSync("go", ["build", "-o", binary, path.join(folder, "main.go")]);
    // Decode the bytes again, because two invalid bytes in a row may form a valid character.
    const texts = fc.sample(text, { numRuns: 2000, seed: 1 }).map((one) => fromBytes(toBytes(one)));
    const answer = execFileSync(binary, {
      input: JSON.stringify(texts.map((one) => toBytes(one).toString("base64"))),
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    const expected = (JSON.parse(answer) as (string | null)[]).map((one) =>
      fromBytes(Buffer.from(one ?? "", "base64")),
    );
    expect(texts.map(alignRight)).toEqual(expected);
  });

  it("handles any number of tabs", () => {
    const tabs = "\t".repeat(200_000);
    expect(alignRight(`${tabs}x\n`)).toBe(`${" ".repeat(200_000)}x\n`);
  });
});
