import { button, fill, h } from "./elements.js";

const NOTICE_MS = 4000;

export interface Warning {
  readonly text: string;
  /** The actions that can solve it. */
  readonly remedies?: readonly Remedy[];
}

export interface Remedy {
  readonly label: string;
  act(): void;
}

/**
 * Messages of the page: warnings behind a button with their number, and notices, which disappear.
 * Neither moves the page.
 */
export class Messages {
  /** Opens the list of warnings; hidden without warnings. */
  readonly badge = button("", () => this.#toggle(), { class: "badge", "aria-expanded": false });
  /** The list of warnings, which covers a part of the page. */
  readonly element = h("div", { class: "messages", role: "group", "aria-label": "Warnings" });
  readonly notices = h("div", { class: "notices", role: "status", "aria-live": "polite" });
  /** Reads new warnings to users of screen readers. */
  readonly #spoken = h("div", { class: "spoken" });
  readonly #dismissed = new Set<string>();
  #warnings: readonly Warning[] = [];
  #isOpen = false;

  constructor() {
    this.element.hidden = true;
    this.notices.append(this.#spoken);
    document.addEventListener("pointerdown", ({ target }) => {
      const isInside =
        target instanceof Node && (this.element.contains(target) || this.badge.contains(target));
      if (!isInside) this.#open(false);
    });
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !this.#isOpen) return;
      event.preventDefault();
      event.stopPropagation();
      this.badge.focus();
      this.#open(false);
    };
    this.element.addEventListener("keydown", closeByKey);
    this.badge.addEventListener("keydown", closeByKey);
  }

  /** Replaces the warnings. Opens the list if a new one has remedies. */
  showWarnings(warnings: readonly Warning[]): void {
    const before = this.#shown.map(({ text }) => text);
    this.#warnings = [...new Map(warnings.map((warning) => [warning.text, warning])).values()];
    this.#draw();
    const added = this.#shown.filter(({ text }) => !before.includes(text));
    this.#spoken.textContent = added.map(({ text }) => `Warning: ${text}`).join(". ");
    if (added.some(({ remedies }) => remedies)) this.#open(true);
    else if (!this.#shown.some(({ remedies }) => remedies)) this.#open(false);
  }

  showNotice(text: string): void {
    const line = h("p", {}, text);
    this.notices.append(line);
    setTimeout(() => line.remove(), NOTICE_MS);
  }

  get #shown(): readonly Warning[] {
    return this.#warnings.filter(({ text }) => !this.#dismissed.has(text));
  }

  #draw(): void {
    const shown = this.#shown;
    const { length } = shown;
    this.badge.textContent = `⚠ ${length}`;
    const label = length === 1 ? "1 warning" : `${length} warnings`;
    this.badge.setAttribute("aria-label", label);
    this.badge.title = label;
    this.badge.hidden = length === 0;
    fill(
      this.element,
      shown.map(({ text, remedies = [] }) =>
        h(
          "div",
          { class: "warning" },
          h("p", {}, text),
          remedies.map(({ label, act }) => button(label, act, { class: "remedy" })),
          button("×", () => this.#dismiss(text), {
            class: "dismiss",
            "aria-label": "Dismiss",
            title: "Dismiss",
          }),
        ),
      ),
    );
    if (length === 0) this.#open(false);
  }

  #dismiss(text: string): void {
    this.#dismissed.add(text);
    this.#draw();
    this.element.querySelector("button")?.focus();
  }

  #toggle(): void {
    this.#open(!this.#isOpen);
  }

  #open(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.badge.setAttribute("aria-expanded", String(isOpen));
    this.element.hidden = !isOpen;
  }
}
