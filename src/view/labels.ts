import type { FunctionIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { functionNames, NO_FILE } from "./function-names.js";
import { type FunctionLabels, type LabelsOf, NO_LABELS } from "./matcher.js";
import { type NodeOptions, UNKNOWN_NAME } from "./node-table.js";
import { functionPackages } from "./packages.js";

export type LabelOptions = Pick<
  NodeOptions,
  "granularity" | "identity" | "trimPath" | "sourcePath" | "ownPackages"
>;

/** Returns the texts that reports print for functions, because users copy them into filters. */
export function labelsOf(profile: Profile, options: LabelOptions): LabelsOf {
  const { granularity, ownPackages } = options;
  const functionLabels = labelsOfFunctions(profile, options);
  if (granularity !== "packages" && granularity !== "modules") return functionLabels;
  // Packages are found for all functions together, and only if there is a filter.
  let packageOf: ReturnType<typeof functionPackages> | undefined;
  return (fn) => {
    packageOf ??= functionPackages(profile, ownPackages);
    const { package: name, module } = packageOf(fn);
    const group = (granularity === "packages" ? name : module) || UNKNOWN_NAME;
    const labels = functionLabels(fn);
    return { ...labels, texts: [group, ...labels.texts] };
  };
}

function labelsOfFunctions(profile: Profile, options: LabelOptions): LabelsOf {
  const { granularity, identity } = options;
  // Then reports print the names and files that the profile contains.
  if (identity === "name") return () => NO_LABELS;
  const withFiles = identity === "language" ? "language and file" : identity;
  const names = functionNames(profile, withFiles, options);
  const labels = (fn: FunctionIndex): FunctionLabels =>
    names.position(fn) === ""
      ? NO_LABELS
      : { texts: [names.label(fn)], replacesName: names.hasPositionInName(fn) };
  if (granularity === "filefunctions") {
    return (fn) => {
      const { texts, replacesName } = labels(fn);
      return { texts: [names.wholeLabel(fn), ...texts], replacesName };
    };
  }
  if (granularity !== "files") return labels;
  return (fn) => {
    const number = names.fileNumber(fn);
    const file =
      number === NO_FILE ? [UNKNOWN_NAME] : [names.shortFile(number), names.file(number)];
    const { texts, replacesName } = labels(fn);
    return { texts: [...file, ...texts], replacesName };
  };
}
