import { button, fill, h } from "./elements.js";

/** How long a notice of something that was done stays, in milliseconds. */
const NOTICE_TIME = 4000;

/** What the page has to say: warnings that stay, and notices that go by themselves. */
export class Messages {
  readonly element = h("div", { class: "messages" });
  readonly notices = h("div", { class: "notices", role: "status", "aria-live": "polite" });
  readonly #hidden = new Set<string>();
  #warnings: readonly string[] = [];

  /** Shows these warnings in the place of those before; one that was put away stays away. */
  warn(warnings: readonly string[]): void {
    this.#warnings = [...new Set(warnings)];
    this.#draw();
  }

  /** Tells of something that was done. */
  notice(text: string): void {
    const line = h("p", {}, text);
    this.notices.append(line);
    setTimeout(() => line.remove(), NOTICE_TIME);
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
