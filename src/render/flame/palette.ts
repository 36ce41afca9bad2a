/**
 * The colours of packages, functions, files, binaries and label values, in the order of their hues.
 * The two colours at a position have the same hue. Any two colours of a theme differ by at least 6
 * in CIE L*a*b*, also for people with dichromacy, because they differ in lightness, too.
 */
export const PALETTE = {
  light: (
    "#8ea6fd #aab5ff #a69fde #a689df #c2aedf #b28cb7 #bf81c6 #e5c0e2 #d1a3c4 #efacc1 #ca8594 " +
    "#d38182 #e17970 #e9745f #f7947b #e5ad28 #fccc4d #d3b040 #b99813 #f5db68 #f1eb82 #a1a241 " +
    "#c2c869 #cdf79c #a7c9a3 #8ce098 #a8ffb5 #8dfec9 #4fafa3 #c4e1fe #a7ceff #7296f8"
  ).split(" "),
  dark: (
    "#242e89 #636bce #3d2b78 #5f458a #8469a5 #4b2f4f #906794 #631561 #863c75 #b85379 #6a1935 " +
    "#8d4346 #5d2925 #760e00 #6c3b2e #85620c #524118 #67551d #8c7306 #776829 #5b5500 #666735 " +
    "#757943 #687b53 #044300 #3e5c41 #5c7d60 #456d59 #008478 #2d79bc #1e60ab #2c47a2"
  ).split(" "),
};

/** With this start, common packages that occur in the same profiles have different colours. */
const HASH_START = 1105926;

/** Returns the position of a name's colour in {@link PALETTE}. It depends on nothing but the name. */
export function paletteIndex(name: string): number {
  let hash = HASH_START;
  // FNV-1a, then the final steps of MurmurHash3, which spread similar names.
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % PALETTE.light.length;
}
