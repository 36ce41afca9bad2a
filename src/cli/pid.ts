import { usageError } from "../errors/user-error.js";
import { nodeTree } from "../record/target.js";

/** Parses the value of -pid: ids of processes, each with + for the processes below it, too. */
export function targetsOf(text: string): number[] {
  const targets = text.split(",").flatMap((word) => {
    const [, id, plus] = /^([1-9][0-9]{0,9})(\+?)$/.exec(word.trim()) ?? [];
    if (id === undefined) {
      throw usageError(`-pid must be ids of processes, such as 4711 or 4711,4712+, not ${text}`);
    }
    return plus === "" ? [Number(id)] : nodeTree(Number(id));
  });
  return [...new Set(targets)];
}
