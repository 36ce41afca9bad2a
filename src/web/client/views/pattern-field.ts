import { button, h } from "../app/elements.js";

/** A field for a pattern, with a button that applies it. */
export interface PatternField {
  readonly element: HTMLElement;
  value: string;
  focus(): void;
}

/** What a field for a pattern says, and what it does. */
export interface PatternFieldWish {
  readonly label: string;
  readonly placeholder: string;
  readonly action: string;
  submit(pattern: string): void;
}

/** Makes a field whose pattern is applied on Enter, or with its button. */
export function patternField({
  label,
  placeholder,
  action,
  submit,
}: PatternFieldWish): PatternField {
  const input = h("input", {
    type: "search",
    "aria-label": label,
    placeholder,
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      submit(input.value);
    },
  });
  const element = h(
    "span",
    { class: "view-tools", role: "search" },
    input,
    button(action, () => submit(input.value)),
  );
  return {
    element,
    focus: () => {
      input.focus();
      input.select();
    },
    get value() {
      return input.value;
    },
    set value(text) {
      // What is being typed is not to be taken away.
      if (input.value !== text && document.activeElement !== input) input.value = text;
    },
  };
}
