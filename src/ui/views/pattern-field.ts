import { exactPattern } from "../../view/exact-filters.js";
import type { Page, State } from "../contract.js";
import { SuggestField } from "../widgets/suggest-field.js";

/** Names are offered so many at a time. */
const OFFERED = 12;

/**
 * The field for what a view is about, with the names of the profile to choose from; what is
 * given becomes the query of the page. `stateNow` tells what is shown, once something is.
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
      return state ? page.engine.suggest(state.options, part, OFFERED) : [];
    },
    patternOf: exactPattern,
    submit: (query) => page.go({ query }),
  });
}
