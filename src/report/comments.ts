import type { ReportInput } from "./input.js";

/** The comments of a profile. */
export interface CommentsReport {
  readonly comments: readonly string[];
}

/** Makes the comments report. */
export function comments({ view: { profile } }: ReportInput): CommentsReport {
  return { comments: profile.comments.map((comment) => profile.strings.get(comment)) };
}
