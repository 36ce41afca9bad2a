import type { Page, State } from "../contract.js";
import { type Attributes, type Child, h, opensElsewhere } from "../widgets/elements.js";

/** A link to another state of the page, which also opens in a tab of its own. */
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

/** Has a right click on an element open the menu of a place. */
export function menuOnRightClick(page: Page, element: HTMLElement, name: string): void {
  element.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    event.stopPropagation();
    page.openMenu({ name }, menuPoint(event, element));
  });
}

/** Where a menu belongs: at the pointer, or, where it was asked for by a key, below the element. */
export function menuPoint(
  { clientX: x, clientY: y }: MouseEvent,
  element: Element,
): { x: number; y: number } {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const isInside = x >= left && x <= right && y >= top && y <= bottom;
  return isInside && (x !== 0 || y !== 0) ? { x, y } : { x: left + 24, y: bottom };
}
