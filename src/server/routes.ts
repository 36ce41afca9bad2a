import { reportNamed } from "../options/commands.js";
import type { Options } from "../options/table.js";
import { optionsFromParams } from "../options/url-params.js";
import { ENDPOINTS, FIRST_VIEW, VIEWS } from "../page/protocol.js";
import { describeError } from "../session/errors.js";
import type { Warn } from "../session/show/messages.js";
import {
  type Answer,
  type Body,
  FRAME_POLICY,
  json,
  PAGE_POLICY,
  problem,
  RefusedRequest,
  redirect,
  refusal,
} from "./answer.js";
import { asset, type Browser, pageOf } from "./assets.js";
import { notFoundPage } from "./not-found.js";
import type { OpenedSession } from "./opened.js";
import { bodyOf } from "./reader-body.js";
import type { ReportForm } from "./workers/messages.js";

export interface PageRequest {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
  readonly browser: Browser;
  /** Aborted when the answer has been sent, or the client has disconnected. */
  readonly gone: AbortSignal;
}

type Route = (request: PageRequest, opened: Promise<OpenedSession>) => Answer | Promise<Answer>;

/** Redirects from pprof's paths; relative, because a proxy may serve tsprof from a subfolder. */
const REDIRECTS: Readonly<Record<string, string>> = {
  "/": `ui/${FIRST_VIEW}`,
  "/ui": `ui/${FIRST_VIEW}`,
  "/ui/": FIRST_VIEW,
  "/ui/flamegraph2": "flamegraph",
  "/ui/flamegraphold": "flamegraph",
  "/flamegraph": "ui/flamegraph",
  "/graph": "ui/graph",
  "/top": "ui/top",
  "/peek": "ui/peek",
  "/source": "ui/source",
  "/disasm": "ui/disasm",
  "/weblist": "ui/weblist",
  "/download": "ui/download",
  "/favicon.ico": "ui/assets/icon.svg",
};

const GET_ROUTES: Readonly<Record<string, Route>> = {
  [ENDPOINTS.session]: async ({ gone }, opened) => json(await (await opened).info(gone)),
  [ENDPOINTS.flame]: async ({ params, gone }, opened) => {
    const session = await opened;
    const options = optionsIn(params, session);
    return json(await bodyOf(session.output({ kind: "flame", options }, gone)));
  },
  [ENDPOINTS.configs]: async (_, opened) => {
    return json(JSON.stringify((await opened).configList()));
  },
  [ENDPOINTS.download]: async (_, opened) => {
    const { name, pieces } = (await opened).file;
    return download(name, pieces, "application/vnd.google.protobuf+gzip");
  },
  [ENDPOINTS.weblist]: async (request, opened) => {
    const theme = request.params.get("theme");
    const isChosen = theme === "dark" || theme === "light";
    return {
      status: 200,
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": FRAME_POLICY,
      },
      body: await report("weblist", request, await opened, isChosen ? theme : "text"),
    };
  },
  [ENDPOINTS.disasm]: async (request, opened) =>
    json(await report("disasm", request, await opened, "json")),
  [ENDPOINTS.text]: async (request, opened) => {
    const name = request.params.get("report") ?? "";
    const session = await opened;
    const body = await report(name, request, session, "text");
    const ending = reportNamed(name)?.fileEnding;
    if (ending === undefined) {
      return { status: 200, headers: { "Content-Type": "text/plain; charset=utf-8" }, body };
    }
    return download(session.file.name.replace(/\.pb\.gz$/, "") + ending, body);
  },
};

const POST_ROUTES: Readonly<Record<string, Route>> = {
  [ENDPOINTS.saveConfig]: async ({ params }, opened) => {
    const session = await opened;
    const options = optionsIn(params, session);
    session.configs.save(params.get("config") ?? "", options, params);
    return json(JSON.stringify(session.configList()));
  },
  [ENDPOINTS.deleteConfig]: async ({ params }, opened) => {
    const session = await opened;
    session.configs.remove(params.get("config") ?? "");
    return json(JSON.stringify(session.configList()));
  },
};

/** Answers a request; waits for the session if needed. Warns about unexpected errors. */
export async function answer(
  request: PageRequest,
  opened: Promise<OpenedSession>,
  warn: Warn,
): Promise<Answer> {
  const { method, path } = request;
  try {
    if (Object.hasOwn(POST_ROUTES, path)) {
      return method === "POST"
        ? await POST_ROUTES[path](request, opened)
        : wrongMethod(request, "POST");
    }
    const found = Object.hasOwn(GET_ROUTES, path) ? GET_ROUTES[path] : await page(request);
    if (!found) return notFoundPage(path);
    if (method !== "GET" && method !== "HEAD") return wrongMethod(request, "GET, HEAD");
    return typeof found === "function" ? await found(request, opened) : found;
  } catch (error) {
    if (error instanceof RefusedRequest) return refusal(error);
    if (request.gone.aborted) return problem(499, "the client has disconnected");
    const line = describeError(error);
    // If the profile could not be read, the command itself reports that error.
    const isOpen = await opened.then(
      () => true,
      () => false,
    );
    if (isOpen) warn(line);
    return problem(500, line);
  }
}

/** Returns a download. `name` must not have special characters. */
function download(name: string, body: Body, type = "application/octet-stream"): Answer {
  const headers = { "Content-Type": type, "Content-Disposition": `attachment; filename="${name}"` };
  return { status: 200, headers, body };
}

function wrongMethod({ path, method }: PageRequest, allowed: string): Answer {
  const refusal = problem(405, `${path} takes ${allowed.replace(", ", " and ")}, not ${method}`);
  return { ...refusal, headers: { ...refusal.headers, Allow: allowed } };
}

async function page({ path, params, browser }: PageRequest): Promise<Answer | undefined> {
  if (Object.hasOwn(REDIRECTS, path)) {
    const search = params.toString();
    return redirect(search === "" ? REDIRECTS[path] : `${REDIRECTS[path]}?${search}`);
  }
  const [, folder = "", name = ""] = /^\/ui\/(assets\/)?([^/]+)$/.exec(path) ?? [];
  if (folder !== "") return asset(name, browser);
  const view = VIEWS.find((view) => view === name);
  if (!view) return undefined;
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": PAGE_POLICY,
  };
  return { status: 200, headers, body: pageOf(view, params) };
}

async function report(
  name: string,
  { params, gone }: PageRequest,
  session: OpenedSession,
  form: ReportForm,
): Promise<Body> {
  const command = reportNamed(name);
  // A viewer would open a window on the server's screen.
  if (!command || command.report !== command.name) {
    throw new RefusedRequest(404, `there is no report called ${JSON.stringify(name)}`);
  }
  const options = optionsIn(params, session);
  const parameter = command.parameter ? params.get("q") || options.focus : "";
  if (command.parameter && parameter === "") {
    throw new RefusedRequest(400, `${name} needs a pattern for functions: q=REGEX`);
  }
  const task = { kind: "report", name: command.name, parameter, options, form } as const;
  return bodyOf(session.output(task, gone));
}

/** Parses the options in a URL. Throws a {@link RefusedRequest} if one of them is wrong. */
function optionsIn(params: URLSearchParams, session: OpenedSession): Options {
  const { options, problems } = optionsFromParams(params, session.options);
  if (problems.length > 0) throw new RefusedRequest(400, problems.join("; "));
  return options;
}
