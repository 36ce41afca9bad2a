/**
 * The parts of a page that is a file. Each is Base64 in an element `<script type="text/plain"
 * id="tsprof-NAME">`, because Base64 cannot end the element. All parts except the profile are
 * compressed with gzip.
 */
export const PARTS = ["session", "sources", "profile", "app", "engine", "graph"] as const;
export type PartName = (typeof PARTS)[number];

export function partId(name: PartName): string {
  return `tsprof-${name}`;
}
