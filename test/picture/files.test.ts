import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { layOut } from "../../src/picture/layout.js";
import { renderPdf } from "../../src/picture/pdf.js";
import { renderPng } from "../../src/picture/png.js";
import { fixtureGraph, graphText, HOSTILE_NAMES, hostileGraph } from "../support/graph-text.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A box of an inch by half an inch, red within, 12 points around. */
const ONE = graphText(
  'N1 [label="" shape=box width=1 height=0.5 fixedsize=true color="#0000ff" style=filled fillcolor="#ff0000"]',
);

interface Pixels {
  width: number;
  height: number;
  /** Red, green and blue of a pixel. */
  at(x: number, y: number): number[];
}

/** Reads binary PPM, which pdftoppm writes. */
function readPpm(bytes: Buffer): Pixels {
  const [head, width, height] =
    /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString("latin1", 0, 99)) ?? [];
  const start = head?.length ?? 0;
  const at = (x: number, y: number) => {
    const i = start + 3 * (y * Number(width) + x);
    return [...bytes.subarray(i, i + 3)];
  };
  return { width: Number(width), height: Number(height), at };
}

/** Reads a PNG of 8 bits a channel, with or without opacity. */
function readPng(bytes: Uint8Array): Pixels {
  const data = Buffer.from(bytes);
  expect(data.toString("latin1", 0, 8)).toBe("\x89PNG\r\n\x1a\n");
  const width = data.readUInt32BE(16);
  const height = data.readUInt32BE(20);
  const channels = data[25] === 6 ? 4 : 3;
  const pieces: Buffer[] = [];
  for (let i = 8; i < data.length; i += data.readUInt32BE(i) + 12) {
    const end = i + 8 + data.readUInt32BE(i);
    if (data.toString("latin1", i + 4, i + 8) === "IDAT") pieces.push(data.subarray(i + 8, end));
  }
  const raw = inflateSync(Buffer.concat(pieces));
  const row = width * channels;
  const pixels = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)];
    for (let i = 0; i < row; i++) {
      const left = i < channels ? 0 : pixels[y * row + i - channels];
      const up = y === 0 ? 0 : pixels[(y - 1) * row + i];
      const corner = y === 0 || i < channels ? 0 : pixels[(y - 1) * row + i - channels];
      pixels[y * row + i] = raw[y * (row + 1) + 1 + i] + guess(filter, left, up, corner);
    }
  }
  const at = (x: number, y: number) => {
    const i = y * row + x * channels;
    return [pixels[i], pixels[i + 1], pixels[i + 2]];
  };
  return { width, height, at };
}

/** Returns what a filter of PNG adds to a byte. */
function guess(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  return filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
}

function paeth(left: number, up: number, corner: number): number {
  // The distances of left + up - corner from the three bytes.
  const a = Math.abs(up - corner);
  const b = Math.abs(left - corner);
  const c = Math.abs(left + up - 2 * corner);
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function pdfFile(bytes: Uint8Array): string {
  const file = path.join(folder, "picture.pdf");
  writeFileSync(file, bytes);
  return file;
}

/** The first page of a PDF, at one pixel to a point unless `scale` says more. */
function pdfPixels(file: string, scale = 1): Pixels {
  const ppm = execFileSync("pdftoppm", ["-r", String(72 * scale), file], { maxBuffer: 1 << 30 });
  return readPpm(ppm);
}

const pdfText = (file: string) =>
  execFileSync("pdftotext", ["-raw", file, "-"], { encoding: "utf8" });

describe("renderPng", () => {
  it("draws on white, with two pixels to a point", async () => {
    const { bytes, scale } = await renderPng(await layOut(ONE));
    const { width, height, at } = readPng(bytes);
    expect({ width, height, scale }).toEqual({ width: 192, height: 120, scale: 2 });
    expect(at(2, 2)).toEqual([255, 255, 255]);
    expect(at(96, 60)).toEqual([255, 0, 0]);
    expect(at(96, 24)).toEqual([0, 0, 255]);
  });

  it("contains text without any font of the machine", async () => {
    const dot = graphText(
      'N1 [label="main" shape=box style=filled fillcolor="#ffffff" color="#ffffff"]',
    );
    const { at, width, height } = readPng((await renderPng(await layOut(dot))).bytes);
    let dark = 0;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (at(x, y)[0] < 100) dark++;
    expect(dark).toBeGreaterThan(100);
    expect(dark).toBeLessThan(2000);
  });

  it("draws large graphs smaller", async () => {
    const calls = Array.from({ length: 300 }, (_, i) => `N${i} [height=3]\nN${i} -> N${i + 1}`);
    const drawing = await layOut(graphText(...calls));
    expect(drawing.height).toBeGreaterThan(40_000);
    const { bytes, scale } = await renderPng(drawing);
    expect(scale).toBeLessThan(0.5);
    expect(readPng(bytes).height).toBeLessThanOrEqual(16_000);
  });
});

describe("renderPdf", () => {
  it("has one page of the drawing's size", async () => {
    const { width, height, at } = pdfPixels(pdfFile(await renderPdf(await layOut(ONE))));
    expect({ width, height }).toEqual({ width: 96, height: 60 });
    expect(at(1, 1)).toEqual([255, 255, 255]);
    expect(at(48, 30)).toEqual([255, 0, 0]);
  });

  it("has text that can be searched, in an embedded font", async () => {
    const dot = fixtureGraph("go-cpu.pb.gz");
    const drawing = await layOut(dot);
    const file = pdfFile(await renderPdf(drawing));
    const text = pdfText(file);
    const words = drawing.boxes.flatMap(({ lines }) => lines.map((line) => line.text));
    expect(words.length).toBeGreaterThan(100);
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
    const fonts = execFileSync("pdffonts", [file], { encoding: "utf8" }).split("\n").slice(2, -1);
    expect(fonts).toHaveLength(1);
    expect(fonts[0]).toMatch(/DejaVuSansCondensed +CID TrueType +Identity-H +yes yes yes/);
  });

  it("is the same bytes for the same graph", async () => {
    const drawing = await layOut(fixtureGraph("go-heap.pb.gz"));
    const [first, second] = [await renderPdf(drawing), await renderPdf(drawing)];
    expect(Buffer.compare(first, second)).toBe(0);
    const dates = Buffer.from(first)
      .toString("latin1")
      .match(/\(D:[^)]*\)/g);
    expect(new Set(dates)).toEqual(new Set(["(D:19700101000000Z)"]));
  });

  it("fits what is larger than a page may be", async () => {
    const calls = Array.from({ length: 300 }, (_, i) => `N${i} [height=3]\nN${i} -> N${i + 1}`);
    const file = pdfFile(await renderPdf(await layOut(graphText(...calls))));
    expect(execFileSync("pdfinfo", [file], { encoding: "utf8" })).toMatch(
      /Page size: .* x 14400 pts/,
    );
  });

  it("shows hostile names as text", async () => {
    const text = pdfText(pdfFile(await renderPdf(await layOut(hostileGraph()))));
    for (const name of HOSTILE_NAMES.slice(0, 8)) expect(text).toContain(name);
  });
});

it("PNG and PDF show the same picture", async () => {
  const drawing = await layOut(fixtureGraph("go-heap.pb.gz"));
  const { bytes, scale } = await renderPng(drawing);
  expect(scale).toBe(2);
  const png = readPng(bytes);
  const pdf = pdfPixels(pdfFile(await renderPdf(drawing)), scale);
  // Letters and edges are smoothed in other ways, but the same ink is in the same places.
  let inked = 0;
  let differing = 0;
  for (let y = 0; y + CELL <= png.height; y += CELL) {
    for (let x = 0; x + CELL <= png.width; x += CELL) {
      const [a, b] = [cellColor(png, x, y), cellColor(pdf, x, y)];
      if (a.some((channel) => channel < 250)) inked++;
      if (a.some((channel, i) => Math.abs(channel - b[i]) > 25)) differing++;
    }
  }
  expect(inked).toBeGreaterThan(1000);
  expect(differing / inked).toBeLessThan(0.01);
});

const CELL = 16;

/** What a square of pixels looks like from afar. */
function cellColor({ at }: Pixels, x: number, y: number): number[] {
  const sums = [0, 0, 0];
  for (let j = 0; j < CELL; j += 2) {
    for (let i = 0; i < CELL; i += 2) {
      const pixel = at(x + i, y + j);
      for (let channel = 0; channel < 3; channel++) sums[channel] += pixel[channel];
    }
  }
  return sums.map((sum) => sum / (CELL / 2) ** 2);
}
