import { execFileSync } from "node:child_process";
import { ROOT } from "./proto.js";
import { TSPROF } from "./run.js";

/** Returns DOT text from statements, in the form that the layout accepts. */
export function graphText(...statements: string[]): string {
  return `digraph "test" {\n${statements.join("\n")}\n}\n`;
}

/** Returns the call graph of a fixture, as the command `dot` writes it. */
export function fixtureGraph(name: string, ...options: string[]): string {
  return execFileSync(process.execPath, [TSPROF, "dot", ...options, `fixtures/${name}`], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** Runs Debian's Graphviz, which is older than the embedded one, on DOT text. */
export function debianDot(dot: string, format: "json" | "svg"): string {
  return execFileSync("dot", [`-T${format}`], { input: dot, encoding: "utf8" });
}

/** Names that contain markup, a script, the end of a syntax, or nothing visible. */
export const HOSTILE_NAMES = [
  '<script>alert("name")</script>',
  "</title></svg><script>alert(1)</script>",
  '" onload="alert(2)',
  "]]><script>alert(3)</script>",
  "<img src=x onerror=alert(4)>",
  "&lt;&amp;&#x3c;",
  'a "quote", a \\slash\\, another \\"',
  "\\N \\G \\E \\l \\",
  "a\u0001b\u001bc\u007fd\u0085e",
  "half \ud800 pair, not \ufffe or \uffff",
  "right \u202eto\u202c left",
  "世界の関数名前",
  "line\nbreak\r\ttab",
];

/** Returns a graph with hostile names, escaped as the command `dot` does. */
export function hostileGraph(): string {
  const escaped = HOSTILE_NAMES.map((name) =>
    name.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\l"),
  );
  return graphText(
    ...escaped.map((name, i) => `N${i} [label="${name}" shape=box tooltip="${name} (1s)"]`),
    ...escaped.slice(1).map((name, i) => `N${i} -> N${i + 1} [label=" 1s" tooltip="${name}"]`),
  );
}
