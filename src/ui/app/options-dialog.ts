import { UserError } from "../../errors/user-error.js";
import type { OptionSpec } from "../../options/spec.js";
import { parseOption } from "../../options/spec.js";
import { defaultOptions, type Options } from "../../options/table.js";
import type { ProfileSummary } from "../../page/summary.js";
import { openDialog } from "../widgets/dialog.js";
import { fill, h, newId } from "../widgets/elements.js";
import { type FilterName, labelOf, specOf } from "./filters.js";
import { sampleTypeChoices, sampleTypeIndex } from "./header.js";

/** The options, by heading. Narrow windows have no other controls for the first ones. */
const SECTIONS: readonly { heading: string; names: readonly FilterName[]; needsTimes?: true }[] = [
  { heading: "Report", names: ["sample_index", "granularity"] },
  { heading: "Time", names: ["from", "to", "gc"], needsTimes: true },
  {
    heading: "Values",
    names: ["unit", "mean", "relative_percentages", "drop_negative"],
  },
  { heading: "Frames", names: ["noinlines", "call_tree", "showcolumns"] },
  { heading: "Limits", names: ["nodecount", "nodefraction", "edgefraction", "trim"] },
  { heading: "Display", names: ["compact_labels", "intel_syntax"] },
];

/** Opens a dialog to change options, with `first` in focus. */
export function openOptionsDialog(
  options: Options,
  profile: ProfileSummary,
  apply: (changed: Options) => void,
  first?: FilterName,
): void {
  const fields = new Map<FilterName, Field>();
  const shown = SECTIONS.filter(({ needsTimes }) => profile.hasTimes || !needsTimes);
  const sections = shown.map(({ heading, names }) =>
    h(
      "fieldset",
      {},
      h("legend", {}, heading),
      names.map((name) => {
        const field = fieldFor(specOf(name), options[name], choicesOf(name, options, profile));
        fields.set(name, field);
        return field.row;
      }),
    ),
  );
  const defaults = defaultOptions();
  openDialog("Options", sections, [
    {
      label: "Defaults",
      act: () =>
        apply({
          ...options,
          ...Object.fromEntries([...fields.keys()].map((name) => [name, defaults[name]])),
        }),
    },
    { label: "Cancel" },
    {
      label: "Apply",
      isMain: true,
      act: () =>
        apply({
          ...options,
          ...Object.fromEntries(Array.from(fields, ([name, field]) => [name, field.read()])),
        }),
    },
  ]);
  if (first) fields.get(first)?.input.focus();
}

interface Field {
  readonly row: HTMLElement;
  readonly input: HTMLInputElement | HTMLSelectElement;
  /** Returns the value. Throws a UserError with a one-line message. */
  read(): unknown;
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Returns the values of an option that has few; undefined for other options. */
function choicesOf(
  name: FilterName,
  options: Options,
  profile: ProfileSummary,
): readonly Choice[] | undefined {
  if (name === "sample_index") {
    // The option may be empty or a number: keep that unless the user chooses another type.
    const chosen = sampleTypeIndex(options, profile);
    return sampleTypeChoices(profile).map((choice, i) =>
      i === chosen ? { ...choice, value: options.sample_index } : choice,
    );
  }
  const spec = specOf(name);
  if (spec.type !== "choice") return undefined;
  return spec.choices.map((choice) => ({ value: choice.name, label: choice.name }));
}

function valuesOf(spec: OptionSpec): readonly string[] {
  return spec.type === "text" ? (spec.values ?? []) : [];
}

function fieldFor(spec: OptionSpec, value: unknown, choices?: readonly Choice[]): Field {
  const id = newId("option");
  const label = labelOf(spec.name as FilterName);
  const note = h("span", { class: "note", id: `${id}-note` }, spec.summary);
  if (spec.type === "bool") {
    const input = h("input", {
      id,
      type: "checkbox",
      checked: value === true,
      "aria-describedby": note.id,
    });
    const row = h("div", { class: "option-row" }, input, h("label", { for: id }, label), note);
    return { row, input, read: () => input.checked };
  }
  if (choices) {
    const select = h(
      "select",
      { id, "aria-describedby": note.id },
      choices.map((choice) =>
        h("option", { value: choice.value, selected: choice.value === value }, choice.label),
      ),
    );
    const row = h("div", { class: "option-row" }, h("label", { for: id }, label), select, note);
    return { row, input: select, read: () => select.value };
  }
  const listId = newId("values");
  const values = valuesOf(spec);
  const input = h("input", {
    id,
    type: "text",
    value: String(value),
    list: values.length > 0 ? listId : undefined,
    "aria-describedby": note.id,
    spellcheck: "false",
    autocomplete: "off",
  });
  const list = h("datalist", { id: listId });
  fill(
    list,
    values.map((one) => h("option", { value: one })),
  );
  const row = h("div", { class: "option-row" }, h("label", { for: id }, label), input, list, note);
  return {
    row,
    input,
    read() {
      try {
        return parseOption(spec, input.value.trim());
      } catch (error) {
        if (error instanceof UserError) input.focus();
        throw error;
      }
    },
  };
}
