/** A script for browsers, bundled from src/ui/entries: see scripts/client-bundle.mjs. */
declare module "client:*" {
  const script: string;
  export default script;
}
