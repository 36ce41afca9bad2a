import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { CommandName } from "../../options/commands.js";
import { encodeUtf8 } from "../../profile/utf8.js";
import { escapeHiddenInDot } from "../../render/graphviz-text.js";
import type { ReportContext } from "./made-report.js";

export type PictureCommand = Extract<CommandName, "svg" | "png" | "pdf" | "ps" | "gif">;

type PictureClient = Pick<ReportContext, "warn" | "compute">;

/** Draws a graph from its DOT text. Loads the drawing code only when it is needed. */
export function drawPicture(
  command: PictureCommand,
  dot: string,
  client: PictureClient,
): Promise<Uint8Array> {
  return withProgress(command, () => draw(command, dot, client));
}

async function draw(
  command: PictureCommand,
  dot: string,
  { warn, compute }: PictureClient,
): Promise<Uint8Array> {
  if (command === "ps" || command === "gif") {
    const { runGraphviz } = await import("../../platform/programs/local-graphviz.js");
    return runGraphviz(encodeUtf8(escapeHiddenInDot(dot)), command);
  }
  const { layOut } = await import("../../picture/layout.js");
  const drawing = await layOut(dot, compute);
  switch (command) {
    case "svg": {
      const { renderLiveSvg } = await import("../../picture/live-svg.js");
      return Buffer.from(renderLiveSvg(drawing));
    }
    case "png": {
      const { renderPng } = await import("../../picture/png.js");
      const { bytes, scale } = await renderPng(drawing);
      if (scale < 1) {
        warn(
          `the graph is too large for a PNG at full size, so it is drawn at ${Math.floor(scale * 100)}%; svg and pdf have no limit`,
        );
      }
      return bytes;
    }
    case "pdf": {
      const { renderPdf } = await import("../../picture/pdf.js");
      return renderPdf(drawing);
    }
  }
}

const STDERR = 2;

/** Shows a progress line on a terminal while work is done, and erases it afterwards. */
async function withProgress<T>(command: string, work: () => Promise<T>): Promise<T> {
  if (!isatty(STDERR)) return work();
  writeSync(STDERR, `drawing the ${command}; fewer nodes (-nodecount=50) are faster\r`);
  try {
    return await work();
  } finally {
    writeSync(STDERR, "\x1b[K");
  }
}
