/** Starts a server of the page on which tests look at flame graphs; `axe.js` is there as well. */
export function serveHarness(
  fileAt?: (path: string) => Uint8Array | undefined,
): Promise<{ url: string; close: () => void }>;
