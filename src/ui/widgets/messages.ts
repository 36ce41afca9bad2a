import { button, fill, h } from "./elements.js";

const NOTICE_MS = 4000;

/** Messages of the page: warnings, which the user dismisses, and notices, which disappear. */
export class Messages {
  readonly element = h("div", { class: "messages" });
  readonly notices = h("div", { class: "notices", role: "status", "aria-live": "polite" });
  readonly #hidden = new Set<string>();
  #warnings: readonly string[] = [];

  /** Replaces the warnings. A warning that was dismissed stays hidden. */
  showWarnings(warnings: readonly string[]): void {
    this.#warnings = [...new Set(warnings)];
    this.#draw();
  }

  showNotice(text: string): void {
    const line = h("p", {}, text);
    this.notices.append(line);
    setTimeout(() => line.remove(), NOTICE_MS);
  }

  #draw(): void {
    fill(
      this.element,
      this.#warnings
        .filter((warning) => !this.#hidden.has(warning))
        .map((warning) =>
          h(
            "p",
            { class: "warning" },
            h("span", {}, warning),
            button("×", () => this.#hide(warning), { "aria-label": "Dismiss", title: "Dismiss" }),
          ),
        ),
    );
  }

  #hide(warning: string): void {
    this.#hidden.add(warning);
    this.#draw();
  }
}
