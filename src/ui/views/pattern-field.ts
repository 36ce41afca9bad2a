import { exactPattern } from "../../view/exact-filters.js";
import type { Page, State } from "../contract.js";
import { SuggestField } from "../widgets/suggest-field.js";

const MAX_SUGGESTIONS = 12;

/** Creates a pattern field with suggestions, which sets the query. `stateNow` returns the state. */
export function patternField(
  page: Page,
  stateNow: () => State | undefined,
  { label, placeholder }: { readonly label: string; readonly placeholder: string },
): SuggestField {
  return new SuggestField({
    label,
    placeholder,
    action: "Show",
    suggest: async (part) => {
      const state = stateNow();
      return state ? page.engine.suggest(state.options, part, MAX_SUGGESTIONS) : [];
    },
    patternOf: exactPattern,
    submit: (query) => page.go({ query }),
  });
}
