import { expect, it } from "vitest";
import { exitCodeOf } from "../../src/cli/exit-code.js";
import { usageError } from "../../src/errors/user-error.js";
import { describeError } from "../../src/session/errors.js";

/** Returns the error that `fault` throws. */
function thrownBy(fault: () => unknown): unknown {
  try {
    fault();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const nothing = undefined as unknown as { of: { that: string } };

it.each<[string, () => unknown]>([
  ["TypeError", () => nothing.of.that],
  ["TypeError", () => (nothing as unknown as () => void)()],
  ["RangeError", () => (1).toFixed(1000)],
  ["SyntaxError", () => JSON.parse("{")],
  ["URIError", () => decodeURIComponent("%")],
  ["RuntimeError", () => raise("RuntimeError", "table index is out of bounds")],
])("describes a %s without its message", (name, fault) => {
  const error = thrownBy(fault);
  expect(describeError(error)).toBe(
    `internal error (${name}), a fault of tsprof: please report it with what TSPROF_DEBUG=1 prints`,
  );
  expect(exitCodeOf(error)).toBe(1);
});

function raise(name: string, message: string): never {
  throw Object.assign(new Error(message), { name });
}

it("reports a lack of memory", () => {
  for (const fault of [
    () => "x".repeat(2 ** 30),
    () => new Array(-1),
    () => new Float64Array(2 ** 53 - 1),
  ]) {
    expect(describeError(thrownBy(fault))).toMatch(/^there is not enough memory/);
  }
});

it("shows the messages of UserErrors and of the system in one line", () => {
  expect(describeError(usageError("-x wants\n  a y"))).toBe("-x wants a y");
  expect(describeError(Object.assign(new Error("ENOENT"), { code: "ENOENT", path: "a" }))).toBe(
    "a: no such file or directory",
  );
  expect(describeError("thrown text")).toMatch(/^internal error \(string\)/);
});
