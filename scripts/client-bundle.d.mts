import type { Plugin } from "esbuild";

/** The files that went into the scripts for browsers so far. */
export const bundledFiles: Set<string>;

/** Makes "client:NAME" the bundled source of src/ui/entries/NAME.ts. */
export const clientScripts: Plugin;
