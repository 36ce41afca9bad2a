/** What the address of a page holds: the last part of its path, and its parameters. */
export interface Address {
  readonly view: string;
  readonly params: URLSearchParams;
}

/** Where the browser keeps the address, its history with it. */
export interface Addresses {
  read(): Address;
  /** As text for a link. */
  href(address: Address): string;
  go(address: Address, how: { replace: boolean }): void;
  /** Calls `listener` when the user goes back, goes forward, or edits the address. */
  onChange(listener: () => void): void;
}

/** `/ui/VIEW?PARAMS`, wherever a proxy may have put it. */
export function pathAddresses(): Addresses {
  const root = location.pathname.replace(/[^/]*$/, "");
  const href = (address: Address) => root + joined(address);
  return {
    read: () => ({
      view: location.pathname.slice(root.length),
      params: new URLSearchParams(location.search),
    }),
    href,
    go(address, { replace }) {
      history[replace ? "replaceState" : "pushState"](null, "", href(address));
    },
    onChange: (listener) => addEventListener("popstate", listener),
  };
}

/** `#/VIEW?PARAMS`, for a page that is a file: all that a file's address can hold. */
export function hashAddresses(): Addresses {
  const href = (address: Address) => `#/${joined(address)}`;
  return {
    read() {
      const [view, search = ""] = location.hash.replace(/^#\/?/, "").split(/\?(.*)/s);
      return { view, params: new URLSearchParams(search) };
    },
    href,
    go(address, { replace }) {
      history[replace ? "replaceState" : "pushState"](null, "", href(address));
    },
    onChange(listener) {
      // Both are told for most steps, and pages shown twice look the same.
      addEventListener("popstate", listener);
      addEventListener("hashchange", listener);
    },
  };
}

function joined({ view, params }: Address): string {
  const search = params.toString();
  return search === "" ? view : `${view}?${search}`;
}
