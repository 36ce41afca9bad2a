import type { ReportInput } from "./input.js";

export interface CommentsReport {
  readonly comments: readonly string[];
}

export function comments({ view: { profile } }: ReportInput): CommentsReport {
  return { comments: profile.comments.map((comment) => profile.strings.get(comment)) };
}
