import type { OptionSpec } from "../options/spec.js";
import type { VariableValue } from "./completion.js";

/** The options whose values are names in the profile. */
const NAMES_IN_PROFILE: Readonly<Record<string, VariableValue>> = {
  sample_index: { kind: "sample-type" },
  focus: { kind: "functions" },
  ignore: { kind: "functions" },
  show: { kind: "functions" },
  hide: { kind: "functions" },
  show_from: { kind: "functions" },
  prune_from: { kind: "functions" },
  tagfocus: { kind: "tag-filter" },
  tagignore: { kind: "tag-filter" },
  tagshow: { kind: "tag-pattern" },
  taghide: { kind: "tag-pattern" },
  tagroot: { kind: "tag-keys" },
  tagleaf: { kind: "tag-keys" },
  // Prefixes of paths. They need not exist on this machine.
  trim_path: { kind: "folders" },
};

/** Returns how the value of an option is completed. */
export function variableValue(spec: OptionSpec): VariableValue {
  if (Object.hasOwn(NAMES_IN_PROFILE, spec.name)) return NAMES_IN_PROFILE[spec.name];
  if (spec.type === "bool") return { kind: "bool" };
  if (spec.type === "choice") return { kind: "words", words: spec.choices, areSwitches: true };
  if ("path" in spec && spec.path !== undefined) return { kind: spec.path };
  if (!("values" in spec) || spec.values === undefined) return { kind: "free" };
  return { kind: "words", words: spec.values.map((name) => ({ name, summary: "" })) };
}
