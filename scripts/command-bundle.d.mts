import type { OutputAsset, OutputChunk, Plugin } from "rolldown";

/** Bundles the command line into chunks, without writing them. */
export function bundleCommand(options: { version: string; plugins?: Plugin[] }): Promise<{
  files: (OutputChunk | OutputAsset)[];
  /** The modules that were read: paths relative to the root, and "asset:PACKAGE/FILE". */
  modules: Set<string>;
}>;
