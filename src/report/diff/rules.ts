import { type UserError, usageError } from "../../errors/user-error.js";
import { encodeUtf8 } from "../../profile/utf8.js";
import { areConvertible, scale } from "../../units/scale.js";
import type { CompilePattern } from "../../view/matcher.js";
import type { Metric } from "./sides.js";

/** How much a value may grow. */
export interface Limit {
  readonly amount: number;
  /**
   * `percent` of what it was, `points` of its share of the whole (percentage points), or
   * `value`: the amount itself, in the unit of the profile.
   */
  readonly kind: "percent" | "points" | "value";
}

/** A rule that a comparison may break. */
export interface Rule {
  /** As the user wrote it. */
  readonly text: string;
  readonly metric: Metric | "total";
  readonly limit: Limit;
  /** Of what it is; everything where no function was given. */
  readonly isAbout: (name: string) => boolean;
  /** The function as the user wrote it. */
  readonly functionText: string | undefined;
}

/** What a rule looks like before the profiles are known. */
interface ParsedRule {
  readonly text: string;
  readonly functionText: string | undefined;
  readonly metric: Metric | "total";
  readonly amount: number;
  readonly unit: string;
}

const RULE =
  /^(?:(.+):)?\s*(flat|cum|total)\s*>\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(%|[\p{L}_*/]+)?$/su;

/**
 * Reads a rule: `[FUNCTION:]flat|cum>AMOUNT` or `total>AMOUNT`, where the amount has a unit. Throws
 * a {@link UserError} with an example.
 */
export function parseRule(text: string): ParsedRule {
  const [, functionText, metric, amount, unit = ""] = RULE.exec(text.trim()) ?? [];
  if (metric === undefined || !Number.isFinite(Number(amount))) throw notARule(text);
  if (metric === "total" && functionText !== undefined) {
    throw usageError(
      `-fail_on=${text}: the total is not of a function; write 'total>3%', or '${functionText}:cum>3%'`,
    );
  }
  if (unit === "") {
    const rule = text.trim();
    throw usageError(
      `-fail_on=${rule}: the limit has no unit; write % (of what it was, as in '${rule}%'), pp ` +
        "(percentage points of the whole), or a unit of the values: ns, us, ms, s, B, kB, MB, GB, count",
    );
  }
  return {
    text: text.trim(),
    functionText,
    metric: metric as Rule["metric"],
    amount: Number(amount),
    unit,
  };
}

function notARule(text: string): UserError {
  return usageError(
    `-fail_on wants a rule such as 'cum>5%', 'total>3%', 'main.parse:flat>10%' or 'flat>10ms', ` +
      `not ${JSON.stringify(text)}`,
  );
}

/**
 * Completes a rule for a comparison of values of this unit. A function is the one of exactly
 * that name if there is one among `names`, else all whose name the pattern matches. Throws a
 * {@link UserError} for a pattern that is none, and for a unit of another kind.
 */
export function completeRule(
  { text, functionText, metric, amount, unit }: ParsedRule,
  valueUnit: string,
  names: ReadonlySet<string>,
  compile: CompilePattern,
): Rule {
  return {
    text,
    metric,
    functionText,
    limit: limitOf(text, amount, unit, valueUnit),
    isAbout:
      functionText === undefined ? () => true : matcherOf(text, functionText, names, compile),
  };
}

function limitOf(text: string, amount: number, unit: string, valueUnit: string): Limit {
  if (unit === "%") return { amount, kind: "percent" };
  if (unit === "pp") return { amount, kind: "points" };
  if (unit === valueUnit) return { amount, kind: "value" };
  if (areConvertible(unit, valueUnit)) {
    return { amount: amount * scale(1, unit, valueUnit).value, kind: "value" };
  }
  throw usageError(
    `-fail_on=${text}: values are in ${valueUnit || "no unit"}, and not in ${unit}; ` +
      "write % of what it was, pp of the whole, or an amount",
  );
}

/**
 * `main.(*Parser).next`: never a pattern, and no mistake where a run was too short to see the
 * function.
 */
const METHOD_OF_GO = /\(\*[\p{L}_]/u;

function matcherOf(
  text: string,
  functionText: string,
  names: ReadonlySet<string>,
  compile: CompilePattern,
): (name: string) => boolean {
  if (names.has(functionText) || METHOD_OF_GO.test(functionText)) {
    return (name) => name === functionText;
  }
  try {
    const pattern = compile(functionText);
    return (name) => pattern.test(encodeUtf8(name));
  } catch (error) {
    const reason = (error as Error).message.replace(/^error parsing regexp: /, "");
    throw usageError(`-fail_on=${text}: ${reason}`);
  }
}

/** A value on both sides, and its share of the whole of each. */
export interface Compared {
  readonly base: number;
  readonly next: number;
  /** Between 0 and 1, as far as totals have a sense. */
  readonly baseShare: number;
  readonly nextShare: number;
}

/** Whether a value has grown by more than a rule allows. From 0 any growth is more than any percentage. */
export function exceeds({ amount, kind }: Limit, { base, next, baseShare, nextShare }: Compared) {
  if (!(next > base) && kind !== "points") return false;
  switch (kind) {
    case "percent":
      return next - base > (amount / 100) * Math.abs(base) + Math.abs(base) * 1e-12;
    case "points":
      return (nextShare - baseShare) * 100 > amount + 1e-12;
    case "value":
      return next - base > amount;
  }
}
