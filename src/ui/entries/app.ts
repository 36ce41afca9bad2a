// The script of the page, both for pages of a server and for a page that is a file.

import { defaultOptions } from "../../options/table.js";
import { FIRST_VIEW, type ViewName } from "../../page/protocol.js";
import type { ProfileSummary } from "../../page/summary.js";
import { formatLocalTime } from "../../render/local-time.js";
import { inputOf, openKept } from "../app/bring-files.js";
import { isSingleFile } from "../app/embedded.js";
import { FileHost, type Opened, type PageHost, ServerHost } from "../app/hosts.js";
import { type MakeView, Page } from "../app/page.js";
import { stateOf } from "../app/state.js";
import { applyStyles } from "../app/style-sheet.js";
import { loadGraphProgram } from "../call-graph/renderer.js";
import type { Engine } from "../engine/engine.js";
import { OpeningEngine } from "../engine/opening.js";
import { startEngine } from "../engine/start.js";
import { DisasmView } from "../views/disasm.js";
import { createFlamegraph } from "../views/flamegraph.js";
import { GraphView } from "../views/graph.js";
import { PeekView } from "../views/peek.js";
import { createSandwich } from "../views/sandwich.js";
import { SourceView } from "../views/source.js";
import { TagsView } from "../views/tags.js";
import { TextView } from "../views/text.js";
import { createTimeline } from "../views/timeline.js";
import { TopView } from "../views/top.js";
import { TreeView } from "../views/tree.js";
import { button, fill, h } from "../widgets/elements.js";
import { applyTheme, followSystemTheme } from "../widgets/theme.js";

void open(isSingleFile() ? new FileHost() : new ServerHost());

async function open(host: PageHost): Promise<void> {
  applyStyles();
  applyTheme();
  followSystemTheme();
  const message = h("div", { class: "starting", role: "status" }, "Reading the profile…");
  document.body.append(message);
  try {
    const startsFirst = stateOf(host.addresses.read(), defaultOptions()).state.view !== FIRST_VIEW;
    // All views except the first one need the engine for their first picture.
    const started = startsFirst ? engineOf(host) : undefined;
    // The request that needs the engine reports the failure.
    started?.catch(() => {});
    const opened = await host.open();
    const served = { host, opened };
    const kept = await openKept(() => started ?? engineOf(host), served);
    const { engine, profile } = kept
      ? { engine: kept.engine, profile: kept.open.profile }
      : await start(opened, () => started ?? engineOf(host));
    message.remove();
    new Page(engine, views(host), kept?.open ?? { ...served, profile }, served);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    fill(message, h("div", { class: "failure", role: "alert" }, h("p", {}, reason), retry()));
  }
}

async function engineOf(host: PageHost): Promise<Engine> {
  return startEngine({ url: host.scriptUrl("engine") });
}

interface Start {
  readonly engine: Engine;
  readonly profile: ProfileSummary;
}

/** Reads the profile. If the host knows a summary, returns before that, with the summary. */
async function start(opened: Opened, startedEngine: () => Promise<Engine>): Promise<Start> {
  const { early } = opened;
  const open = async () => {
    const engine = await startedEngine();
    return { engine, profile: await engine.open(inputOf(opened)) };
  };
  if (!early) return open();
  const { summary, firstFlame } = early;
  const engine = new OpeningEngine({
    open: async () => (await open()).engine,
    firstFlame,
    later: (act) => requestAnimationFrame(() => setTimeout(act)),
  });
  return { engine, profile: summary };
}

function retry(): HTMLButtonElement {
  return button("Try again", () => location.reload());
}

/** Creates the views, in the order of the tabs. */
function views(host: PageHost): Record<ViewName, MakeView> {
  const loadProgram = () => loadGraphProgram(host.scriptUrl("graph"), host.graphvizWasm());
  return {
    flamegraph: createFlamegraph,
    timeline: createTimeline,
    graph: (page) => new GraphView(page, { loadProgram, formatTime: formatLocalTime }),
    top: (page) => new TopView(page),
    tree: (page) => new TreeView(page),
    peek: (page) => new PeekView(page),
    source: (page) => new SourceView(page),
    disasm: (page) => new DisasmView(page),
    tags: (page) => new TagsView(page),
    sandwich: createSandwich,
    text: (page) => new TextView(page),
  };
}
