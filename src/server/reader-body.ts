import type { Body } from "./answer.js";
import type { OutputReader } from "./workers/shared-output.js";

/**
 * Returns the output of a task as a body. Waits for the second piece, so that an early error
 * rejects, and a short output has a known length.
 */
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
