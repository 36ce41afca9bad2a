import { escapeControls } from "../render/controls.js";
import type { MadeReport } from "../session/reports/made-report.js";
import { toBytes } from "../session/show/output.js";

/** The approximate size of the pieces in which a report is sent. */
const PIECE_BYTES = 1 << 18;

/**
 * Returns the bytes of a report, without control characters if it is text. A long report is made
 * while it is read. `change` may change the first piece of the text.
 */
export async function* piecesOf(
  report: MadeReport,
  change: (beginning: string) => string = (text) => text,
): AsyncGenerator<Uint8Array, void> {
  const made = report.text();
  let isBeginning = true;
  let collected: Uint8Array[] = [];
  let length = 0;
  for await (const piece of typeof made === "string" ? [made] : made) {
    const bytes = sentBytes(piece, isBeginning ? change : undefined);
    isBeginning = false;
    collected.push(bytes);
    length += bytes.length;
    if (length < PIECE_BYTES) continue;
    yield Buffer.concat(collected);
    collected = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(collected);
}

function sentBytes(
  piece: string | Uint8Array,
  change: ((text: string) => string) | undefined,
): Uint8Array {
  if (typeof piece !== "string") return piece;
  const text = escapeControls(piece);
  return toBytes(change ? change(text) : text);
}
