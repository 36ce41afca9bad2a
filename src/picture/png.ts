import wasmFile from "asset:@resvg/resvg-wasm/index_bg.wasm";
import { readFile } from "node:fs/promises";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import type { Drawing } from "./drawing.js";
import { FONT_FILE } from "./font.js";
import { renderSvg } from "./svg.js";

/** The largest scale, in pixels per point. */
const MAX_SCALE = 2;
/** The largest width or height, and the largest number of pixels. */
const MAX_SIDE = 16_000;
const MAX_PIXELS = 16_000_000;

/** The scale that resvg uses without a zoom. */
const PIXELS_PER_POINT = 96 / 72;

export interface Png {
  readonly bytes: Uint8Array;
  /** In pixels per point; below 1 small text is unreadable. */
  readonly scale: number;
}

/** Renders a drawing as a PNG file on white. Reduces the scale of large drawings. */
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

/** Loads resvg, only once: a second initialization would fail. */
function load(): Promise<void> {
  loading ??= readFile(wasmFile).then((bytes) => initWasm(bytes));
  return loading;
}
