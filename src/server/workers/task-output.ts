import { userErrorCode } from "../../errors/user-error.js";
import { commandSpec } from "../../options/commands.js";
import type { Options } from "../../options/table.js";
import { encodeFlame, firstFlame } from "../../page/flame-json.js";
import { sanitizeTexts } from "../../page/sanitize.js";
import { summarize } from "../../page/summary.js";
import { formatLocalTime } from "../../platform/time-zone.js";
import { weblistInTheme } from "../../render/weblist-html.js";
import { describeError } from "../../session/errors.js";
import type { MadeReport } from "../../session/reports/made-report.js";
import type { Client, Session } from "../../session/session.js";
import { piecesOf } from "../body.js";
import type { ReportForm, Task } from "./messages.js";

/** Ignores warnings about filters: the page applies the filters too, and shows the warnings. */
const CLIENT: Client = { warn: () => {}, compute: (work) => work() };

/** Computes the output of a task. Throws a {@link UserError} if there is nothing to report on. */
export async function* taskOutput(
  task: Task,
  session: Session,
  options: Options,
): AsyncGenerator<Uint8Array, void> {
  switch (task.kind) {
    case "report": {
      const { name, parameter, form } = task;
      const request = { command: commandSpec(name), parameter, options: task.options };
      yield* formOf(await session.report(request, CLIENT), form);
      return;
    }
    case "flame": {
      const { input, warnings } = await session.select(task.options, commandSpec("flame"));
      yield Buffer.from(encodeFlame(firstFlame(input, warnings)));
      return;
    }
    case "summary": {
      // The page gets the warnings from reading with the session itself.
      const how = { warnings: [], formatTime: formatLocalTime };
      yield Buffer.from(JSON.stringify(sanitizeTexts(summarize(session.profile, options, how))));
    }
  }
}

function formOf(report: MadeReport, form: ReportForm): AsyncIterable<Uint8Array> {
  switch (form) {
    case "text":
      return piecesOf(report);
    case "json":
      return piecesOf({ text: () => report.json?.() ?? "" });
    case "dark":
    case "light":
      return piecesOf(report, (html) => weblistInTheme(html, form));
  }
}

const STATUSES = { usage: 400, failed: 404, limit: 422 } as const;

/** Returns the HTTP status and message for a {@link UserError}; undefined for other errors. */
export function refusalOf(error: unknown): { status: number; message: string } | undefined {
  const code = userErrorCode(error);
  if (code === undefined || code === "interrupted") return undefined;
  // In a URL, options have no dash.
  const message = describeError(error).replace(/^-/, "");
  return { status: STATUSES[code], message };
}
