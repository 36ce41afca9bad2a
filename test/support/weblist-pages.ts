/**
 * Converts weblist pages of pprof and of tsprof to the same lines of text, to compare their content
 * without their style: functions, source lines, instructions and inlined calls.
 */

/** The character references that pages use. */
const REFERENCES: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&#34;": '"',
  "&quot;": '"',
  "&#39;": "'",
  "&#43;": "+",
  "&#9;": "\t",
};

/** Returns the text of a piece of HTML, with each sequence of white space as one blank. */
function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&#?\w+;/g, (reference) => REFERENCES[reference] ?? reference)
    .replace(/\s+/g, " ")
    .trim();
}

const row = (...cells: string[]) => cells.map(textOf).join(" | ");

/** Reads a page of pprof, made with `-weblist -output=FILE`. */
export function readPprofPage(html: string): string[] {
  const lines: string[] = [];
  for (const section of html.split("<h2>").slice(1)) {
    const head = /^(.*?)<\/h2>\s*<p class="filename">(.*?)<\/p>/s.exec(section);
    const sums = /Total:\s+(\S+)\s+(\S+) \(flat, cum\)\s+(\S+)/.exec(section);
    if (!head || !sums) throw new Error(`no function: ${section.slice(0, 200)}`);
    lines.push(row("function", head[1], head[2], sums[1], sums[2], sums[3]));
    const source =
      /<span class=line>\s*(\d+)<\/span> <span class=\w+>\s+(\S+)\s+(\S+) {11}(.*?) <\/span>(?:<span class=asm>(.*?)<\/span>(?=\n<span class=line>|\n<\/pre>))?/gs;
    for (const [, number, flat, cum, text, code] of section.matchAll(source)) {
      lines.push(row("line", number, flat, cum, text));
      if (code !== undefined) lines.push(...readPprofCode(code));
    }
  }
  return lines;
}

function readPprofCode(code: string): string[] {
  return code
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const call = /<span class=inlinesrc>(.*?)<\/span> <span class=unimportant>(.*?)<\/span>/.exec(
        line,
      );
      if (call) return row("call", call[1], call[2]);
      const instruction =
        /^\s+(\S+)\s+(\S+)\s+([0-9a-f]+): (.*) <span class=unimportant>(.*?)<\/span>$/.exec(line);
      if (instruction) return row("instruction", ...instruction.slice(1));
      if (line.trim() === "⋮") return "gap";
      throw new Error(`not understood: ${line}`);
    });
}

/** Reads a page of tsprof. */
export function readOurPage(html: string): string[] {
  const lines: string[] = [];
  const total = /<li>Total: (.*?)<\/li>/.exec(html)?.[1];
  for (const section of html.split(/<section id="f\d+">/).slice(1)) {
    const head =
      /<h2>(.*?)<\/h2>\s*<span class="file">(.*?)<\/span><span class="sums">(.*?)<\/summary>/s.exec(
        section,
      );
    const sums = /^flat (\S+) cum (\S+) (\S+) of (\S+)$/.exec(textOf(head?.[3] ?? ""));
    if (!head || !sums || sums[4] !== total)
      throw new Error(`no function: ${section.slice(0, 200)}`);
    const file = head[2] === "file not known" ? "." : head[2];
    lines.push(row("function", head[1], file, sums[1], sums[2], sums[3]));
    for (const line of section.split("\n")) {
      const cells = [...line.matchAll(/<(span|code)(?: class="([^"]*)")?[^>]*>(.*?)<\/\1>/g)];
      const cell = (name: RegExp) => cells.find(([, , kind = ""]) => name.test(kind))?.[3] ?? "";
      const code = line.includes("<em>")
        ? unknown(line)
        : (/<code.*<\/code>/.exec(line)?.[0] ?? "");
      if (line.startsWith('<div class="gap">')) lines.push("gap");
      else if (line.startsWith('<div class="row inst call"')) {
        lines.push(row("call", code, cell(/^position$/)));
      } else if (line.startsWith('<div class="row inst')) {
        const numbers = [cell(/^flat/), cell(/^cum/), cell(/^address$/)];
        lines.push(row("instruction", ...numbers, code, cell(/^position$/)));
      } else if (line.includes('<span class="no">')) {
        lines.push(row("line", cell(/^no$/), cell(/^flat/), cell(/^cum/), code));
      }
    }
  }
  return lines;
}

/** Translates tsprof's wording for unknown lines into pprof's. */
function unknown(line: string): string {
  return line.includes("not known") ? "&lt;instructions with unknown line numbers&gt;" : "???";
}
