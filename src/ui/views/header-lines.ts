import type { ReportHeader } from "../../report/header.js";
import { formatValue } from "../../report/value-format.js";
import type { Page, State } from "../contract.js";
import { button, h } from "../widgets/elements.js";
import { explained } from "../widgets/explain.js";
import { countText, shareText } from "./figures.js";
import { HELP } from "./help-texts.js";
import { stateLink } from "./link.js";

/** Returns lines about a report: how much is shown, and what is left out. */
export function headerLines(page: Page, state: State, report: ReportHeader): HTMLElement[] {
  const { format, total, shown, shownTotal, dropped, candidates } = report;
  const { options } = state;
  const value = (amount: typeof total) => formatValue(format, amount);
  const lines = [
    h(
      "p",
      {},
      explained(
        `${countText(shown, "place")} shown: ${value(shownTotal)}, ${shareText(shownTotal, total)} of ${value(total)}`,
        options.relative_percentages ? HELP.relativeTotal : HELP.shown,
      ),
      " in all",
      options.relative_percentages && " that the filters leave",
      ".",
    ),
  ];
  if (page.profile.isComparison || shownTotal < 0 || total < 0) {
    lines.push(
      h(
        "p",
        {},
        explained("A comparison", HELP.negative),
        ": ",
        h("span", { class: "plus" }, "+ is growth"),
        ", ",
        h("span", { class: "minus" }, "\u2212 is less"),
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
        explained(`${countText(dropped.nodes, "place")} left out`, HELP.dropped),
        ` for taking no more than ${cutoff} with all they call. `,
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
        ` of ${countText(candidates, "place")}. `,
        stateLink(page, { options: { ...options, nodecount: 0 } }, "Show them all"),
      ),
    );
  }
  return lines;
}

/** Returns the message for an empty report, with a button to clear filters. */
export function nothingLeft(page: Page, state: State): HTMLElement {
  const { options } = state;
  const without = {
    options: {
      ...options,
      focus: "",
      ignore: "",
      hide: "",
      show: "",
      show_from: "",
      tagfocus: "",
      tagignore: "",
    },
  };
  const isFiltered = (Object.keys(without.options) as (keyof typeof options)[]).some(
    (name) => options[name] !== without.options[name],
  );
  return h(
    "p",
    { class: "nothing" },
    isFiltered ? "The filters leave nothing to show. " : "There is nothing to show. ",
    isFiltered && button("Take the filters away", () => page.go(without)),
  );
}
