import type { CommentsReport } from "../report/comments.js";

/** The comments as text, a line each, as pprof prints them. */
export function renderComments({ comments }: CommentsReport): string {
  return comments.map((comment) => `${comment}\n`).join("");
}
