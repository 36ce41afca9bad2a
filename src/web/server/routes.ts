import { SettingsError } from "../../node/settings.js";
import { commandNamed } from "../../options/commands.js";
import { optionsFromParams } from "../../options/url-params.js";
import { weblistInTheme } from "../../render/weblist-html.js";
import { describeError } from "../../session/errors.js";
import { ENDPOINTS, VIEWS } from "../protocol.js";
import {
  type Answer,
  FRAME_POLICY,
  json,
  PAGE_POLICY,
  problem,
  RefusedRequest,
  redirect,
} from "./answer.js";
import { asset, PAGE } from "./assets.js";
import { type OpenedSession, textOf } from "./opened.js";

/** A request as routes see it. */
export interface PageRequest {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
  /** The tag of what the browser has already. */
  readonly knownTag: string | undefined;
}

type Route = (request: PageRequest, opened: Promise<OpenedSession>) => Answer | Promise<Answer>;

const FIRST_VIEW = "/ui/flamegraph";

/** Addresses that pprof has, or had, under other names. */
const MOVED: Readonly<Record<string, string>> = {
  "/": FIRST_VIEW,
  "/ui": FIRST_VIEW,
  "/ui/": FIRST_VIEW,
  "/ui/flamegraph2": FIRST_VIEW,
  "/ui/flamegraphold": FIRST_VIEW,
  "/flamegraph": FIRST_VIEW,
  "/graph": "/ui/graph",
  "/top": "/ui/top",
  "/peek": "/ui/peek",
  "/source": "/ui/source",
  "/disasm": "/ui/disasm",
  "/download": ENDPOINTS.download,
  "/favicon.ico": "/ui/assets/icon.svg",
};

const READ: Readonly<Record<string, Route>> = {
  [ENDPOINTS.session]: async (_, opened) => json(JSON.stringify((await opened).info())),
  [ENDPOINTS.download]: async (_, opened) => ({
    status: 200,
    headers: {
      "Content-Type": "application/vnd.google.protobuf+gzip",
      "Content-Disposition": 'attachment; filename="profile.pb.gz"',
    },
    body: await (await opened).profile(),
  }),
  [ENDPOINTS.weblist]: async (request, opened) => {
    const { report } = await made("weblist", request, await opened);
    const text = await textOf(report);
    const theme = request.params.get("theme");
    const isChosen = theme === "dark" || theme === "light";
    return {
      status: 200,
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": FRAME_POLICY,
      },
      body: isChosen ? weblistInTheme(new TextDecoder().decode(text), theme) : text,
    };
  },
  [ENDPOINTS.disasm]: async (request, opened) => {
    const { report } = await made("disasm", request, await opened);
    return json(report.json?.() ?? "");
  },
  [ENDPOINTS.text]: async (request, opened) => {
    const name = request.params.get("report") ?? "";
    const { report, isBinary } = await made(name, request, await opened);
    const type = isBinary ? "application/octet-stream" : "text/plain; charset=utf-8";
    return { status: 200, headers: { "Content-Type": type }, body: await textOf(report) };
  },
};

const CHANGE: Readonly<Record<string, Route>> = {
  [ENDPOINTS.saveConfig]: async ({ params }, opened) => {
    const session = await opened;
    const { options, problems } = optionsFromParams(params, session.options);
    if (problems.length > 0) throw new RefusedRequest(400, problems.join("; "));
    session.configs.save(params.get("config") ?? "", options);
    return json(JSON.stringify(session.info().configs));
  },
  [ENDPOINTS.deleteConfig]: async ({ params }, opened) => {
    const session = await opened;
    session.configs.remove(params.get("config") ?? "");
    return json(JSON.stringify(session.info().configs));
  },
};

/** Answers a request, whatever it is. What it needs of the session may still be read. */
export async function answer(
  request: PageRequest,
  opened: Promise<OpenedSession>,
): Promise<Answer> {
  const { method, path } = request;
  const isRead = method === "GET" || method === "HEAD";
  const route = (isRead ? READ : CHANGE)[path];
  try {
    if (Object.hasOwn(isRead ? READ : CHANGE, path)) return await route(request, opened);
    if (!isRead || Object.hasOwn(CHANGE, path)) {
      const wanted = Object.hasOwn(CHANGE, path) ? "POST" : "GET";
      const refusal = problem(405, `${path} takes ${wanted}, not ${method}`);
      return { ...refusal, headers: { ...refusal.headers, Allow: wanted } };
    }
    return page(request);
  } catch (error) {
    if (error instanceof RefusedRequest) return problem(error.status, error.message);
    return problem(error instanceof SettingsError ? 400 : 422, describeError(error));
  }
}

function page({ path, params, knownTag }: PageRequest): Answer {
  if (Object.hasOwn(MOVED, path)) {
    const search = params.toString();
    return redirect(search === "" ? MOVED[path] : `${MOVED[path]}?${search}`);
  }
  const name = path.replace(/^\/ui\//, "");
  if (path.startsWith("/ui/assets/")) {
    const found = asset(name.replace(/^assets\//, ""), knownTag);
    if (found) return found;
  } else if (VIEWS.some((view) => view === name)) {
    return {
      status: 200,
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": PAGE_POLICY,
      },
      body: PAGE,
    };
  }
  return problem(
    404,
    `there is no such page; the views are ${VIEWS.map((view) => `/ui/${view}`).join(", ")}`,
  );
}

async function made(name: string, { params }: PageRequest, session: OpenedSession) {
  const command = commandNamed(name);
  // A viewer would show it on the screen of the server.
  if (!command || command.report !== command.name) {
    throw new RefusedRequest(400, `there is no report called ${JSON.stringify(name)}`);
  }
  const { options, problems } = optionsFromParams(params, session.options);
  if (problems.length > 0) throw new RefusedRequest(400, problems.join("; "));
  const parameter = command.parameter ? params.get("q") || options.focus : "";
  const report = await session.report(command.name, parameter, options, () => {});
  return { report, isBinary: command.fileEnding !== undefined };
}
