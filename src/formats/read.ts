import { Budget } from "../profile/budget.js";
import { ProfileError, tooLarge, tooLargeForInput } from "../profile/errors.js";
import type { Profile } from "../profile/profile.js";
import { concat, ProfileDecoder } from "../profile/wire/decode.js";
import type { Format, WarnReader } from "./format.js";
import { inputLimits } from "./input-limits.js";

/**
 * Inflates gzip data of one or more members, and passes the pieces to `sink`. Throws a {@link
 * ProfileError} if the data is damaged or ends early, and {@link tooLarge} as soon as the output
 * exceeds `limit` bytes.
 */
export type Gunzip = (
  compressed: Uint8Array,
  limit: number,
  sink: (piece: Uint8Array) => void,
) => Promise<void>;

/**
 * Reads a profile of any known format, compressed by gzip or not. Throws a {@link ProfileError} for
 * other inputs, and if the inflated input or its tables need more than `limit` bytes, or more than
 * {@link inputLimits} allows for an input of `inputBytes`. Pass `inputBytes` if `bytes` is only the
 * beginning and `gunzip` has the rest.
 */
export async function readProfile(
  bytes: Uint8Array,
  gunzip: Gunzip,
  limit: number,
  inputBytes = bytes.length,
): Promise<Profile> {
  return (await readWithFormat(bytes, gunzip, limit, inputBytes)).profile;
}

/** The detected format of an input. */
export interface ReadFormat {
  readonly name: string;
  /** Whether pprof reads the format itself: profile.proto, or a format of {@link Format.isPprofs}. */
  readonly isPprofs: boolean;
  readonly compressed: boolean;
  readonly inflatedBytes: number;
}

/** A profile, its format, and the lines that its reader reported with a {@link WarnReader}. */
export interface ReadResult {
  readonly profile: Profile;
  readonly format: ReadFormat;
  readonly warnings: readonly string[];
}

/** Reads a profile like {@link readProfile}, and returns its format and warnings too. */
export async function readWithFormat(
  bytes: Uint8Array,
  gunzip: Gunzip,
  limit: number,
  inputBytes = bytes.length,
): Promise<ReadResult> {
  if (bytes.length > limit) throw tooLarge(limit);
  const limits = inputLimits(inputBytes, limit);
  const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const budget = new Budget(limits.memory);
  const input = new Input(budget, () => {
    return new ProfileDecoder(
      Math.min(sizeHint(bytes, compressed), limits.inflated),
      limits.memory,
    );
  });
  try {
    if (compressed) await gunzip(bytes, limits.inflated, (piece) => input.push(piece));
    else input.push(bytes);
    const profile = await input.finish();
    const { name, isPprofs = false } = input.format;
    const format = { name, isPprofs, compressed, inflatedBytes: input.bytes };
    return { profile, format, warnings: input.warnings };
  } catch (error) {
    const described = await input.describe(error);
    if (described) throw described;
    const exceeded = (error as Partial<ProfileError>).exceededLimit;
    if (exceeded === undefined || exceeded >= limit) throw error;
    throw tooLargeForInput(exceeded, inputBytes);
  }
}

/** The number of bytes that decide whether an input may be profile.proto. */
const HEAD_BYTES = 64;

/** Collects an input in pieces. Decodes profile.proto meanwhile, other formats at the end. */
class Input {
  readonly #budget: Budget;
  readonly #newDecoder: () => ProfileDecoder;
  #decoder: ProfileDecoder | undefined;
  /** Pieces that are not decoded yet. */
  #held: Uint8Array[] = [];
  #heldLength = 0;
  #isDecided = false;
  /** The first bytes of an input that is decoded as profile.proto. */
  #head = new Uint8Array();
  /** The format, once the input is read. */
  format: Pick<Format, "name" | "isPprofs"> = { name: "profile.proto", isPprofs: true };
  bytes = 0;
  readonly warnings: string[] = [];

  constructor(budget: Budget, newDecoder: () => ProfileDecoder) {
    this.#budget = budget;
    this.#newDecoder = newDecoder;
  }

  push(piece: Uint8Array): void {
    this.bytes += piece.length;
    if (this.#decoder) {
      this.#decoder.push(piece);
      return;
    }
    this.#held.push(piece);
    this.#heldLength += piece.length;
    if (!this.#isDecided && this.#heldLength >= HEAD_BYTES) this.#decide();
  }

  async finish(): Promise<Profile> {
    if (!this.#isDecided) this.#decide();
    if (this.#decoder) return this.#decoder.finish();
    const whole = withoutByteOrderMark(concat(this.#held, this.#heldLength));
    // Imported only if needed, since most inputs are profile.proto.
    const { formatOf } = await import("./index.js");
    const format = formatOf(whole);
    if (format) {
      this.format = format;
      return format.read(whole, this.#budget, (line) => this.warnings.push(line));
    }
    if (looksLikeText(whole)) {
      const { describeFile } = await import("./known-files.js");
      throw new ProfileError(
        describeFile(whole) ?? "unrecognized profile format: this looks like text",
      );
    }
    // No format matches: report the error of the profile.proto decoder.
    return this.#decode().finish();
  }

  /**
   * Returns the error to report instead of an error of the profile.proto decoder, if the input was
   * never a profile.
   */
  async describe(error: unknown): Promise<ProfileError | undefined> {
    if (!this.#decoder || !(error instanceof ProfileError)) return undefined;
    const { describeFile } = await import("./known-files.js");
    const description = describeFile(this.#head);
    if (description !== undefined) return new ProfileError(description);
    const isMalformed = error.message.startsWith("malformed profile:");
    return isMalformed && !FIRST_TAGS.includes(this.#head[0])
      ? new ProfileError("unrecognized profile format: this is binary data of an unknown kind")
      : undefined;
  }

  #decide(): void {
    this.#isDecided = true;
    const head = concat(this.#held, this.#heldLength).subarray(0, HEAD_BYTES);
    // No field has the number 0, and old binary formats begin with a word that is 0. Input of zeros
    // only is neither; the decoder rejects it early.
    const isBlank = head.length === HEAD_BYTES && head.every((byte) => byte === 0);
    if (isBlank || looksLikeProto(head)) this.#decode();
  }

  #decode(): ProfileDecoder {
    const decoder = this.#newDecoder();
    this.#decoder = decoder;
    this.#head = concat(this.#held, this.#heldLength).slice(0, KNOWN_HEAD_BYTES);
    for (const piece of this.#held) decoder.push(piece);
    this.#held = [];
    return decoder;
  }
}

/** The number of bytes kept to recognize files that are not profiles. */
const KNOWN_HEAD_BYTES = 512;

/** The tags of the fields 1 to 15 of profile.proto, each with its wire type. */
const FIRST_TAGS = [
  ...[0x0a, 0x12, 0x1a, 0x22, 0x2a, 0x32, 0x38, 0x40],
  ...[0x48, 0x50, 0x5a, 0x60, 0x68, 0x6a, 0x70, 0x78],
];

/** Larger claims of gzip's size field are not trusted; profiles seldom inflate more than this. */
const USUAL_RATIO = 16;

/** Estimates the inflated size. Gzip data ends with the size of its last member (RFC 1952). */
function sizeHint(bytes: Uint8Array, compressed: boolean): number {
  if (!compressed || bytes.length < 18) return bytes.length;
  const end = bytes.length;
  const size =
    bytes[end - 4] + bytes[end - 3] * 2 ** 8 + bytes[end - 2] * 2 ** 16 + bytes[end - 1] * 2 ** 24;
  return Math.min(size, bytes.length * USUAL_RATIO);
}

/** Tests whether inflated input with these first bytes is decoded as profile.proto at first. */
export function looksLikeProto(head: Uint8Array): boolean {
  return head[0] !== 0 && !looksLikeText(head);
}

/** Removes the UTF-8 byte order mark, which tools on Windows write before text. */
function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return isMarked ? bytes.subarray(3) : bytes;
}

/** Tests for text by the first bytes: protobuf's tags and lengths are mostly control characters. */
function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, HEAD_BYTES);
  return head.length > 0 && head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
