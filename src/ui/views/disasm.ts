import { decodeDisasm } from "../../page/disasm-json.js";
import type { DisasmLine, DisasmReport, DisasmRoutine } from "../../report/disasm.js";
import { formatValue } from "../../report/value-format.js";
import type { Int64 } from "../../units/int64.js";
import { percentage } from "../../units/percentage.js";
import type { Page, Shown, State, View } from "../contract.js";
import { button, fill, h } from "../widgets/elements.js";
import type { SuggestField } from "../widgets/suggest-field.js";
import { heaviest, heaviestList } from "./heaviest.js";
import { patternField } from "./pattern-field.js";

/** In long routines, this many instructions are shown around those with a cost. */
const LINES_AROUND_COST = 12;
/** Shorter runs of instructions without a cost are always shown. */
const MAX_SHOWN_RUN = 40;
/** A click on a gap shows at most this many instructions. */
const LINES_PER_CLICK = 1000;
/** Routines start folded after this many instructions; the first one never does. */
const MAX_UNFOLDED_LINES = 2000;

/** The machine code of functions, with the cost of each instruction. */
export class DisasmView implements View {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #field: SuggestField;
  readonly #body = h("div", { class: "disasm-body" });
  #state: State | undefined;
  #at: HTMLElement | undefined;
  /** The number of times that the key for the hottest instruction was pressed. */
  #hottest = 0;

  constructor(page: Page) {
    this.#page = page;
    this.#field = patternField(page, () => this.#state, {
      label: "Function or address: a regular expression",
      placeholder: "Function or address",
    });
    this.element = h(
      "section",
      { class: "disasm-view", "aria-label": "Machine code" },
      h(
        "div",
        { class: "source-bar" },
        this.#field.element,
        h(
          "span",
          { class: "disasm-keys" },
          keys("j", "k"),
          " next, previous hot instruction, ",
          keys("h"),
          " hottest",
        ),
      ),
      this.#body,
    );
  }

  async show(state: State, signal: AbortSignal): Promise<Shown> {
    this.#state = state;
    const pattern = state.query || state.options.focus;
    this.#field.value = pattern;
    const url = this.#page.host.disasmUrl(state);
    this.#field.element.hidden = url === undefined;
    if (url === undefined) {
      const command = h("code", {}, "tsprof serve FILE");
      this.#showNote(
        "Machine code comes from the program's binaries, which this page does not contain. Run ",
        command,
        " on a machine that has them.",
      );
      return { warnings: [] };
    }
    if (pattern === "") {
      const { report, warnings } = await heaviest(this.#page, state.options, signal);
      signal.throwIfAborted();
      if (report.rows.length === 0) this.#showNote("No function has a cost.");
      else fill(this.#body, h("div", { class: "source-list" }, heaviestList(this.#page, report)));
      return { warnings };
    }
    const response = await fetch(url, { signal });
    const text = await response.text();
    signal.throwIfAborted();
    if (!response.ok) throw new Error(problemOf(response, text));
    this.#draw(decodeDisasm(text));
    return { warnings: [] };
  }

  press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    switch (event.key) {
      case "/":
        this.#field.focus();
        return true;
      case "j":
        this.#goBy(1);
        return true;
      case "k":
        this.#goBy(-1);
        return true;
      case "h":
        this.#goToHottest();
        return true;
      default:
        return false;
    }
  }

  #showNote(...words: readonly (string | HTMLElement)[]): void {
    fill(this.#body, h("p", { class: "source-note" }, words));
  }

  #draw(report: DisasmReport): void {
    this.#at = undefined;
    this.#hottest = 0;
    let lines = 0;
    const routines = report.routines.map((routine, i) => {
      lines += routine.lines.length;
      return routineElement(report, routine, i === 0 || lines <= MAX_UNFOLDED_LINES);
    });
    fill(
      this.#body,
      h(
        "div",
        { class: "disasm-list" },
        h("p", { class: "disasm-total" }, `Total: ${formatValue(report.format, report.total)}`),
        routines,
      ),
    );
  }

  /** Returns the rows with a cost, in order. Creates the rows of folded routines. */
  #hotRows(): HTMLElement[] {
    for (const routine of this.#body.querySelectorAll("details")) fillRoutine.get(routine)?.();
    return [...this.#body.querySelectorAll<HTMLElement>("tr.costs")];
  }

  #goBy(step: 1 | -1): void {
    const rows = this.#hotRows();
    const at = this.#at ? rows.indexOf(this.#at) : -1;
    const next = at < 0 && step === -1 ? rows.length - 1 : at + step;
    this.#goTo(rows[next]);
  }

  #goToHottest(): void {
    const heat = (row: HTMLElement) => Number(row.dataset.flat);
    const rows = this.#hotRows().sort((a, b) => heat(b) - heat(a));
    if (rows.length > 0) this.#goTo(rows[this.#hottest++ % rows.length]);
  }

  #goTo(row: HTMLElement | undefined): void {
    if (!row) return;
    this.#at?.classList.remove("at");
    this.#at = row;
    row.classList.add("at");
    const routine = row.closest("details");
    if (routine) routine.open = true;
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center", inline: "nearest" });
  }
}

/** Creates the rows of a routine when it is first unfolded. */
const fillRoutine = new WeakMap<HTMLDetailsElement, () => void>();

function routineElement(
  report: DisasmReport,
  routine: DisasmRoutine,
  isOpen: boolean,
): HTMLElement {
  const { format, total } = report;
  const { name, aliases, flat, cum } = routine;
  const amount = (label: string, value: Int64) =>
    h("span", {}, `${label} `, h("b", { class: heat(value, total) }, formatValue(format, value)));
  const details = h(
    "details",
    { class: "routine", open: isOpen },
    h(
      "summary",
      {},
      h("span", { class: "routine-name" }, name),
      h(
        "span",
        { class: "routine-sums" },
        amount("flat", flat),
        amount("cum", cum),
        h("span", {}, percentage(cum, total).trim()),
      ),
    ),
    aliases.length > 0 &&
      h("p", { class: "routine-aliases" }, `Also known as ${aliases.join(", ")}`),
  );
  let isFilled = false;
  const make = () => {
    if (isFilled) return;
    isFilled = true;
    details.append(listing(report, routine));
  };
  fillRoutine.set(details, make);
  details.addEventListener("toggle", () => details.open && make());
  if (isOpen) make();
  return details;
}

function listing(report: DisasmReport, { name, lines }: DisasmRoutine): HTMLElement {
  const largest = lines.reduce((most, { flat }) => Math.max(most, size(flat)), 0);
  const body = h("tbody");
  const rows = (from: number, to: number) =>
    lines.slice(from, to).map((line, i) => row(report, line, lines[from + i - 1], largest));
  const gap = (from: number, to: number): HTMLElement => {
    const end = Math.min(to, from + LINES_PER_CLICK);
    const element: HTMLElement = h(
      "tr",
      { class: "gap" },
      h(
        "td",
        { colspan: 6 },
        button(`⋮ ${to - from} instructions without a cost`, () => {
          element.replaceWith(...rows(from, end), ...(end < to ? [gap(end, to)] : []));
        }),
      ),
    );
    return element;
  };
  for (const { from, to, isShown } of pieces(lines)) {
    body.append(...(isShown ? rows(from, to) : [gap(from, to)]));
  }
  return h(
    "div",
    { class: "listing", tabindex: 0, role: "group", "aria-label": `Instructions of ${name}` },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col", class: "bar" }, h("span", { class: "unseen" }, "share")),
          ["flat", "cum", "address", "instruction", "source"].map((title) =>
            h("th", { scope: "col" }, title),
          ),
        ),
      ),
      body,
    ),
  );
}

interface Piece {
  readonly from: number;
  to: number;
  readonly isShown: boolean;
}

/** Divides a routine into shown and hidden pieces: lines near a cost and short runs are shown. */
function pieces(lines: readonly DisasmLine[]): Piece[] {
  const found: Piece[] = [];
  const hot = lines.flatMap(({ flat, cum }, at) => (flat === 0 && cum === 0 ? [] : [at]));
  for (const at of hot) {
    const last = found.at(-1);
    const from = Math.max(last?.to ?? 0, at - LINES_AROUND_COST);
    const to = Math.min(lines.length, at + LINES_AROUND_COST + 1);
    const isNear = from - (last?.to ?? 0) <= MAX_SHOWN_RUN;
    if (last && isNear) {
      last.to = to;
      continue;
    }
    if (!isNear) found.push({ from: last?.to ?? 0, to: from, isShown: false });
    found.push({ from: isNear ? 0 : from, to, isShown: true });
  }
  const last = found.at(-1);
  const end = last?.to ?? 0;
  if (last && lines.length - end <= MAX_SHOWN_RUN) last.to = lines.length;
  else if (end < lines.length) found.push({ from: end, to: lines.length, isShown: false });
  return found;
}

function row(
  { format, total }: DisasmReport,
  line: DisasmLine,
  before: DisasmLine | undefined,
  largest: number,
): HTMLElement {
  const { flat, cum, address, text, path } = line;
  const hasCost = flat !== 0 || cum !== 0;
  const bar = flat === 0 ? undefined : h("span", { class: "heat-bar" });
  if (bar) bar.style.width = `${Math.max(2, (100 * size(flat)) / largest)}%`;
  const value = (amount: Int64) =>
    h(
      "td",
      { class: `number ${heat(amount, total)}` },
      amount === 0 ? "·" : formatValue(format, amount),
    );
  const position = positionOf(line);
  return h(
    "tr",
    { class: `${hasCost ? "costs" : ""} ${heat(flat, total)}`.trim(), "data-flat": size(flat) },
    h("td", { class: "bar", title: hasCost ? percentage(flat, total).trim() : undefined }, bar),
    value(flat),
    value(cum),
    h("td", { class: "address" }, address.toString(16)),
    h("td", { class: "instruction" }, instruction(text)),
    h(
      "td",
      { class: "position", title: path || undefined },
      before && positionOf(before) === position ? "" : position,
    ),
  );
}

/** Shows the mnemonic in bold, in its own column. */
function instruction(text: string): readonly (HTMLElement | string)[] {
  const [, mnemonic = "", rest = ""] = /^(\S*)\s*(.*)$/s.exec(text) ?? [];
  return [h("b", {}, mnemonic.padEnd(7)), ` ${rest.replaceAll("\t", " ")}`];
}

function positionOf({ file, line }: DisasmLine): string {
  return file === "" ? "" : line === 0 ? file : `${file}:${line}`;
}

/** Returns a class from `h0` (no cost) to `h4` (hottest). */
function heat(value: Int64, total: Int64): string {
  const share = total === 0 ? 0 : size(value) / size(total);
  const level = share >= 0.2 ? 4 : share >= 0.05 ? 3 : share >= 0.01 ? 2 : value === 0 ? 0 : 1;
  return value < 0 ? `h${level} less` : `h${level}`;
}

function size(value: Int64): number {
  return Math.abs(Number(value));
}

function keys(...names: readonly string[]): HTMLElement[] {
  return names.map((name) => h("kbd", {}, name));
}

/** Returns the error message of a server in one line. */
function problemOf(response: Response, text: string): string {
  const isText = response.headers.get("content-type")?.startsWith("text/plain");
  const line = isText ? text.trim().split("\n", 1)[0] : "";
  return line || `the server answered ${response.status}`;
}
