import type { ReportHeader } from "../../report/header.js";
import { formatValue } from "../../report/value-format.js";
import type { Page, State } from "../contract.js";
import { button, h } from "../widgets/elements.js";
import { explained } from "../widgets/explain.js";
import { countNodes, shareText } from "./figures.js";
import { HELP } from "./help-texts.js";
import { stateLink } from "./link.js";

/** Returns lines about the nodes that a report shows and leaves out. */
export function headerLines(page: Page, state: State, report: ReportHeader): HTMLElement[] {
  const { format, total, shown, shownTotal, dropped, candidates } = report;
  const { options } = state;
  const value = (amount: typeof total) => formatValue(format, amount);
  const lines = [
    h(
      "p",
      {},
      explained(
        `${countNodes(shown, options)} shown: ${value(shownTotal)}, ${shareText(shownTotal, total)} of ${value(total)}`,
        options.relative_percentages ? HELP.relativeTotal : HELP.shown,
      ),
      " in total",
      options.relative_percentages && " after filtering",
      ".",
    ),
  ];
  if (page.profile.isComparison || shownTotal < 0 || total < 0) {
    lines.push(
      h(
        "p",
        {},
        explained("Comparison", HELP.negative),
        ": ",
        h("span", { class: "plus" }, "+ is an increase"),
        ", ",
        h("span", { class: "minus" }, "\u2212 is a decrease"),
        ". ",
        explained("Percentages", HELP.comparisonTotal),
        " have no sign.",
      ),
    );
  }
  const showAll = { options: { ...options, trim: false } };
  if (total !== 0 && dropped.nodes > 0) {
    const cutoff = value(dropped.cutoff);
    lines.push(
      h(
        "p",
        {},
        explained(`${countNodes(dropped.nodes, options)} left out`, HELP.dropped),
        ` because their cum is at most ${cutoff}. `,
        stateLink(page, showAll, "Show all"),
      ),
    );
  }
  if (total !== 0 && shown > 0 && shown < candidates) {
    lines.push(
      h(
        "p",
        {},
        explained(`The top ${shown}`, HELP.droppedByCount),
        ` of ${countNodes(candidates, options)}. `,
        stateLink(page, { options: { ...options, nodecount: 0 } }, "Show them all"),
      ),
    );
  }
  return lines;
}

/** Returns the message for an empty report, with a button to remove each filter. */
export function nothingLeft(page: Page, state: State): HTMLElement {
  const { options } = state;
  const filters = FILTERS.filter((name) => options[name] !== "");
  return h(
    "p",
    { class: "nothing" },
    filters.length > 0 ? "The filters leave nothing to show. " : "There is nothing to show. ",
    filters.map((name) => [
      button(`Remove ${name.replaceAll("_", " ")}`, () =>
        page.go({ options: { ...options, [name]: "" } }),
      ),
      " ",
    ]),
  );
}

const FILTERS = [
  "focus",
  "ignore",
  "hide",
  "show",
  "show_from",
  "prune_from",
  "tagfocus",
  "tagignore",
  "tagshow",
  "taghide",
  "from",
  "to",
] as const;
