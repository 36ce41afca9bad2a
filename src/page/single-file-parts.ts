/**
 * What a page that is a file holds beside the script that starts it: each in an element
 * `<script type="text/plain" id="tsprof-NAME">` as Base64, so that nothing in it can end the
 * element. All but the profile, which stays as it is, is compressed with gzip.
 */
export const PARTS = ["session", "sources", "profile", "app", "engine", "graph"] as const;
export type PartName = (typeof PARTS)[number];

/** The id of the element that holds a part. */
export function partId(name: PartName): string {
  return `tsprof-${name}`;
}
