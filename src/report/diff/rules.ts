import { type UserError, usageError } from "../../errors/user-error.js";
import { encodeUtf8 } from "../../profile/utf8.js";
import { areConvertible, scale } from "../../units/scale.js";
import type { CompilePattern } from "../../view/matcher.js";
import type { Metric } from "./sides.js";

export interface Limit {
  readonly amount: number;
  /**
   * `percent`: relative to the value in the base. `points`: percentage points of its share of the
   * total. `value`: an absolute amount in the unit of the profile.
   */
  readonly kind: "percent" | "points" | "value";
}

export interface Rule {
  /** The rule as the user wrote it. */
  readonly text: string;
  readonly metric: Metric | "total";
  readonly limit: Limit;
  /** Whether the rule applies to a function of this name. */
  readonly isAbout: (name: string) => boolean;
  /** The function part as the user wrote it; undefined if the rule applies to all functions. */
  readonly functionText: string | undefined;
}

/** A rule whose function and unit are not resolved yet. */
interface ParsedRule {
  readonly text: string;
  readonly functionText: string | undefined;
  readonly metric: Metric | "total";
  readonly amount: number;
  readonly unit: string;
}

const RULE =
  /^(?:(.+):)?\s*(flat|cum|total)\s*>\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(%|[\p{L}_*/]+)?$/su;

/** Parses `[FUNCTION:]flat|cum>AMOUNT` or `total>AMOUNT`. Throws a UserError with an example. */
export function parseRule(text: string): ParsedRule {
  const [, functionText, metric, amount, unit = ""] = RULE.exec(text.trim()) ?? [];
  if (metric === undefined || !Number.isFinite(Number(amount))) throw ruleSyntaxError(text);
  if (metric === "total" && functionText !== undefined) {
    throw usageError(
      `-fail_on=${text}: total applies to the whole profile, not to a function; write 'total>3%', or '${functionText}:cum>3%'`,
    );
  }
  if (unit === "") {
    const rule = text.trim();
    throw usageError(
      `-fail_on=${rule}: the limit has no unit; write % (relative to the base, as in '${rule}%'), pp ` +
        "(percentage points of the total), or a unit of the values: ns, us, ms, s, B, kB, MB, GB, count",
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

function ruleSyntaxError(text: string): UserError {
  return usageError(
    `-fail_on must be a rule such as 'cum>5%', 'total>3%', 'main.parse:flat>10%' or 'flat>10ms', ` +
      `not ${JSON.stringify(text)}`,
  );
}

/**
 * Resolves a rule for values of a unit. The function part is a name if `names` contains it, or else
 * a pattern. Throws a {@link UserError} for an invalid pattern or unit.
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
    `-fail_on=${text}: ${unit} does not fit values in ${valueUnit || "no unit"}; ` +
      "use % (relative to the base), pp (points of the total), or the unit of the values",
  );
}

/** A method such as `main.(*Parser).next`, which is a name even if no profile contains it. */
const GO_METHOD = /\(\*[\p{L}_]/u;

function matcherOf(
  text: string,
  functionText: string,
  names: ReadonlySet<string>,
  compile: CompilePattern,
): (name: string) => boolean {
  if (names.has(functionText) || GO_METHOD.test(functionText)) {
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

/** A value on both sides, and its share of the total of each side. */
export interface Compared {
  readonly base: number;
  readonly next: number;
  /** A fraction between 0 and 1. */
  readonly baseShare: number;
  readonly nextShare: number;
}

/** Whether a value has grown by more than a limit. Any growth from 0 exceeds every percentage. */
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
