import { UserError } from "../../errors/user-error.js";
/** Fetches from the server of the page. Rejects with a one-line Error for the user. */
export async function fetchFromServer(url: string, init?: RequestInit): Promise<Response> {
  const answer = await fetch(url, init).catch(() => {
    throw new UserError("tsprof does not answer: it was stopped, or the network is down");
  });
  if (!answer.ok) throw new UserError((await answer.text()).trim() || answer.statusText);
  return answer;
}
