import { withoutControls } from "../render/controls.js";
import type { MadeReport } from "../session/reports/made-report.js";
import { toBytes } from "../session/show/output.js";

/** A report is sent in pieces of about this many bytes. */
const PIECE_BYTES = 1 << 18;

/**
 * A report as it is sent, in pieces, without control characters where it is text. `change` gets
 * the beginning of the text. A long report is made while it is read.
 */
export async function* piecesOf(
  report: MadeReport,
  change: (beginning: string) => string = (text) => text,
): AsyncGenerator<Uint8Array, void> {
  const made = report.text();
  let isBeginning = true;
  let taken: Uint8Array[] = [];
  let length = 0;
  for await (const piece of typeof made === "string" ? [made] : made) {
    const bytes = sentBytes(piece, isBeginning ? change : undefined);
    isBeginning = false;
    taken.push(bytes);
    length += bytes.length;
    if (length < PIECE_BYTES) continue;
    yield Buffer.concat(taken);
    taken = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(taken);
}

function sentBytes(
  piece: string | Uint8Array,
  change: ((text: string) => string) | undefined,
): Uint8Array {
  if (typeof piece !== "string") return piece;
  const text = withoutControls(piece);
  return toBytes(change ? change(text) : text);
}
