import type { Explanation } from "../widgets/explain.js";

export const HELP = {
  flat: {
    title: "Flat: the cost of the function itself",
    text: "Only its own code counts, not the functions that it calls.",
    example:
      "If parse runs for 5 s and spends 4 s of that in read, which it calls, its flat is 1 s.",
  },
  flatShare: {
    title: "Flat%: flat as a share of the total",
    text: "The part of the whole profile that is spent in the function's own code.",
    example: "A flat of 1 s in a profile of 20 s is 5%.",
  },
  flatByCaller: {
    title: "Flat: the cost of the function at the top level",
    text: "A row below it is one of its callers, with the part of that cost that belongs to calls from there.",
    example: "If read has a flat of 3 s and parse called it for 2 s, parse has 2 s below read.",
  },
  sum: {
    title: "Sum%: the running sum of flat%",
    text: "The flat% of this row and of all rows above it, in the order of the report.",
    example: "If the first rows have 30%, 20% and 10%, the sum% of the third is 60%.",
  },
  cum: {
    title: "Cum: the cost of the function with all its callees",
    text: "Cumulative: everything that was spent while the function was on the stack.",
    example: "If main calls everything, its cum is the total, and its flat may be 0.",
  },
  cumShare: {
    title: "Cum%: cum as a share of the total",
    text: "These do not add up to 100%, because the cum of a caller contains that of its callees.",
    example: "If main calls only work, both may have 100%.",
  },
  name: {
    title: "The function",
    text: "Or the file, line or address, if the granularity says so. Press Enter or right-click for a menu.",
  },
  inlining: {
    title: "Whether the function was inlined",
    text: "The compiler copied its code into its callers, so no call took place. “inline” means every call, “partial-inline” some calls.",
    example: "A one-line getter is often inlined everywhere.",
  },
  inline: {
    title: "inline: every call was inlined",
    text: "The compiler copied the code of this function into all callers shown here.",
    example: "Calling an inlined function costs nothing; its cost is its work.",
  },
  shown: {
    title: "Shown, and total",
    text: "The total is everything that was measured; percentages are shares of it. Filters and limits on small nodes decide how much of it is shown.",
    example: "“3 s of 4 s, 75%”: a quarter of the total is not shown.",
  },
  relativeTotal: {
    title: "Percentages are relative",
    text: "They are shares of the total after filtering, not of the whole profile.",
    example: "If focus keeps 2 s of 10 s, those 2 s are 100%.",
  },
  dropped: {
    title: "Small nodes are left out",
    text: "A node is not shown if its cum is below a share of the total (nodefraction, 0.5% by default). Its cost still counts for its callers.",
    example: "In a profile of 10 s, nodes below 0.05 s are left out.",
  },
  droppedByCount: {
    title: "The number of nodes is limited",
    text: "The limit (nodecount) keeps the nodes with the highest cost.",
    example: "With a limit of 20, the 21st node is not shown, however large it is.",
  },
  shareOfCum: {
    title: "Share of cum",
    text: "A share of the function's cum, not of the total.",
    example: "If parse has a cum of 4 s and 3 s of that are in read, read has 75% here.",
  },
  callerWeight: {
    title: "Called by",
    text: "The part of the function's cum that belongs to calls from this caller.",
    example: "If sort has a cum of 4 s and report called it for 3 s, report has 3 s and 75%.",
  },
  calleeWeight: {
    title: "Calls",
    text: "The part of the function's cum that belongs to its calls of this callee. The rest is its flat.",
    example: "If parse has a cum of 4 s and calls read for 3 s, read has 3 s and 75%.",
  },
  itself: {
    title: "Itself",
    text: "The cost of the function's own code: its flat.",
  },
  negative: {
    title: "Increase and decrease",
    text: "The profile is compared with a base profile. + is more than in the base, − is less.",
    example: "+2 s: the function costs 2 s more than before. −1 s: it costs 1 s less.",
  },
  comparisonTotal: {
    title: "The total of a comparison",
    text: "With diff_base, percentages are shares of the base, so they can exceed 100%. With base, they are shares of the difference.",
    example: "An increase of 2 s over a base of 8 s is 25%.",
  },
  tagTotal: {
    title: "Total of a tag",
    text: "The sum over its values. A sample with several values of a tag counts once for each, and a sample without the tag does not count, so this can be more or less than the total.",
    example: "If half of the samples have the tag user, its values add up to 50%.",
  },
  otherTagValues: {
    title: "Other values",
    text: "The sum of the values that are small or beyond the limit.",
  },
} as const satisfies Record<string, Explanation>;
