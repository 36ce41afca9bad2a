import { UserError } from "../../errors/user-error.js";
import type { OptionSpec } from "../../options/spec.js";
import { parseOption } from "../../options/spec.js";
import { defaultOptions, type Options } from "../../options/table.js";
import type { ProfileSummary } from "../../page/summary.js";
import { openDialog } from "../widgets/dialog.js";
import { fill, h, newId } from "../widgets/elements.js";
import { type FilterName, labelOf, specOf } from "./filters.js";

/** The options without a control of their own on the page, by heading. */
const SECTIONS: readonly { heading: string; names: readonly FilterName[]; needsTimes?: true }[] = [
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
  { hasTimes }: ProfileSummary,
  apply: (changed: Options) => void,
  first?: FilterName,
): void {
  const fields = new Map<FilterName, Field>();
  const shown = SECTIONS.filter(({ needsTimes }) => hasTimes || !needsTimes);
  const sections = shown.map(({ heading, names }) =>
    h(
      "fieldset",
      {},
      h("legend", {}, heading),
      names.map((name) => {
        const field = fieldFor(specOf(name), options[name]);
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
  readonly input: HTMLInputElement;
  /** Returns the value. Throws a UserError with a one-line message. */
  read(): unknown;
}

function valuesOf(spec: OptionSpec): readonly string[] {
  return spec.type === "text" ? (spec.values ?? []) : [];
}

function fieldFor(spec: OptionSpec, value: unknown): Field {
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
  const listId = newId("values");
  const values = spec.type === "choice" ? spec.choices.map(({ name }) => name) : valuesOf(spec);
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
