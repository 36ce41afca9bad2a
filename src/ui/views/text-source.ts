import type { TextPart } from "../engine/engine.js";

/** A report that is made or fetched while it is read. */
export interface TextSource {
  readonly warnings: readonly string[];
  /** Returns the next part, of at least `length` characters unless it is the last one. */
  next(length: number): Promise<TextPart>;
}

/** Reads the body of an answer as far as it is needed. */
export class BodySource implements TextSource {
  readonly warnings = [];
  readonly #reader: ReadableStreamDefaultReader<string> | undefined;

  constructor({ body }: Response) {
    const decoder = new TextDecoderStream() as ReadableWritablePair<
      string,
      Uint8Array<ArrayBuffer>
    >;
    this.#reader = body?.pipeThrough(decoder).getReader();
  }

  async next(length: number): Promise<TextPart> {
    const parts: string[] = [];
    for (let read = 0; read < length; ) {
      const part = await this.#reader?.read();
      if (!part || part.done) return { text: parts.join(""), isLast: true };
      parts.push(part.value);
      read += part.value.length;
    }
    return { text: parts.join(""), isLast: false };
  }
}

/** The part of a text that is turned into a blob at a time, in characters. */
const BLOB_PART = 4_000_000;

/** Reads a source to its end. The browser may keep the parts of the blob outside its memory. */
export async function blobOf(
  source: TextSource,
  onProgress: (characters: number) => void,
): Promise<Blob> {
  const blobs: Blob[] = [];
  for (let read = 0, isLast = false; !isLast; ) {
    const part = await source.next(BLOB_PART);
    blobs.push(new Blob([part.text]));
    read += part.text.length;
    isLast = part.isLast;
    onProgress(read);
  }
  return new Blob(blobs, { type: "text/plain;charset=utf-8" });
}
