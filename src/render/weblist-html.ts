import type { Token } from "../report/syntax.js";
import { formatValue } from "../report/value-format.js";
import type {
  InlinedCall,
  LineInstruction,
  WeblistFunction,
  WeblistLine,
  WeblistReport,
} from "../report/weblist.js";
import type { Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { type FormatTime, profileLines } from "./legend.js";
import { joinIntoPieces } from "./pieces.js";
import { escapeXml } from "./xml.js";

/** The script and the style of the page. Hashes are SHA-256 in Base64. */
export interface WeblistPage {
  readonly formatTime: FormatTime;
  /** Adds a search and shortcuts. The page is complete without it. */
  readonly script: string;
  readonly scriptHash: string;
  readonly style: string;
  readonly styleHash: string;
}

/** The number of different widths of bars. The page's policy does not allow `style` attributes. */
const BAR_STEPS = 20;
/** Deeper inlined calls are not indented further. */
const MAX_DEPTH = 12;

const MNEMONIC_WIDTH = 8;

/** Writes self-contained HTML in pieces, which loads nothing and runs only its own script. */
export function renderWeblist(report: WeblistReport, page: WeblistPage): Iterable<string> {
  return joinIntoPieces(new PageWriter(report, page).lines());
}

const HTML_TAG = '<html lang="en">';

/** Returns a rendered page in one theme, instead of the theme that the reader's system prefers. */
export function weblistInTheme(page: string, theme: "dark" | "light"): string {
  return page.replace(HTML_TAG, `<html lang="en" data-theme="${theme}">`);
}

class PageWriter {
  readonly #report: WeblistReport;
  readonly #page: WeblistPage;
  /** The value of the longest bar. */
  readonly #largest: number;

  constructor(report: WeblistReport, page: WeblistPage) {
    this.#report = report;
    this.#page = page;
    let largest = 0;
    for (const { lines } of report.functions) {
      for (const { flat, cum } of lines) largest = Math.max(largest, size(flat), size(cum));
    }
    this.#largest = largest;
  }

  *lines(): Generator<string> {
    const { functions } = this.#report;
    yield* this.#head();
    yield functions.length > 1 ? '<div class="columns">' : "<div>";
    if (functions.length > 1) yield* this.#index();
    yield "<main>";
    for (const [i, one] of functions.entries()) yield* this.#function(one, i);
    if (functions.length === 0) {
      yield '<p class="note">No matching function has samples with a known line or instruction.</p>';
    }
    yield "</main>";
    yield "</div>";
    yield `<script>${this.#page.script}</script>`;
    yield "</body>";
    yield "</html>";
  }

  *#head(): Generator<string> {
    const { legend, subject, activeFilters, problems, total } = this.#report;
    const { scriptHash, style, styleHash, formatTime } = this.#page;
    const policy =
      `default-src 'none'; script-src 'sha256-${scriptHash}'; style-src 'sha256-${styleHash}'; ` +
      "base-uri 'none'; form-action 'none'";
    const title = [subject, legend.file].filter((part) => part !== "").join(" – ");
    yield "<!DOCTYPE html>";
    yield HTML_TAG;
    yield "<head>";
    yield '<meta charset="utf-8">';
    yield `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">';
    yield '<meta name="color-scheme" content="light dark">';
    yield `<title>${escapeXml(title || "Source")}</title>`;
    yield `<style>${style}</style>`;
    yield "</head>";
    yield "<body>";
    yield "<header>";
    yield `<h1><span class="faint">Source of</span> ${escapeXml(subject || "all functions")}</h1>`;
    const totalText = formatValue(this.#report.format, total);
    const facts = [...profileLines(legend, formatTime, totalText), `Total: ${totalText}`];
    yield `<ul class="facts">${facts.map((fact) => `<li>${escapeXml(fact)}</li>`).join("")}</ul>`;
    if (activeFilters.length > 0) {
      yield `<p class="faint">Filters: ${activeFilters.map(escapeXml).join(", ")}</p>`;
    }
    if (this.#report.functions.some(({ lines }) => lines.some(hasCode))) {
      yield '<p class="faint">Click a line with a triangle to see its instructions and inlined calls.</p>';
    }
    for (const problem of problems) {
      yield `<p class="warning">Some machine code is missing: ${escapeXml(problem)}</p>`;
    }
    yield '<div id="tools" hidden></div>';
    yield "</header>";
  }

  /** Writes the list of functions. */
  *#index(): Generator<string> {
    const rows = this.#report.functions.map((one, i) => ({ one, id: `f${i + 1}` }));
    yield '<nav aria-label="Functions">';
    yield `<details open><summary>Functions <span class="faint">${rows.length}</span></summary>`;
    yield "<table><thead><tr><th>flat<th>cum<th>function</thead><tbody>";
    for (const { one, id } of rows) {
      yield `<tr data-for="${id}">${this.#cell(one.flat)}${this.#cell(one.cum)}` +
        `<td class="name"><a href="#${id}">${nameHtml(one.name)}</a>` +
        // The names of scripts' functions contain the file.
        (one.name.includes(lastPart(one.file))
          ? ""
          : `<span class="faint">${fileHtml(lastPart(one.file))}</span>`) +
        "</tr>";
    }
    yield "</tbody></table>";
    yield "</details>";
    yield "</nav>";
  }

  #cell(amount: Int64): string {
    return `<td class="number ${this.#numberClass(amount)}">${this.#value(amount)}`;
  }

  *#function(one: WeblistFunction, index: number): Generator<string> {
    const { flat, cum, file, lines, problem } = one;
    const id = `f${index + 1}`;
    const share = percentage(cum, this.#report.total).trim();
    const isOpen = index < MAX_OPEN || this.#share(cum) >= HOT_SHARE;
    yield `<section id="${id}">`;
    yield `<details class="fn"${isOpen ? " open" : ""}><summary><h2>${nameHtml(one.name)}</h2>` +
      `<span class="file">${fileHtml(file)}</span>` +
      `<span class="sums"><span>flat <b class="${this.#numberClass(flat)}">${this.#value(flat)}</b></span> ` +
      `<span>cum <b class="${this.#numberClass(cum)}">${this.#value(cum)}</b></span> ` +
      `<span>${share} of ${this.#value(this.#report.total)}</span></span></summary>`;
    if (problem !== undefined) {
      yield `<p class="warning">No source: ${escapeXml(problem)}. ` +
        "Use -source_path to search other folders.</p>";
    }
    yield '<div class="code" tabindex="0" role="group" aria-label="Source"><div class="lines">';
    yield '<div class="row titles"><span></span><span>flat</span><span>cum</span><span></span>' +
      "<span>line</span><span></span></div>";
    for (const line of lines) yield* this.#line(line, id);
    yield "</div></div>";
    yield "</details></section>";
  }

  *#line(line: WeblistLine, id: string): Generator<string> {
    const { number, flat, cum, instructions } = line;
    if (line.startsPiece) yield '<div class="gap piece"><span>⋮</span></div>';
    const hot = this.#share(flat) >= HOT_SHARE || this.#share(cum) >= HOT_SHARE ? " hot" : "";
    const cells =
      `${this.#bar(flat, cum)}${this.#amount("flat", flat)}${this.#amount("cum", cum)}` +
      `<span class="mark"></span><span class="no">${number}</span>` +
      `<code>${sourceHtml(line)}</code>`;
    const tint = this.#tintClass(flat);
    if (!hasCode(line)) {
      const kind = instructions.length > 0 ? "plain" : "quiet";
      yield `<div class="row ${kind} ${tint}${hot}">${cells}</div>`;
      return;
    }
    yield `<details class="${tint}${hot}" id="${id}-${number}">` +
      `<summary class="row">${cells}</summary><div class="asm">`;
    for (const instruction of instructions) yield* this.#instruction(instruction);
    yield "</div></details>";
  }

  *#instruction(instruction: LineInstruction): Generator<string> {
    const { startsBlock, flat, cum, address, text, depth, calls, file, line } = instruction;
    if (startsBlock) yield '<div class="gap"><span>⋮</span></div>';
    for (const call of calls) yield callRow(call);
    if (text === "") return;
    const position = file === "" ? "" : `${file}:${line}`;
    yield `<div class="row inst ${this.#tintClass(flat)}">` +
      `${this.#bar(flat, cum)}${this.#amount("flat", flat)}${this.#amount("cum", cum)}` +
      `<span class="address">${address.toString(16)}</span>` +
      `<code class="d${Math.min(depth, MAX_DEPTH)}">${instructionText(text)}</code>` +
      `<span class="position">${escapeXml(position)}</span></div>`;
  }

  #amount(kind: "flat" | "cum", amount: Int64): string {
    if (amount === 0) return `<span class="${kind} none">.</span>`;
    return `<span class="${kind} ${this.#numberClass(amount)}">${this.#value(amount)}</span>`;
  }

  /** Writes a bar for the share of the largest line: solid for flat, light for the rest of cum. */
  #bar(flat: Int64, cum: Int64): string {
    if (flat === 0 && cum === 0) return "<span></span>";
    const steps = (amount: Int64) => {
      const part = this.#largest === 0 ? 0 : Math.min(1, size(amount) / this.#largest);
      return part === 0 ? 0 : Math.max(1, Math.round(part * BAR_STEPS));
    };
    const bar = (tag: "i" | "b", amount: Int64) =>
      `<${tag} class="w${steps(amount)}${amount < 0 ? " less" : ""}"></${tag}>`;
    const title = [
      `flat ${percentage(flat, this.#report.total).trim()}`,
      `cum ${percentage(cum, this.#report.total).trim()}`,
    ].join(", ");
    return `<span class="bar" title="${title}">${bar("i", cum)}${bar("b", flat)}</span>`;
  }

  #value(amount: Int64): string {
    return escapeXml(formatValue(this.#report.format, amount));
  }

  #share(amount: Int64): number {
    const { total } = this.#report;
    return total === 0 ? 0 : size(amount) / size(total);
  }

  /** Returns the class of a number: `h0` to `h4`, or `l1` to `l4` for less. */
  #numberClass(amount: Int64): string {
    return `${amount < 0 ? "l" : "h"}${this.#heat(amount)}`;
  }

  /** Returns the class of a line's background: `t0` to `t4`, or `s1` to `s4` for less. */
  #tintClass(flat: Int64): string {
    return `${flat < 0 ? "s" : "t"}${this.#heat(flat)}`;
  }

  /** Returns a heat from 0, for no value, to 4. */
  #heat(amount: Int64): number {
    const share = this.#share(amount);
    if (share >= 0.2) return 4;
    if (share >= HOT_SHARE) return 3;
    if (share >= 0.01) return 2;
    return amount === 0 ? 0 : 1;
  }
}

/** The number of functions that are unfolded at first, besides hot ones. */
const MAX_OPEN = 10;

/** Lines from this share of the total on are highlighted. */
const HOT_SHARE = 0.05;

function size(amount: Int64): number {
  return Math.abs(Number(amount));
}

/** Whether the line has instructions or inlined calls to unfold. */
function hasCode({ instructions }: WeblistLine): boolean {
  return instructions.some(({ text, calls }) => text !== "" || calls.length > 0);
}

/** Escapes a name and allows line breaks between its parts. */
function nameHtml(text: string): string {
  return escapeXml(text || "(no name)").replace(/::|[./_](?=[^./_])/g, "$&<wbr>");
}

/** pprof names an unknown file like the working directory. */
function fileHtml(file: string): string {
  return file === "." ? "file not known" : escapeXml(file);
}

function lastPart(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

function sourceHtml({ number, text, tokens }: WeblistLine): string {
  if (text !== undefined) return colouredHtml(text, tokens);
  const why = number === 0 ? "line not known" : "(no source)";
  return `<em>${why}</em>`;
}

const TOKEN_CLASSES = { comment: "c", string: "s", number: "n", keyword: "k" } as const;

function colouredHtml(text: string, tokens: readonly Token[]): string {
  let html = "";
  let at = 0;
  for (const { kind, start, end } of tokens) {
    html += `${escapeXml(text.slice(at, start))}<span class="${TOKEN_CLASSES[kind]}">${escapeXml(text.slice(start, end))}</span>`;
    at = end;
  }
  return html + escapeXml(text.slice(at));
}

function callRow({ depth, text, file, line }: InlinedCall): string {
  return (
    `<div class="row inst call"><span></span><span></span><span></span><span></span>` +
    `<code class="d${Math.min(depth, MAX_DEPTH)}">${escapeXml(text)}</code>` +
    `<span class="position">${escapeXml(file)}:${line}</span></div>`
  );
}

/** Puts the mnemonic into a column of its own. Tab stops are at every eighth character. */
function instructionText(text: string): string {
  let plain = "";
  for (const part of text.split("\t").slice(0, -1)) {
    plain += part;
    plain += " ".repeat(MNEMONIC_WIDTH - (plain.length % MNEMONIC_WIDTH));
  }
  plain += text.slice(text.lastIndexOf("\t") + 1);
  const [mnemonic] = /^[^ ]*/.exec(plain) ?? [""];
  return `<b>${escapeXml(mnemonic)}</b>${escapeXml(plain.slice(mnemonic.length))}`;
}
