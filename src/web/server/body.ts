import { withoutControls } from "../../render/controls.js";
import type { MadeReport } from "../../session/made-report.js";
import { toBytes } from "../../session/output.js";
import type { Body } from "./answer.js";
import { turn } from "./turn.js";

/** So much of a report is made at a time: in bytes, and in milliseconds. */
const PIECE = 1 << 18;
const TURN = 20;

/**
 * A report as it is sent, without control characters where it is text; `change` is given its
 * beginning. What goes wrong there is thrown at once; of a long report the rest is made while
 * it is read.
 */
export async function bodyOf(
  report: MadeReport,
  change: (beginning: string) => string = (text) => text,
): Promise<Body> {
  await turn();
  const made = report.text();
  const pieces = typeof made === "string" ? [made] : made;
  const bytes = changed(change);
  const all = Symbol.iterator in pieces ? shortPieces(pieces, bytes) : awaitedPieces(pieces, bytes);
  const first = await all.next();
  if (first.done) return "";
  const second = await all.next();
  return second.done ? first.value : joined([first.value, second.value], all);
}

type ToBytes = (piece: string | Uint8Array) => Uint8Array;

function changed(change: (beginning: string) => string): ToBytes {
  let isFirst = true;
  return (piece) => {
    const isBeginning = isFirst;
    isFirst = false;
    if (typeof piece !== "string") return piece;
    const text = withoutControls(piece);
    return toBytes(isBeginning ? change(text) : text);
  };
}

/** In turns, each short enough for whoever waits for one. */
async function* shortPieces(
  pieces: Iterable<string | Uint8Array>,
  bytes: ToBytes,
): AsyncGenerator<Uint8Array, void> {
  const iterator = pieces[Symbol.iterator]();
  for (;;) {
    const { taken, isLast } = take(iterator, bytes);
    if (taken.length > 0) yield taken;
    if (isLast) return;
    await turn();
  }
}

function take(
  iterator: Iterator<string | Uint8Array>,
  bytes: ToBytes,
): { taken: Uint8Array; isLast: boolean } {
  const end = performance.now() + TURN;
  const taken: Uint8Array[] = [];
  let length = 0;
  let isLast = false;
  do {
    const { done = false, value } = iterator.next();
    isLast = done;
    if (done) break;
    const piece = bytes(value);
    taken.push(piece);
    length += piece.length;
  } while (length < PIECE && performance.now() < end);
  return { taken: Buffer.concat(taken), isLast };
}

async function* awaitedPieces(
  pieces: AsyncIterable<string | Uint8Array>,
  bytes: ToBytes,
): AsyncGenerator<Uint8Array, void> {
  for await (const piece of pieces) {
    yield bytes(piece);
    await turn();
  }
}

async function* joined(
  first: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  yield* first;
  yield* rest;
}
