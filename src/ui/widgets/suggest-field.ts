import { button, fill, h, newId } from "./elements.js";

export interface SuggestFieldParts {
  readonly label: string;
  readonly placeholder: string;
  readonly action: string;
  /** Returns names that contain `part`, best first. */
  suggest(part: string): Promise<readonly string[]>;
  /** Returns the pattern that a chosen name puts into the field. */
  patternOf(name: string): string;
  /** Called when the user presses Enter or the button, or chooses a name. */
  submit(text: string): void;
}

/** Suggestions are requested when the user has not typed for this long. */
const TYPING_PAUSE_MS = 120;

/** A text field with a list of suggested names: a combobox in ARIA's terms. */
export class SuggestField {
  readonly element: HTMLFormElement;
  readonly #parts: SuggestFieldParts;
  readonly #input: HTMLInputElement;
  readonly #list: HTMLUListElement;
  #names: readonly string[] = [];
  #active = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: SuggestFieldParts) {
    this.#parts = parts;
    const listId = newId("names");
    this.#list = h("ul", {
      class: "suggest-list",
      id: listId,
      role: "listbox",
      "aria-label": "Names",
      hidden: true,
    });
    this.#input = h("input", {
      class: "suggest-input",
      type: "text",
      role: "combobox",
      "aria-label": parts.label,
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": listId,
      placeholder: parts.placeholder,
      spellcheck: "false",
      autocomplete: "off",
      autocapitalize: "off",
      oninput: () => this.#suggestSoon(),
      onkeydown: (event) => this.#key(event),
      onblur: () => this.#close(),
    });
    this.element = h(
      "form",
      { class: "suggest", role: "search" },
      h("div", { class: "suggest-box" }, this.#input, this.#list),
      button(parts.action, () => this.#submit(this.#input.value)),
    );
    this.element.addEventListener("submit", (event) => event.preventDefault());
  }

  get value(): string {
    return this.#input.value;
  }

  /** Sets the text unless the user is typing. */
  set value(text: string) {
    if (document.activeElement !== this.#input || this.#list.hidden) this.#input.value = text;
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  #suggestSoon(): void {
    clearTimeout(this.#timer);
    const part = this.#input.value;
    if (part.trim() === "") {
      this.#close();
      return;
    }
    this.#timer = setTimeout(async () => {
      // The field works without suggestions.
      const names = await this.#parts.suggest(part).catch(() => []);
      if (part === this.#input.value && document.activeElement === this.#input) this.#open(names);
    }, TYPING_PAUSE_MS);
  }

  #open(names: readonly string[]): void {
    this.#names = names;
    fill(
      this.#list,
      names.map((name, at) => {
        const option = h("li", { role: "option", id: `${this.#list.id}-${at}` }, name);
        // Keep the focus in the field.
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => this.#choose(name));
        return option;
      }),
    );
    this.#list.hidden = names.length === 0;
    this.#input.setAttribute("aria-expanded", String(names.length > 0));
    this.#activate(-1);
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#open([]);
  }

  #activate(at: number): void {
    this.#active = at;
    for (const [i, option] of [...this.#list.children].entries()) {
      option.setAttribute("aria-selected", String(i === at));
      if (i === at) option.scrollIntoView({ block: "nearest" });
    }
    if (at < 0) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", `${this.#list.id}-${at}`);
  }

  #key(event: KeyboardEvent): void {
    const { length } = this.#names;
    switch (event.key) {
      case "ArrowDown":
        if (length > 0) this.#activate((this.#active + 1) % length);
        else this.#suggestSoon();
        break;
      case "ArrowUp":
        if (length > 0) this.#activate(this.#active <= 0 ? length - 1 : this.#active - 1);
        break;
      case "Enter":
        if (this.#active >= 0) this.#choose(this.#names[this.#active]);
        else this.#submit(this.#input.value);
        break;
      case "Escape":
        if (this.#list.hidden) return;
        this.#close();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #choose(name: string): void {
    const pattern = this.#parts.patternOf(name);
    this.#input.value = pattern;
    this.#submit(pattern);
  }

  #submit(text: string): void {
    this.#close();
    this.#parts.submit(text.trim());
  }
}
