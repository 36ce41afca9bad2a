import { formatThousands } from "../../render/flame/notes.js";
import { h } from "../widgets/elements.js";
import { isPressed, setPressed, toggle, toolButton } from "./controls.js";
import type { SearchResult } from "./marked-frames.js";

/** A search starts when the user has not typed for this long. */
const TYPING_PAUSE_MS = 120;

export interface SearchActions {
  /** Marks what matches; an empty pattern marks nothing. */
  find(pattern: string, ignoreCase: boolean): void;
  goToMatch(step: 1 | -1): void;
  /** The user has typed a text. */
  submit(text: string): void;
  /** The user pressed Escape. */
  leave(): void;
  /** The user pressed Ctrl and Enter. */
  pivot?(): void;
}

/** A field for a regular expression with buttons for the matches. */
export class SearchBar {
  readonly #actions: SearchActions;
  readonly #search = h("input", {
    type: "search",
    class: "flame-search",
    placeholder: "Search (regular expression)",
    "aria-label": "Search frames by a regular expression",
    spellcheck: "false",
    autocomplete: "off",
  });
  readonly #case = toggle("Aa", "Match case");
  readonly #found = h("span", { class: "flame-found", role: "status" });
  readonly #before = toolButton("‹", "Previous match (N)");
  readonly #next = toolButton("›", "Next match (n)");
  readonly controls = [this.#search, this.#case, this.#before, this.#next];
  readonly found: HTMLElement = this.#found;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(actions: SearchActions) {
    this.#actions = actions;
    this.#search.addEventListener("input", () => {
      clearTimeout(this.#typingTimer);
      this.#typingTimer = setTimeout(() => this.#submit(), TYPING_PAUSE_MS);
    });
    this.#search.addEventListener("keydown", (event) => this.#press(event));
    this.#case.addEventListener("click", () => {
      setPressed(this.#case, !isPressed(this.#case));
      this.#find();
    });
    this.#before.addEventListener("click", () => actions.goToMatch(-1));
    this.#next.addEventListener("click", () => actions.goToMatch(1));
  }

  get text(): string {
    return this.#search.value;
  }

  set text(text: string) {
    if (text === this.#search.value) return;
    this.#search.value = text;
    this.#find();
  }

  get ignoresCase(): boolean {
    return !isPressed(this.#case);
  }

  focus(): void {
    this.#search.focus();
    this.#search.select();
  }

  show({ text, isWrong, count, at }: SearchResult): void {
    this.#found.textContent = at > 0 ? `${formatThousands(at)} of ${text}` : text;
    this.#found.classList.toggle("flame-wrong", isWrong);
    this.#search.setAttribute("aria-invalid", String(isWrong));
    this.#before.disabled = count === 0;
    this.#next.disabled = count === 0;
  }

  #press(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      this.#submit();
      this.#actions.pivot?.();
    } else if (event.key === "Enter") {
      this.#submit();
      this.#actions.goToMatch(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      // Keep Escape from the page, which would zoom out.
      event.stopPropagation();
      event.preventDefault();
      this.#search.value = "";
      this.#submit();
      this.#actions.leave();
    }
  }

  #submit(): void {
    clearTimeout(this.#typingTimer);
    this.#find();
    this.#actions.submit(this.#search.value);
  }

  #find(): void {
    this.#actions.find(this.#search.value, this.ignoresCase);
  }
}
