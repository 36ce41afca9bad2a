import { REPORT_COMMANDS } from "../options/commands.js";
import { pathsWithPrefix } from "../platform/files/paths.js";
import type { Profile } from "../profile/profile.js";
import type { CompletionModel } from "./completion.js";
import type { Shell } from "./shell.js";
import { variableValue } from "./variable-value.js";
import { VARIABLES } from "./variables.js";

/** Makes the completion model for a profile. Collects the names in the profile at first use. */
export function completionModel(
  profile: Profile,
  { sampleTypes, configs }: Pick<Shell, "sampleTypes" | "configs">,
  env: NodeJS.ProcessEnv,
): CompletionModel {
  const functionNames = once(() => {
    const { functions, strings } = profile;
    return sortedNames(Array.from(functions.name, (name) => strings.get(name)));
  });
  const tags = once(() => tagsOf(profile));
  return {
    commands: REPORT_COMMANDS.flatMap(({ name, aliases, summary }) =>
      [name, ...aliases].map((word) => ({
        name: word,
        summary,
        about: name === "tags" ? ("tags" as const) : ("functions" as const),
      })),
    ),
    variables: VARIABLES.map((spec) => ({
      name: spec.name,
      summary: spec.summary,
      value: variableValue(spec),
    })),
    sampleTypes: () => sampleTypes,
    functionNames,
    tagKeys: () => [...tags().keys()],
    tagValues: (key) => sortedNames(tags().get(key) ?? []),
    files: (prefix) => pathsWithPrefix(prefix, env),
    savedConfigs: () => configs.names(),
  };
}

/** Returns the keys of labels in order, with their text values. */
function tagsOf({ labels, strings }: Profile): Map<string, Set<string>> {
  const tags = new Map<string, Set<string>>();
  for (let row = 0; row < labels.length; row++) {
    const key = strings.get(labels.key[row]);
    const values = tags.get(key) ?? new Set();
    tags.set(key, values.add(strings.get(labels.text[row])));
  }
  return new Map([...tags].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function sortedNames(names: Iterable<string>): string[] {
  return [...new Set(names)].filter((name) => name !== "").toSorted();
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
