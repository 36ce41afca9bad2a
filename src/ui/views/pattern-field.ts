import { exactPattern } from "../../view/exact-filters.js";
import type { Page, State } from "../contract.js";
import { SuggestField } from "../widgets/suggest-field.js";

/** The number of suggested names. */
const MAX_SUGGESTIONS = 12;

/**
 * Creates the field for a view's pattern, with suggestions; submitting it changes the page's
 * query. `stateNow` returns the shown state.
 */
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
