/** A program for browsers out of src/web/client, bundled: see scripts/client-bundle.mjs. */
declare module "client:*" {
  const script: string;
  export default script;
}
