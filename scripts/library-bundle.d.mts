/** Bundles the library, without writing it. */
export function bundleLibrary(): Promise<{
  /** The texts of files by their paths in dist/. */
  files: Map<string, string>;
  /** The modules that were read: paths relative to the root. */
  modules: Set<string>;
}>;
