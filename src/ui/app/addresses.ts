/** The address of a page: the last part of its path, and its parameters. */
export interface Address {
  readonly view: string;
  readonly params: URLSearchParams;
}

export interface Addresses {
  read(): Address;
  /** Returns an address as a link target. */
  href(address: Address): string;
  go(address: Address, how: { replace: boolean }): void;
  onChange(listener: () => void): void;
}

/** Addresses such as `/ui/VIEW?PARAMS`, below any path that a proxy adds. */
export function pathAddresses(): Addresses {
  const root = location.pathname.replace(/[^/]*$/, "");
  const href = (address: Address) => root + joined(address);
  return {
    read: () => ({
      view: location.pathname.slice(root.length),
      params: new URLSearchParams(location.search),
    }),
    href,
    go: (address, how) => change(href(address), how),
    onChange: (listener) => addEventListener("popstate", listener),
  };
}

/** Addresses such as `#/VIEW?PARAMS`, for a page that is a file: only its hash can change. */
export function hashAddresses(): Addresses {
  const href = (address: Address) => `#/${joined(address)}`;
  return {
    read() {
      const [view, search = ""] = location.hash.replace(/^#\/?/, "").split(/\?(.*)/s);
      return { view, params: new URLSearchParams(search) };
    },
    href,
    go: (address, how) => change(href(address), how),
    onChange(listener) {
      // Browsers send both events for most steps; showing the same state twice is harmless.
      addEventListener("popstate", listener);
      addEventListener("hashchange", listener);
    },
  };
}

function change(href: string, { replace }: { replace: boolean }): void {
  try {
    history[replace ? "replaceState" : "pushState"](null, "", href);
  } catch {
    // Browsers limit how often a page changes its address, such as while a key is held down. The
    // next change brings the address up to date.
  }
}

function joined({ view, params }: Address): string {
  const search = params.toString();
  return search === "" ? view : `${view}?${search}`;
}
