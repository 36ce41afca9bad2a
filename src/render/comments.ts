import type { CommentsReport } from "../report/comments.js";

/** Prints the comments as pprof does, one line each. */
export function renderComments({ comments }: CommentsReport): string {
  return comments.map((comment) => `${comment}\n`).join("");
}
