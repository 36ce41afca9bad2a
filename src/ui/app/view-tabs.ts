import type { ViewName } from "../../page/protocol.js";
import { button, h, opensElsewhere } from "../widgets/elements.js";
import { openMenuOf } from "../widgets/menu.js";

export interface Tab {
  readonly view: ViewName;
  readonly label: string;
  readonly title: string;
}

/** The links to the views. A menu has the links that do not fit into one row. */
export class ViewTabs {
  readonly element = h("nav", { "aria-label": "Views", class: "views" });
  readonly #more = button("", () => this.#openRest(), {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    class: "views-rest",
  });
  readonly #go: (view: ViewName) => void;
  #tabs: readonly Tab[] = [];
  #links: readonly HTMLAnchorElement[] = [];
  /** The width of each link in pixels, measured while all are in the row. */
  #widths: readonly number[] = [];
  #current: ViewName | undefined;

  constructor(go: (view: ViewName) => void) {
    this.#go = go;
    new ResizeObserver(() => this.#fit()).observe(this.element);
  }

  open(tabs: readonly Tab[]): void {
    this.#tabs = tabs;
    this.#links = tabs.map(({ view, label, title }) =>
      h(
        "a",
        {
          title,
          onclick: (event) => {
            if (opensElsewhere(event)) return;
            event.preventDefault();
            this.#go(view);
          },
        },
        label,
      ),
    );
    this.#widths = [];
    this.element.replaceChildren(...this.#links, this.#more);
  }

  show(current: ViewName, href: (view: ViewName) => string): void {
    this.#current = current;
    this.#tabs.forEach(({ view }, i) => {
      const link = this.#links[i];
      link.href = href(view);
      if (view === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    this.#fit();
  }

  #fit(): void {
    const { clientWidth } = this.element;
    if (clientWidth === 0) return;
    if (this.#widths.length === 0) {
      for (const link of this.#links) link.hidden = false;
      this.#widths = this.#links.map((link) => link.getBoundingClientRect().width);
    }
    const fitsIn = (room: number) => {
      let used = 0;
      const tooMany = this.#widths.findIndex((width) => {
        used += width;
        return used > room;
      });
      return tooMany < 0 ? this.#widths.length : tooMany;
    };
    const all = this.#links.length;
    const count = fitsIn(clientWidth) === all ? all : fitsIn(clientWidth - REST_WIDTH_PX);
    this.#links.forEach((link, i) => {
      link.hidden = i >= count;
    });
    const currentAt = this.#tabs.findIndex(({ view }) => view === this.#current);
    const isCurrentInMenu = currentAt >= count;
    const label = this.#tabs[currentAt]?.label ?? "Views";
    this.#more.hidden = count === all;
    this.#more.textContent = isCurrentInMenu ? label : "More";
    this.#more.setAttribute("aria-label", isCurrentInMenu ? `${label}, more views` : "More views");
    this.#more.classList.toggle("is-current", isCurrentInMenu);
  }

  #openRest(): void {
    openMenuOf(
      this.#more,
      this.#tabs.flatMap(({ view, label, title }, i) =>
        this.#links[i].hidden
          ? [
              {
                label,
                detail: title,
                href: this.#links[i].href,
                isChecked: view === this.#current,
                act: () => this.#go(view),
              },
            ]
          : [],
      ),
      "Views",
    );
  }
}

/** Room for the button of the menu, with the longest label. */
const REST_WIDTH_PX = 132;
