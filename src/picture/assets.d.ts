/** The path of a file of a package: see scripts/assets.mjs. */
declare module "asset:*" {
  const path: string;
  export default path;
}
