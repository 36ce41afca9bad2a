import type { Body } from "./answer.js";
import type { OutputReader } from "./workers/shared-output.js";

/** Waits for the second piece, so that early errors reject and short bodies have a known length. */
export async function bodyOf(output: OutputReader): Promise<Body> {
  const pieces = output[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done) return "";
  const second = await pieces.next();
  return second.done ? first.value : joined([first.value, second.value], pieces);
}

async function* joined(
  first: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
  yield* first;
  yield* { [Symbol.asyncIterator]: () => rest };
}
