import { FLAME_STYLE } from "../flame-canvas/style.js";
import { DISASM_STYLE } from "../views/disasm-style.js";
import { GRAPH_STYLE } from "../views/graph-style.js";
import { SANDWICH_STYLE } from "../views/sandwich.js";
import { SOURCE_STYLE } from "../views/source-style.js";
import {
  PEEK_STYLE,
  TABLE_STYLE,
  TAGS_STYLE,
  TEXT_STYLE,
  TOP_STYLE,
  TREE_STYLE,
} from "../views/table-style.js";
import { TIMELINE_STYLE } from "../views/timeline.js";
import { PARTS_STYLE } from "../widgets/style.js";
import { BESIDE_STYLE } from "./beside.js";
import { PAGE_STYLE } from "./style.js";

/** Applies the styles as a constructed style sheet: the page's security policy allows no others. */
export function applyStyles(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    [
      PAGE_STYLE,
      PARTS_STYLE,
      FLAME_STYLE,
      TIMELINE_STYLE,
      GRAPH_STYLE,
      TABLE_STYLE,
      TOP_STYLE,
      TREE_STYLE,
      PEEK_STYLE,
      SOURCE_STYLE,
      DISASM_STYLE,
      TAGS_STYLE,
      SANDWICH_STYLE,
      TEXT_STYLE,
      BESIDE_STYLE,
    ].join(""),
  );
  document.adoptedStyleSheets = [sheet];
}
