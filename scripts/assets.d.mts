import type { Plugin } from "esbuild";

/** Copies the files that are imported as "asset:PACKAGE/FILE" into `folder`. */
export function assetsInto(folder: string): Plugin;
