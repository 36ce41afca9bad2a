import { type Int64, int64 } from "../units/int64.js";

/**
 * Functions that check and return parts of JSON. JSON numbers are exact only up to 2^53, so larger
 * integers are decimal strings. All of them throw {@link UnexpectedJson}.
 */
export const fieldsOf = (json: unknown): Readonly<Record<string, unknown>> => {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new UnexpectedJson();
  return json as Record<string, unknown>;
};

export const list = (json: unknown): readonly unknown[] => {
  if (!Array.isArray(json)) throw new UnexpectedJson();
  return json;
};

export const string = (json: unknown): string => {
  if (typeof json !== "string") throw new UnexpectedJson();
  return json;
};

export const number = (json: unknown): number => {
  if (typeof json !== "number") throw new UnexpectedJson();
  return json;
};

export const bigint = (json: unknown): bigint => {
  const text = string(json);
  if (!/^-?\d{1,40}$/.test(text)) throw new UnexpectedJson();
  return BigInt(text);
};

export const integer = (json: unknown): Int64 =>
  typeof json === "string" ? int64(bigint(json)) : number(json);

/** The JSON has another shape than expected. */
export class UnexpectedJson extends Error {}

/** Parses and reads JSON. Throws an Error that names the expected `what` if the shape is wrong. */
export function parseAs<T>(text: string, what: string, read: (json: unknown) => T): T {
  try {
    return read(JSON.parse(text));
  } catch (error) {
    if (error instanceof UnexpectedJson || error instanceof SyntaxError) {
      throw new Error(`the server's answer is not a ${what}`);
    }
    throw error;
  }
}

/** Returns JSON in which bigints are decimal strings. */
export function stringify(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "bigint" ? part.toString() : part,
  );
}
