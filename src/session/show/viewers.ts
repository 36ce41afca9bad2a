import { rmSync } from "node:fs";
import { UserError } from "../../errors/user-error.js";
import type { ViewerName } from "../../options/commands.js";
import { removeOnExit } from "../../platform/cleanup.js";
import { createTemporaryFile } from "../../platform/files/temporary-file.js";
import {
  browsers,
  type Desktop,
  hasDisplay,
  startViewer,
  type ViewerProgram,
} from "../../platform/programs/viewer.js";
import type { Warn } from "./messages.js";
import { type Pieces, writeDescriptor } from "./output.js";

export interface Viewer {
  readonly ending: string;
  /** Returns the programs to try, in order. */
  programs(desktop: Desktop): readonly ViewerProgram[];
  /** The programs to suggest if none starts. */
  readonly otherwise: string;
}

/** All viewers. The table of commands says which report each shows. */
export const VIEWERS: Record<ViewerName, Viewer> = {
  weblist: { ending: ".html", programs: browsers, otherwise: "a browser" },
  web: { ending: ".svg", programs: browsers, otherwise: "a browser" },
  eog: {
    ending: ".svg",
    programs: () => [{ command: "eog", args: [] }],
    otherwise: "a browser or a program for SVG",
  },
  evince: {
    ending: ".pdf",
    programs: () => [{ command: "evince", args: [] }],
    otherwise: "a program for PDF",
  },
  gv: {
    ending: ".ps",
    programs: () => [{ command: "gv", args: ["--noantialias"] }],
    otherwise: "a program for PostScript",
  },
  kcachegrind: {
    ending: ".grind",
    programs: () => ["kcachegrind", "qcachegrind"].map((command) => ({ command, args: [] })),
    otherwise: "kcachegrind or qcachegrind",
  },
};

/**
 * Shows a report in the first program that starts, as a temporary file. The file stays, since the
 * program may read it at any time. Throws a {@link UserError} with its name if no program starts.
 */
export async function showInViewer(
  { ending, programs, otherwise }: Viewer,
  pieces: Pieces,
  desktop: Desktop,
  warn: Warn,
): Promise<void> {
  const file = await writeTemporaryFile(ending, pieces);
  const candidates = programs(desktop);
  const usable = hasDisplay(desktop)
    ? candidates
    : candidates.filter(({ anywhere }) => anywhere === true);
  const failures: string[] = [];
  for (const program of usable) {
    const start = await startViewer(program, file);
    if (start.outcome === "started") {
      failures.forEach(warn);
      warn(`opened ${file} with ${program.command}`);
      return;
    }
    if (start.outcome === "failed") failures.push(start.why);
  }
  const names = candidates.map(({ command }) => command);
  if (failures.length === 0) {
    if (usable.length < candidates.length) failures.push("there is no display");
    else
      failures.push(
        names.length === 1 ? `there is no ${names[0]}` : `there is none of ${names.join(", ")}`,
      );
  }
  throw new UserError(
    `${failures.join(", ")}; the report is in ${file}, open it with ${otherwise}`,
  );
}

/** Opens a URL in the first browser that starts. Returns its command; undefined if none starts. */
export async function openInBrowser(url: string, desktop: Desktop): Promise<string | undefined> {
  for (const program of browsers(desktop)) {
    if (!hasDisplay(desktop) && !program.anywhere) continue;
    const { outcome } = await startViewer(program, url);
    if (outcome === "started") return program.command;
  }
  return undefined;
}

/** Returns the path of the file. Removes the file if an error occurs. */
async function writeTemporaryFile(ending: string, pieces: Pieces): Promise<string> {
  const { path, fd } = createTemporaryFile(ending);
  const cancelRemoval = removeOnExit(path);
  try {
    await writeDescriptor(fd, pieces);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    cancelRemoval();
  }
  return path;
}
