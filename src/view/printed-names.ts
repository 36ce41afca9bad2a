import type { FunctionIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { functionNames, NO_FILE } from "./function-names.js";
import { NO_PRINTED_NAMES, type PrintedNames, type PrintedNamesOf } from "./matcher.js";
import { isGrouped, type NodeOptions, UNKNOWN_NAME } from "./node-table.js";
import { functionPackages } from "./packages.js";

export type PrintedNameOptions = Pick<
  NodeOptions,
  "granularity" | "identity" | "trimPath" | "sourcePath" | "ownPackages"
>;

/** Returns the texts that reports print for functions, because users copy them into filters. */
export function printedNamesOf(profile: Profile, options: PrintedNameOptions): PrintedNamesOf {
  const { granularity, ownPackages } = options;
  const ofFunctions = printedNamesOfFunctions(profile, options);
  if (!isGrouped(granularity)) return ofFunctions;
  // Packages are found for all functions together, and only if there is a filter.
  let packageOf: ReturnType<typeof functionPackages> | undefined;
  return (fn) => {
    packageOf ??= functionPackages(profile, ownPackages);
    const { package: name, module } = packageOf(fn);
    const group = (granularity === "packages" ? name : module) || UNKNOWN_NAME;
    const own = ofFunctions(fn);
    return { ...own, texts: [group, ...own.texts] };
  };
}

function printedNamesOfFunctions(profile: Profile, options: PrintedNameOptions): PrintedNamesOf {
  const { granularity, identity } = options;
  // Then reports print the names and files that the profile contains.
  if (identity === "name") return () => NO_PRINTED_NAMES;
  const withFiles = identity === "language" ? "language and file" : identity;
  const functions = functionNames(profile, withFiles, options);
  const printed = (fn: FunctionIndex): PrintedNames =>
    functions.position(fn) === ""
      ? NO_PRINTED_NAMES
      : { texts: [functions.printedName(fn)], replacesName: functions.hasPositionInName(fn) };
  if (granularity === "filefunctions") {
    return (fn) => {
      const { texts, replacesName } = printed(fn);
      return { texts: [functions.printedNameWithPath(fn), ...texts], replacesName };
    };
  }
  if (granularity !== "files") return printed;
  return (fn) => {
    const number = functions.fileNumber(fn);
    const file =
      number === NO_FILE ? [UNKNOWN_NAME] : [functions.shortFile(number), functions.file(number)];
    const { texts, replacesName } = printed(fn);
    return { texts: [...file, ...texts], replacesName };
  };
}
