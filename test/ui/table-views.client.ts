// A page with one view, whose engine runs in the page itself, for table-views.browser.test.ts. The
// address contains the state.

import { gunzipWithPako } from "../../src/formats/gunzip-pako.js";
import { readProfile } from "../../src/formats/read.js";
import { commandSpec } from "../../src/options/commands.js";
import { defaultOptions, type Options } from "../../src/options/table.js";
import type { ProfileSummary } from "../../src/page/summary.js";
import type { Profile } from "../../src/profile/profile.js";
import { renderTop } from "../../src/render/top.js";
import { reportInput } from "../../src/report/input.js";
import { tags } from "../../src/report/tags.js";
import { top } from "../../src/report/top.js";
import { peek } from "../../src/report/tree.js";
import { compareProfiles } from "../../src/transforms/compare.js";
import type { Page, State, View } from "../../src/ui/contract.js";
import type { Engine } from "../../src/ui/engine/engine.js";
import { PeekView } from "../../src/ui/views/peek.js";
import { TagsView } from "../../src/ui/views/tags.js";
import { TextView } from "../../src/ui/views/text.js";
import { TopView } from "../../src/ui/views/top.js";
import { openDialog } from "../../src/ui/widgets/dialog.js";
import { button, h } from "../../src/ui/widgets/elements.js";
import { openMenu } from "../../src/ui/widgets/menu.js";
import { compileRe2 } from "../../src/view/re2.js";
import { selectView } from "../../src/view/select.js";
import { stateWith } from "../support/state.client.js";

const LIMIT = 1 << 28;

async function read(name: string): Promise<Profile> {
  const answer = await fetch(name);
  return readProfile(new Uint8Array(await answer.arrayBuffer()), gunzipWithPako, LIMIT);
}

function engineOf(profile: Profile): Partial<Engine> {
  const input = (name: "top" | "peek" | "tags", options: Options) => {
    const selection = selectView(profile, options, compileRe2);
    return {
      input: reportInput(selection, options, commandSpec(name)),
      warnings: selection.warnings,
    };
  };
  return {
    top: async (options) => {
      const { input: made, warnings } = input("top", options);
      return { report: top(made), warnings };
    },
    peek: async (options, pattern) => {
      const { input: made, warnings } = input("peek", options);
      return { report: peek(made, compileRe2(pattern), pattern), warnings };
    },
    tags: async (options) => {
      const { input: made, warnings } = input("tags", options);
      return { report: tags(made), warnings };
    },
    text: async (name, options, pattern, { from, length }) => {
      const { input: made, warnings } = input("top", options);
      const text = renderTop(top(made), String, options.compact_labels);
      // Repeats the report, to test long reports.
      const whole = text.repeat(name === "peek" ? Number(pattern) : 1);
      const part = whole.slice(from, from + length);
      return { report: { text: part, isLast: from + length >= whole.length }, warnings };
    },
  };
}

const wanted = JSON.parse(decodeURIComponent(location.hash.slice(1)));
let profile = await read("profile");
if (wanted.compare) {
  const how = { marksBase: true, normalizes: false };
  profile = compareProfiles(profile, await read("base"), how, LIMIT);
}
if (wanted.theme) document.documentElement.dataset.theme = wanted.theme;

let state: State = stateWith({
  view: wanted.view,
  options: { ...defaultOptions(), ...wanted.options },
  query: wanted.query ?? "",
  report: wanted.report ?? "",
});
const summary: Pick<ProfileSummary, "isComparison" | "tags"> = {
  isComparison: wanted.compare === true,
  tags: [],
};
const visited: State[] = [];
const page = {
  engine: engineOf(profile),
  host: {
    kind: wanted.server ? "server" : "file",
    hasSources: true,
    hasMachineCode: true,
    downloadUrl: undefined,
    weblistUrl: () => undefined,
    disasmUrl: () => undefined,
    textUrl: ({ report, query }: State) => (wanted.server ? `text?${report}+${query}` : undefined),
  },
  profile: summary,
  sources: { files: ["FILE"], base: "", diff_base: "", normalize: false },
  go(change: Partial<State>, how?: { replace: boolean }) {
    state = { ...state, ...change };
    if (!how?.replace) visited.push(state);
    void show();
  },
  href: (change: Partial<State>) => `#${change.view ?? state.view}`,
  openMenu({ name }: { name: string }, at: { x: number; y: number }) {
    openMenu([{ heading: name }, { label: "Focus" }, { label: "Ignore" }, { label: "Hide" }], at);
  },
} as unknown as Page;

const views: Partial<Record<State["view"], View>> = {
  top: new TopView(page),
  peek: new PeekView(page),
  tags: new TagsView(page),
  text: new TextView(page),
};
const main = h("main", {});
const problem = h("p", { role: "alert" });
const ask = button("Keys", () => {
  const field = h("input", { "aria-label": "Name" });
  openDialog("Save as", field, [
    {
      label: "Save",
      isMain: true,
      act: () => {
        if (field.value === "") throw new Error("It needs a name");
        document.title = field.value;
      },
    },
    { label: "Cancel" },
  ]);
});
document.body.append(main, problem, h("footer", {}, ask));

async function show(): Promise<void> {
  problem.textContent = "";
  const view = views[state.view];
  if (!view) return;
  // Moving the element would take its focus.
  if (main.firstChild !== view.element) main.replaceChildren(view.element);
  try {
    const { warnings } = await view.show(state, new AbortController().signal);
    problem.textContent = warnings.join("; ");
  } catch (error) {
    problem.textContent = (error as Error).message;
  }
  document.documentElement.dataset.ready = String(visited.length);
}
document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLInputElement;
  if (!isTyping && views[state.view]?.press?.(event)) event.preventDefault();
});
Object.assign(globalThis, { visited });
await show();
