import type { Body } from "./answer.js";
import type { OutputReader } from "./workers/shared-output.js";

/**
 * The output of a task as a body. Rejects where the task fails before there is a second piece;
 * a short output is all there then, so that its length is known.
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
