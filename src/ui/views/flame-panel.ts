import type { Page } from "../contract.js";
import { FlamePanel } from "../flame-canvas/panel.js";
import { selectionText } from "../selection.js";

/** Creates a flame graph for a page. Calls `onSearch` before it changes the page's query. */
export function flamePanel(page: Page, onSearch: (query: string) => void): FlamePanel {
  return new FlamePanel({
    onMenu: (subject, at) => page.openMenu(subject, at),
    onSelect: (name) => page.go({ selected: selectionText({ name }) }, { replace: true }),
    onPivot: (name) => page.go({ pivot: name }),
    onPivotMatches: (pattern) => page.go({ pivot: `/${pattern}/`, query: "" }),
    onSearch: (query) => {
      onSearch(query);
      page.go({ query }, { replace: true });
    },
  });
}
