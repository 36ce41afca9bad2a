/**
 * The parts of a page that is a file. Each is an element `<script type="text/plain"
 * id="tsprof-NAME">` with bytes as text (text-bytes.ts). `session`, `sources` and `profile` are
 * compressed with gzip; `scripts`, a JSON object of all scripts by name, and `graphviz`, the
 * WebAssembly code of Graphviz, with LZMA.
 */
export const PARTS = ["session", "sources", "profile", "scripts", "graphviz"] as const;
export type PartName = (typeof PARTS)[number];

export function partId(name: PartName): string {
  return `tsprof-${name}`;
}
