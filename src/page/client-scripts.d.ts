/** A script for browsers, bundled from src/ui/entries: see scripts/client-bundle.mjs. */
declare module "client:*" {
  const script: string;
  export default script;
}

/** The path of a file that lzma.ts decompresses: see scripts/compressed-files.mjs. */
declare module "lzma:*" {
  const path: string;
  export default path;
}
