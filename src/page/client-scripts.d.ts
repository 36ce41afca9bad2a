/** A script for browsers, bundled from src/ui/entries: see scripts/client-bundle.mjs. */
declare module "client:*" {
  const script: string;
  export default script;
}

/** The path of a compressed file: see scripts/packed-files.mjs. */
declare module "packed:*" {
  const path: string;
  export default path;
}
