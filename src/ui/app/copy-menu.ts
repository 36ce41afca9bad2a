import type { CommandName } from "../../options/commands.js";
import type { SourceNames } from "../../page/protocol.js";
import { exactPattern } from "../../view/exact-filters.js";
import { commandLine } from "../command-line.js";
import type { State, ViewExport } from "../contract.js";
import { pivotPattern } from "../engine/pivot.js";
import { copyBlob, copyText, downloadBlob } from "../widgets/clipboard.js";
import type { MenuItem } from "../widgets/menu.js";

export interface CopyContext {
  readonly state: State;
  readonly sources: SourceNames;
  readonly exports: readonly ViewExport[];
  /** The address of the page. */
  readonly link: string;
  /** Shows the result to the user. */
  notify(text: string): void;
}

/** Returns the menu of the forms in which a view can be copied and saved. */
export function copyItems(context: CopyContext): MenuItem[] {
  const { state, exports, link } = context;
  const command = commandFor(context);
  const copy = (text: string, what: string) =>
    run(context, async () => {
      if (!(await copyText(text))) throw new Error("The browser does not allow this page to copy.");
      return `Copied the ${what}.`;
    });
  return [
    { heading: "Copy" },
    { label: "Link", act: () => copy(link, "link") },
    { label: "Command line", detail: command, act: () => copy(command, "command line") },
    ...exports.map(
      (form): MenuItem => ({ label: form.label, act: () => run(context, () => copyForm(form)) }),
    ),
    ...(exports.length === 0 ? [] : ["separator" as const, { heading: "Save as a file" }]),
    ...exports.map(
      (form): MenuItem => ({
        label: `${form.label} file`,
        act: () =>
          run(context, async () => {
            const name = `${state.view}.${form.ending}`;
            downloadBlob(blobOf(await form.make()), name);
            return `Saved ${name}.`;
          }),
      }),
    ),
  ];
}

/** Does something, and shows its result or error to the user. */
function run({ notify }: CopyContext, act: () => Promise<string>): void {
  act().then(notify, (error: unknown) =>
    notify(error instanceof Error ? error.message : String(error)),
  );
}

async function copyForm({ label, make }: ViewExport): Promise<string> {
  const made = make();
  const isText = typeof made === "string";
  const isDone = isText
    ? await copyText(made)
    : // Browsers allow copying only during the click, so pass them the unfinished picture.
      label === "PNG"
      ? await copyBlob("image/png", Promise.resolve(made).then(blobOf))
      : await copyText(await Promise.resolve(made).then((all) => blobOf(all).text()));
  if (isDone) return `Copied as ${label}.`;
  throw new Error(`The browser does not allow this page to copy. Save it as a ${label} file.`);
}

function blobOf(made: string | Blob): Blob {
  return typeof made === "string" ? new Blob([made], { type: "text/plain;charset=utf-8" }) : made;
}

/** Returns the command line that prints what a view shows, or else the nearest report. */
export function commandFor({ state, sources }: Pick<CopyContext, "state" | "sources">): string {
  const { options, query, pivot } = state;
  const about = pivot === "" ? "" : (pivotPattern(pivot) ?? exactPattern(pivot));
  const pattern = query || options.focus;
  const of = (report: CommandName, text = "") =>
    commandLine({ report, options, pattern: text, sources });
  switch (state.view) {
    case "flamegraph":
      return about === "" ? `${of("flame")} > flame.svg` : of("peek", about);
    case "timeline":
      return `${of("html")} > report.html`;
    case "graph":
      return `${of("svg")} > graph.svg`;
    case "tree":
      return `${of("flame")} > flame.svg`;
    case "peek":
      return pattern === "" ? of("top") : of("peek", pattern);
    case "source":
      return pattern === "" ? of("top") : of("list", pattern);
    case "disasm":
      return pattern === "" ? of("top") : of("disasm", pattern);
    case "sandwich":
      return about === "" ? of("top") : of("peek", about);
    case "tags":
      return of("tags");
    case "text":
      return of(state.report as CommandName, pattern);
    default:
      return of("top");
  }
}
