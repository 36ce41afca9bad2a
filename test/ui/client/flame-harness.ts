import { gunzipWithPako } from "../../../src/formats/gunzip-pako.js";
import { readProfile } from "../../../src/formats/read.js";
import { commandSpec } from "../../../src/options/commands.js";
import { defaultOptions, type Options } from "../../../src/options/table.js";
import type { Profile } from "../../../src/profile/profile.js";
import { ProfileBuilder } from "../../../src/profile/profile-builder.js";
import { type FlameReport, flame } from "../../../src/report/flame.js";
import { reportInput } from "../../../src/report/input.js";
import { top } from "../../../src/report/top.js";
import type { Page, State, View } from "../../../src/ui/contract.js";
import { type Engine, EngineError, type FlameRequest } from "../../../src/ui/engine/engine.js";
import { SceneColoring } from "../../../src/ui/flame-canvas/coloring.js";
import { NameFitter } from "../../../src/ui/flame-canvas/name-fitter.js";
import { fontOf, Painter } from "../../../src/ui/flame-canvas/painter.js";
import { FlamePanel } from "../../../src/ui/flame-canvas/panel.js";
import { readTheme } from "../../../src/ui/flame-canvas/theme.js";
import { createFlamegraph, FLAME_STYLE } from "../../../src/ui/views/flamegraph.js";
import { createSandwich, SANDWICH_STYLE } from "../../../src/ui/views/sandwich.js";
import { TABLE_STYLE, TOP_STYLE } from "../../../src/ui/views/table-style.js";
import { compileRe2 } from "../../../src/view/re2.js";
import { selectView } from "../../../src/view/select.js";
import { stateWith } from "../../support/state.client.js";
import { profileOf } from "../../support/text-profile.js";

/*
 * A page with a single view, for tests. Reports are made inside the page. Calls from the view to
 * the page are recorded in `harness.calls`.
 */

function input(profile: Profile, command: "flame" | "top", options: Options) {
  return reportInput(selectView(profile, options, compileRe2), options, commandSpec(command));
}

/** Returns the stacks of a flame graph, each cut at the outermost frame with the name. */
function around(report: FlameReport, name: string, side: "callers" | "callees"): Profile {
  const { tree, functions: places } = report;
  const builder = new ProfileBuilder([{ type: "samples", unit: report.format.from }]);
  const locations = new Map<number, ReturnType<typeof builder.addLocation>>();
  const locationOf = (place: number) => {
    const known = locations.get(place);
    if (known !== undefined) return known;
    const { name, file } = places[place];
    const fn = builder.addFunction({ name, filename: file });
    const made = builder.addLocation({ lines: [{ function: fn, line: 1 }] });
    locations.set(place, made);
    return made;
  };
  for (let frame = 1; frame < tree.length; frame++) {
    if (!tree.selfPlus[frame]) continue;
    const stack: number[] = [];
    for (let at = frame; at > 0; at = tree.callers[at]) stack.push(tree.functions[at]);
    const at = stack.findLastIndex((place) => places[place].name === name);
    if (at < 0) continue;
    const part = side === "callees" ? stack.slice(0, at + 1) : stack.slice(at).reverse();
    builder.addSample(part.map(locationOf), [tree.selfPlus[frame]]);
  }
  return builder.finish();
}

function engineOf(profile: Profile): Engine {
  const report = async (options: Options, request: FlameRequest) => ({
    report: flame(input(profile, "flame", options), request),
    warnings: [],
  });
  return {
    flame: report,
    sandwich: async (options: Options, { name, limit }: { name: string; limit: number }) => {
      const whole = (await report(options, { limit: 1e6 })).report;
      const made = (side: "callers" | "callees") => ({
        ...flame(input(around(whole, name, side), "flame", defaultOptions()), { limit }),
        total: whole.total,
      });
      const callees = made("callees");
      if (callees.tree.length === 1) throw new EngineError("no selected sample contains this");
      return { report: { callers: made("callers"), callees }, warnings: [] };
    },
    top: async (options: Options) => ({
      report: top(input(profile, "top", options)),
      warnings: [],
    }),
  } as unknown as Engine;
}

/** Returns stacks that branch like those of real programs: a few heavy calls, many light ones. */
function bigReport(frames: number): FlameReport {
  const builder = new ProfileBuilder([{ type: "cpu", unit: "nanoseconds" }]);
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  const locations = Array.from({ length: 5000 }, (_, i) => {
    const name = `example.com/team${i % 40}/service/pkg${i % 300}.(*Type${i % 90}).Method${i}`;
    const fn = builder.addFunction({ name, filename: `pkg${i % 300}/file.go` });
    return builder.addLocation({ lines: [{ function: fn, line: i }] });
  });
  let made = 0;
  let stack: number[] = [];
  while (made < frames) {
    const keep = Math.min(stack.length, Math.floor(random() * 45));
    const more = 1 + Math.floor(random() * 12);
    stack = stack.slice(0, keep);
    for (let i = 0; i < more; i++) stack.push(Math.floor(random() ** 2 * locations.length));
    made += more;
    builder.addSample(stack.map((fn) => locations[fn]).reverse(), [
      1 + Math.floor(random() ** 4 * 1e6),
    ]);
  }
  return flame(input(builder.finish(), "flame", defaultOptions()), { limit: 1e6 });
}

class Harness {
  readonly calls: unknown[] = [];
  /** The calls that change the place or the look of a graph. */
  readonly places: unknown[] = [];
  /** The labels in the colour menu. */
  labels: string[] = [];
  state: State = stateWith({ view: "flamegraph", report: "" });
  view: View | undefined;

  async openText(name: "flamegraph" | "sandwich", text: string, change: Partial<State> = {}) {
    return this.#open(name, profileOf(text), change);
  }

  async openBytes(name: "flamegraph" | "sandwich", url: string, change: Partial<State> = {}) {
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    return this.#open(name, await readProfile(bytes, gunzipWithPako, 2 ** 31), change);
  }

  /** Measures several times how long showing a flame graph of `frames` frames takes. */
  async openBig(frames: number) {
    const report = bigReport(frames);
    const panel = new FlamePanel({});
    document.body.querySelector("main")?.replaceChildren(panel.element);
    await new Promise(requestAnimationFrame);
    const show: number[] = [];
    for (let i = 0; i < 4; i++) {
      const start = performance.now();
      panel.flame.show({ report });
      show.push(performance.now() - start);
      await new Promise(requestAnimationFrame);
    }
    this.panel = panel;
    const { scene } = panel.flame;
    return { show, boxes: scene?.boxCount, levels: scene?.levels };
  }

  /** Measures the script time of painting a frame, without the browser's own work. */
  paintTimes(count: number): number[] {
    const { scene } = this.panel?.flame ?? {};
    if (!scene) return [];
    const { clientWidth: width, clientHeight: height } =
      document.querySelector(".flame-host") ?? document.body;
    const ratio = window.devicePixelRatio;
    const canvas = document.createElement("canvas");
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) return [];
    const theme = readTheme(document.body);
    context.font = fontOf(theme, 1);
    const fitter = new NameFitter((text) => text.length * 7);
    const painter = new Painter();
    const look = {
      classes: new SceneColoring(scene).classes("package"),
      matches: undefined,
      alike: -1,
      zoomed: 0,
      flipped: false,
    };
    return Array.from({ length: count }, (_, i) => {
      const start = performance.now();
      const right = 1 - i / count / 2;
      const camera = { left: i / count / 4, right, top: 0 };
      painter.paint(context, { width, height, ratio }, scene, camera, look, theme, fitter);
      return performance.now() - start;
    });
  }

  panel: FlamePanel | undefined;

  async show(change: Partial<State>) {
    this.state = { ...this.state, ...change };
    await this.view?.show(this.state, new AbortController().signal);
  }

  async #open(name: "flamegraph" | "sandwich", profile: Profile, change: Partial<State>) {
    const page = {
      engine: engineOf(profile),
      profile: {
        isComparison: false,
        counts: { mappings: profile.mappings.length },
        tags: this.labels.map((key) => ({ key })),
      },
      go: (to: Partial<State>, how = { replace: false }) => {
        const isPlace = "zoom" in to || "flipped" in to;
        if (isPlace) this.places.push([how.replace ? "replace" : "step", to]);
        else this.calls.push(["go", to]);
        this.show(to);
      },
      href: (to: Partial<State>) => `#${to.pivot ?? ""}`,
      openMenu: (subject: unknown, at: unknown) => this.calls.push(["menu", subject, at]),
    } as unknown as Page;
    this.view = name === "flamegraph" ? createFlamegraph(page) : createSandwich(page);
    document.body.querySelector("main")?.replaceChildren(this.view.element);
    const { view } = this;
    document.onkeydown = (event) => {
      if (view.press?.(event)) event.preventDefault();
    };
    await this.show(change);
  }
}

/** The custom properties that the page defines. */
const PAGE_STYLE = `
:root{--bg:#ffffff;--panel:#f6f7f9;--text:#1b1f24;--muted:#57606a;--line:#d0d7de;--accent:#0b5fce;--accent-text:#ffffff;--hover:#eaeef2;--plus:#b3261e;--minus:#1f5a94;--focus:#0b5fce}
@media (prefers-color-scheme:dark){:root{--bg:#16191d;--panel:#1e2227;--text:#e6e9ec;--muted:#9aa4ae;--line:#363c43;--accent:#6cb0ff;--accent-text:#0b1520;--hover:#2a3037;--plus:#ff8a80;--minus:#7fb2d6;--focus:#6cb0ff}}
html,body{margin:0;height:100%;background:var(--bg)}
body{font:13px/1.4 system-ui,sans-serif}
main{height:100%}
`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(PAGE_STYLE + FLAME_STYLE + TABLE_STYLE + TOP_STYLE + SANDWICH_STYLE);
document.adoptedStyleSheets = [sheet];
Object.assign(window, { harness: new Harness() });
