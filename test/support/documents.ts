import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { RunInOneProcess } from "./one-process.js";
import { type RunOptions, runProgram } from "./run.js";

/** A command that a document shows. */
export interface Shown {
  command: string;
  /** The expected output; undefined if the document does not show any. */
  output: string | undefined;
}

/** Lines that commands print to standard error on success. */
const NOTICES = /^tsprof: (?:wrote |the page contains | {2}).*\n/gm;

/** Matches unless a comment before the block says why tests must not run it. */
const NOT_RUN = "(?<!<!-- not run: [^>]* -->\\n+)";

/** The Markdown files of the project or package in a folder, relative to it. */
export function documentsIn(root: string): string[] {
  return [
    ...readdirSync(root),
    ...["docs", "examples"].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true }).map((name) =>
        path.posix.join(folder, String(name)),
      ),
    ),
  ].filter((name) => name.endsWith(".md"));
}

/** Returns the tsprof commands in inline code, and those in console blocks with their output. */
export function commandsIn(text: string): Shown[] {
  const shown: Shown[] = [];
  for (const [, block] of text.matchAll(blocks("console"))) {
    for (const part of block.split(/^\$ /m).filter(Boolean)) {
      const end = part.indexOf("\n");
      shown.push({ command: part.slice(0, end), output: part.slice(end + 1) });
    }
  }
  for (const [, command] of text.matchAll(/`((?:cat [^`]*\| )?(?:npx )?tsprof [^`]*)`/g)) {
    // Commands with an ellipsis, such as "tsprof -top …", only show a form.
    if (!command.includes("…")) shown.push({ command, output: undefined });
  }
  return shown;
}

/** Returns the scripts in sh blocks, in order. */
export function scriptsIn(text: string): string[] {
  return [...text.matchAll(blocks("sh"))].map(([, script]) => script);
}

function blocks(language: string): RegExp {
  return new RegExp(`${NOT_RUN}^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm");
}

/** Returns the links and images of a document that lead to files or headings of the project. */
export function linksIn(text: string): string[] {
  const prose = withoutCodeBlocks(text).replace(/`[^`\n]*`/g, "");
  const links = [
    ...prose.matchAll(/\]\(([^)\s]+)\)/g),
    ...prose.matchAll(/\b(?:href|src|srcset)="([^"\s]+)"/g),
  ].map(([, link]) => link);
  return [...new Set(links)].filter((link) => !/^https?:/.test(link));
}

/** Returns the links of a document whose file or heading does not exist. */
export function brokenLinks(root: string, document: string): string[] {
  return linksIn(readFileSync(path.join(root, document), "utf8")).filter((link) => {
    const [name, anchor] = link.split("#");
    const file = name === "" ? document : path.join(path.dirname(document), name);
    const stat = statSync(path.join(root, file), { throwIfNoEntry: false });
    if (file.startsWith("..") || !stat?.isFile()) return true;
    return (
      anchor !== undefined && !anchorsOf(readFileSync(path.join(root, file), "utf8")).has(anchor)
    );
  });
}

/** Returns the anchors that GitHub gives to the headings of a document. */
function anchorsOf(text: string): Set<string> {
  const headings = withoutCodeBlocks(text).matchAll(/^#+ (.*)$/gm);
  return new Set(
    Array.from(headings, ([, heading]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

function withoutCodeBlocks(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, "");
}

/** A command without words for the shell, which neither records nor serves. */
const SIMPLE = /^tsprof ((?!record|serve|-http)[\w ./=:,-]+)$/;

/**
 * Runs the commands of a document in order, and expects the output that the document shows.
 * `prelude` is shell code that runs before each command. `runSimple`, if given, runs the commands
 * that need no shell.
 */
export async function expectShown(
  shown: readonly Shown[],
  prelude: string,
  options: RunOptions,
  runSimple?: RunInOneProcess,
): Promise<void> {
  for (const { command, output } of shown) {
    const [, words] = SIMPLE.exec(command) ?? [];
    const result =
      words !== undefined && runSimple
        ? await runSimple(words.split(" "))
        : await runProgram("bash", ["-c", `${prelude}\n${command}`], options);
    const stderr = result.stderr.replace(NOTICES, "");
    expect({ command, ...result, stderr }).toMatchObject({ command, code: 0, stderr: "" });
    if (output === undefined) expect(result.stdout, command).not.toBe("");
    else expect(result.stdout, command).toBe(output);
  }
}
