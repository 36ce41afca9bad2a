import { UserError } from "../../errors/user-error.js";
/**
 * What a server answers. Rejects with an Error of one line for the user where there is no
 * answer, or one that says what is wrong.
 */
export async function fetched(url: string, init?: RequestInit): Promise<Response> {
  const answer = await fetch(url, init).catch(() => {
    throw new UserError("tsprof does not answer any more: it was stopped, or the network is gone");
  });
  if (!answer.ok) throw new UserError((await answer.text()).trim() || answer.statusText);
  return answer;
}
