import type { Options } from "../../options/table.js";
import type { ProfileSummary, TagChoice } from "../../page/summary.js";
import { exactPattern, quotePattern } from "../../view/exact-filters.js";
import type { Engine } from "../engine/engine.js";
import { openDialog } from "../widgets/dialog.js";
import { button, fill, h, newId } from "../widgets/elements.js";
import { FRAME_FILTERS, labelOf, type PatternFilterName, specOf, TAG_FILTERS } from "./filters.js";

export interface FilterContext {
  readonly engine: Engine;
  readonly profile: ProfileSummary;
  readonly options: Options;
  apply(name: PatternFilterName, text: string): void;
}

const EXAMPLES: Record<PatternFilterName, string> = {
  focus: "json|encode",
  ignore: "^runtime\\.",
  hide: "^runtime\\.",
  show: "^main\\.",
  show_from: "ServeHTTP",
  prune_from: "mallocgc",
  tagfocus: "tenant=acme, or bytes=32kb:1mb",
  tagignore: "tenant=acme",
  tagshow: "tenant|route",
  taghide: "thread",
};

const MAX_SUGGESTIONS = 12;

/** Opens a dialog to set one filter; the user can switch to another one. */
export function openFilterDialog(first: PatternFilterName, context: FilterContext): void {
  let name = first;
  const listId = newId("names");
  const names = h("datalist", { id: listId });
  const field = h("input", {
    type: "text",
    class: "wide mono",
    list: listId,
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    "aria-label": "Pattern",
  });
  const summary = h("p", { class: "note" });
  const choices = h("div", { class: "tag-choices" });

  const suggest = async () => {
    if (isTagFilter(name)) return fill(names);
    const typed = field.value;
    const found = await context.engine
      .suggest(context.options, typed, MAX_SUGGESTIONS)
      .catch(() => []);
    if (typed !== field.value) return;
    fill(
      names,
      found.map((value) => h("option", { value: quotePattern(value) })),
    );
  };
  const choose = (chosen: PatternFilterName) => {
    name = chosen;
    summary.textContent = `${specOf(name).summary}.`;
    field.placeholder = EXAMPLES[name];
    field.value = context.options[name];
    fill(choices, isTagFilter(name) && tagChoices(context.profile.tags, name, field));
    void suggest();
  };

  const kinds = h(
    "select",
    {
      "aria-label": "Kind of filter",
      onchange: ({ currentTarget }) =>
        choose((currentTarget as HTMLSelectElement).value as PatternFilterName),
    },
    h(
      "optgroup",
      { label: "Functions" },
      FRAME_FILTERS.map((one) => kind(one, first)),
    ),
    context.profile.tags.length > 0 || isTagFilter(first)
      ? h(
          "optgroup",
          { label: "Tags" },
          TAG_FILTERS.map((one) => kind(one, first)),
        )
      : undefined,
  );
  field.addEventListener("input", () => void suggest());
  choose(first);
  openDialog(
    "Filter",
    [
      h("div", { class: "form-row" }, kinds, field),
      names,
      summary,
      choices,
      h(
        "p",
        { class: "note" },
        "Patterns are regular expressions (RE2). They match anywhere in the name of a function, file or binary.",
      ),
    ],
    [
      { label: "Cancel" },
      { label: "Apply", isMain: true, act: () => context.apply(name, field.value.trim()) },
    ],
  );
  field.focus();
  field.select();
}

function kind(name: PatternFilterName, chosen: PatternFilterName): HTMLOptionElement {
  return h("option", { value: name, selected: name === chosen }, labelOf(name));
}

function isTagFilter(name: PatternFilterName): boolean {
  return TAG_FILTERS.some((one) => one === name);
}

/** Returns buttons for the tags of the profile that fill the field. */
function tagChoices(
  tags: readonly TagChoice[],
  name: PatternFilterName,
  field: HTMLInputElement,
): HTMLElement[] {
  const put = (text: string) => {
    field.value = text;
    field.focus();
  };
  const onlyKeys = name === "tagshow" || name === "taghide";
  return tags.map(({ key, values, count }) =>
    h(
      "div",
      { class: "tag-choice" },
      onlyKeys ? button(key, () => put(exactPattern(key)), { class: "value" }) : h("b", {}, key),
      !onlyKeys &&
        values
          .slice(0, MAX_VALUES_PER_TAG)
          .map(({ name: value, filter }) => button(value, () => put(filter), { class: "value" })),
      !onlyKeys &&
        count > MAX_VALUES_PER_TAG &&
        h("span", { class: "note" }, `and ${count - MAX_VALUES_PER_TAG} more`),
    ),
  );
}

const MAX_VALUES_PER_TAG = 30;
