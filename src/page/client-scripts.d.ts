/** A program for browsers in src/ui/entries, bundled: see scripts/client-bundle.mjs. */
declare module "client:*" {
  const script: string;
  export default script;
}
