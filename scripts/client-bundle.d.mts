/** The files of the scripts for browsers that were bundled so far. */
export const bundledFiles: Set<string>;
