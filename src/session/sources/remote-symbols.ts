import { Budget, download } from "../../fetch/download.js";
import { parseHeader } from "../../fetch/headers.js";
import { showTarget } from "../../fetch/target.js";
import { readTlsFiles } from "../../fetch/tls-files.js";
import { undiciClient } from "../../fetch/undici-client.js";
import type { Options } from "../../options/table.js";
import { ProfileError } from "../../profile/errors.js";
import type { Profile } from "../../profile/profile.js";
import { decodeUtf8 } from "../../profile/utf8.js";
import { addSymbolzAnswers, symbolzPath, symbolzRequests } from "../../transforms/symbolz.js";
import { interruptible } from "../interrupt.js";
import type { MappingServer } from "./loaded-profile.js";

/**
 * Adds the function names that servers have for the addresses in their profiles. Throws a {@link
 * ProfileError} if a server does not answer.
 */
export function symbolizeRemotely(
  profile: Profile,
  servers: readonly MappingServer[],
  force: boolean,
  { tls_cert: cert, tls_key: key, tls_ca: ca, header }: Options,
  limit: number,
): Promise<Profile> {
  const questions = symbolzRequests(profile, servers, force);
  const client = undiciClient(readTlsFiles({ cert, key, ca }), process.env);
  const headers = header.map(parseHeader);
  return interruptible(async (signal) => {
    const ask = async ({ url }: MappingServer, body: string): Promise<string> => {
      const { target, timeout } = url;
      if (!target || body === "") return "";
      const asked = { ...target, path: symbolzPath(target.path) };
      const budget = new Budget(limit);
      try {
        const request = { target: asked, headers, body, timeout, budget, signal };
        const answer = await download(client, request);
        return decodeUtf8(answer, 0, answer.length);
      } catch (error) {
        if (signal.aborted || !(error instanceof ProfileError)) throw error;
        throw new ProfileError(`cannot fetch symbols from ${showTarget(asked)}: ${error.message}`);
      }
    };
    const answers: string[] = [];
    for (const { source, body } of questions) answers.push(await ask(source, body));
    return addSymbolzAnswers(profile, questions, answers);
  });
}
