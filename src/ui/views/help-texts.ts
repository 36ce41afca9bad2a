import type { Explanation } from "../widgets/explain.js";

/** Explanations of the terms in reports, for newcomers. */
export const HELP = {
  flat: {
    title: "Flat: what the place takes itself",
    text: "Only what was spent in its own code, without the functions that it calls.",
    example: "If parse runs for 5 s and 4 s of that are in read, which it calls, its flat is 1 s.",
  },
  flatShare: {
    title: "Flat%: flat as a share of the total",
    text: "How much of the whole profile is spent in the place's own code.",
    example: "With a flat of 1 s in a profile of 20 s it is 5%.",
  },
  sum: {
    title: "Sum%: flat% added up from the top",
    text: "What this place and all those above it take together, in the order of the report.",
    example: "If the first rows have 30%, 20% and 10%, the sum% of the third is 60%.",
  },
  cum: {
    title: "Cum: what the place takes with all that it calls",
    text: "Cumulative: everything that was spent while it was on the stack, in itself or deeper.",
    example: "If main calls everything, its cum is the total, and its flat may be 0.",
  },
  cumShare: {
    title: "Cum%: cum as a share of the total",
    text: "These do not add up to 100%: a caller's cum holds that of what it calls.",
    example: "If main calls only work, both may have 100%.",
  },
  name: {
    title: "The place",
    text: "A function, or a line, a file or an address, as the granularity says. Enter or a right click shows what can be done with it.",
  },
  inlining: {
    title: "Whether it was inlined",
    text: "The compiler copied the code into its callers, so no real call took place; the profile still tells them apart. “inline” is so for every call, “partial-inline” for some of them.",
    example: "A getter of one line is often inlined everywhere.",
  },
  inline: {
    title: "inline: every call was inlined",
    text: "The compiler copied the code of this place into all of its callers that are shown.",
    example: "An inlined function is not slow to call; what it takes is its work.",
  },
  partialInline: {
    title: "partial-inline: some calls were inlined",
    text: "The compiler copied the code into some of its callers; others really call it.",
    example: "A small function that is also called through a pointer.",
  },
  shown: {
    title: "Shown, and total",
    text: "The total is all that was measured, and percentages are shares of it. What is shown is what filters and the limits on small places leave.",
    example: "“3 s of 4 s, 75%”: a quarter of it was in what is not shown.",
  },
  relativeTotal: {
    title: "Percentages are relative",
    text: "They are shares of what the filters leave, not of the whole profile.",
    example: "If focus leaves 2 s of 10 s, 100% are those 2 s.",
  },
  dropped: {
    title: "Places left out for being small",
    text: "Places whose cum is below a share of the total (nodefraction, 0.5% unless it was changed) are not shown; what they take still counts for their callers.",
    example: "Of a profile of 10 s, places below 0.05 s go.",
  },
  droppedByCount: {
    title: "Only so many places",
    text: "The limit on their number (nodecount) leaves only those that take the most.",
    example: "With a limit of 20, the 21st place is not shown, however large.",
  },
  shareOfPlace: {
    title: "Share of the place",
    text: "Of the cum of the place that it is shown with, and not of the total.",
    example: "If parse takes 4 s and 3 s of them are in read, read has 75% here.",
  },
  callerWeight: {
    title: "Called by",
    text: "How much of the place was spent when this caller had called it.",
    example: "If sort takes 4 s, of which 3 s came from report, report has 3 s and 75%.",
  },
  calleeWeight: {
    title: "Calls",
    text: "How much was spent in what the place calls, on its behalf; the rest of its cum is its own (flat).",
    example: "If parse takes 4 s and calls read for 3 s of them, read has 3 s and 75%.",
  },
  itself: {
    title: "In itself",
    text: "What the place takes in its own code: its flat.",
  },
  negative: {
    title: "Growth and less",
    text: "The profile was compared with another one. + is more than in the base, − is less; percentages have no sign.",
    example: "+2 s: it takes 2 s more than before. −1 s: it takes 1 s less.",
  },
  comparisonTotal: {
    title: "The total of a comparison",
    text: "With diff_base, percentages are shares of the base, so that they may be above 100%. With base, they are shares of the difference.",
    example: "+2 s where the base took 8 s is 25%.",
  },
  tagTotal: {
    title: "Total of a tag",
    text: "The sum over its values. A sample may carry several values of one tag and then counts for each, and samples without the tag do not count: so it may be more or less than the total.",
    example: "If half of the samples have the tag user, its values add up to 50%.",
  },
  tagShare: {
    title: "Share of the total",
    text: "What samples with this value take, of all that was measured.",
    example: "If requests of user=alice took 2 s of 8 s, that is 25%.",
  },
  otherTagValues: {
    title: "Other values",
    text: "Those that take little, or that are beyond the limit on their number, added up.",
  },
  shareOfTotal: {
    title: "Share of the total",
    text: "Of all that was measured, whatever is zoomed in on.",
    example: "1 s of a profile of 20 s is 5%.",
  },
  shareOfParent: {
    title: "Share of the caller",
    text: "Of what the frame above takes, which called this one.",
    example: "If work takes 4 s and parse, called there, takes 1 s, it has 25% of its caller.",
  },
} as const satisfies Record<string, Explanation>;
