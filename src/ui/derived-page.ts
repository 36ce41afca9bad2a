import type { Page } from "./contract.js";

/** Returns a page for a view inside another one, which changes the state in its own way. */
export function derivedPage(page: Page, own: Pick<Page, "go"> & Partial<Pick<Page, "href">>): Page {
  return {
    // The page may open another profile, so each access reads the current one.
    get engine() {
      return page.engine;
    },
    get host() {
      return page.host;
    },
    get profile() {
      return page.profile;
    },
    get sources() {
      return page.sources;
    },
    href: (change) => page.href(change),
    openMenu: (subject, at) => page.openMenu(subject, at),
    ...own,
  };
}
