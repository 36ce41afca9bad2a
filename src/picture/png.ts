import wasmFile from "asset:@resvg/resvg-wasm/index_bg.wasm";
import { readFile } from "node:fs/promises";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import type { Drawing } from "./drawing.js";
import { FONT_FILE } from "./font.js";
import { renderSvg } from "./svg.js";

/** As large as pictures get: pixels to a point, pixels on a side, and all pixels. */
const MAX_SCALE = 2;
const MAX_SIDE = 16_000;
const MAX_PIXELS = 16_000_000;

/** Resvg makes this of a point. */
const PIXELS_PER_POINT = 96 / 72;

export interface Png {
  readonly bytes: Uint8Array;
  /** Pixels to a point; below 1 small text cannot be read. */
  readonly scale: number;
}

/** A drawing as pixels on white, smaller where it would have too many of them. */
export async function renderPng(drawing: Drawing): Promise<Png> {
  const { width, height } = drawing;
  const scale = Math.min(
    MAX_SCALE,
    MAX_SIDE / Math.max(width, height),
    Math.sqrt(MAX_PIXELS / (width * height)),
  );
  const [font] = await Promise.all([readFile(FONT_FILE), load()]);
  const picture = new Resvg(renderSvg(drawing), {
    font: { fontBuffers: [font], loadSystemFonts: false, sansSerifFamily: "DejaVu Sans Condensed" },
    fitTo: { mode: "zoom", value: scale / PIXELS_PER_POINT },
    background: "#ffffff",
  });
  const rendered = picture.render();
  const bytes = rendered.asPng();
  rendered.free();
  picture.free();
  return { bytes, scale };
}

let loading: Promise<void> | undefined;

/** Once in a program: a second time is an error. */
function load(): Promise<void> {
  loading ??= readFile(wasmFile).then((bytes) => initWasm(bytes));
  return loading;
}
