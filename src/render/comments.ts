import type { CommentsReport } from "../report/comments.js";

export function renderComments({ comments }: CommentsReport): string {
  return comments.map((comment) => `${comment}\n`).join("");
}
