import type { Page, State, Subject } from "../contract.js";
import { type Attributes, type Child, h, opensElsewhere } from "../widgets/elements.js";

/** Returns a link to another state, which can also open in another tab. */
export function stateLink(
  page: Page,
  change: Partial<State>,
  content: Child,
  attributes: Attributes = {},
): HTMLAnchorElement {
  return h(
    "a",
    {
      ...attributes,
      href: page.href(change),
      onclick: (event) => {
        if (opensElsewhere(event)) return;
        event.preventDefault();
        page.go(change);
      },
    },
    content,
  );
}

export function menuOnRightClick(page: Page, element: HTMLElement, subject: Subject): void {
  element.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    event.stopPropagation();
    page.openMenu(subject, menuPoint(event, element));
  });
}

/** Returns the position of a menu: at the pointer, or below the element for the menu key. */
export function menuPoint(
  { clientX: x, clientY: y }: MouseEvent,
  element: Element,
): { x: number; y: number } {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const isInside = x >= left && x <= right && y >= top && y <= bottom;
  return isInside && (x !== 0 || y !== 0) ? { x, y } : { x: left + 24, y: bottom };
}

/** Returns the text for the hover of a node: its name, and the whole path of its file. */
export function hoverText({ name, file = "" }: { name: string; file?: string }): string {
  return file === "" || name.includes(file) ? name : `${name}\n${file}`;
}
