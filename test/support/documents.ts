import { expect } from "vitest";
import { type RunOptions, runProgram } from "./run.js";

/** A command that a document shows. */
export interface Shown {
  command: string;
  /** What the document says that it prints; undefined where it does not say. */
  output: string | undefined;
}

/** What commands say on standard error when all is well: what was written, and what is in it. */
const NOTICES = /^tsprof: (?:wrote |the page contains | {2}).*\n/gm;

/** In front of a block that tests must not run, with the reason: it needs a server, say. */
const NOT_RUN = "(?<!<!-- not run: [^>]* -->\\n+)";

/** Commands that use tsprof: in `code`, and in console blocks with what they print. */
export function commandsIn(text: string): Shown[] {
  const shown: Shown[] = [];
  for (const [, block] of text.matchAll(blocks("console"))) {
    for (const part of block.split(/^\$ /m).filter(Boolean)) {
      const end = part.indexOf("\n");
      shown.push({ command: part.slice(0, end), output: part.slice(end + 1) });
    }
  }
  for (const [, command] of text.matchAll(/`((?:cat [^`]*\| )?(?:npx )?tsprof [^`]*)`/g)) {
    // "tsprof -top …" and the like only name a form.
    if (!command.includes("…")) shown.push({ command, output: undefined });
  }
  return shown;
}

/** The shell scripts in sh blocks, in their order. */
export function scriptsIn(text: string): string[] {
  return [...text.matchAll(blocks("sh"))].map(([, script]) => script);
}

function blocks(language: string): RegExp {
  return new RegExp(`${NOT_RUN}^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm");
}

/** The files of the project that a document links to or shows, relative to its own folder. */
export function linksIn(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
  const links = [
    ...prose.matchAll(/\]\(([^)\s]+)\)/g),
    ...prose.matchAll(/\b(?:href|src|srcset)="([^"\s]+)"/g),
  ].map(([, link]) => link.replace(/#.*$/, ""));
  return [...new Set(links)].filter((link) => link !== "" && !/^https?:/.test(link));
}

/**
 * Runs the commands of a document in a shell, one after the other, and compares what they print
 * with what the document says. `prelude` is shell code in front of each.
 */
export async function expectShown(
  shown: readonly Shown[],
  prelude: string,
  options: RunOptions,
): Promise<void> {
  for (const { command, output } of shown) {
    const result = await runProgram("bash", ["-c", `${prelude}\n${command}`], options);
    const stderr = result.stderr.replace(NOTICES, "");
    expect({ command, ...result, stderr }).toMatchObject({ command, code: 0, stderr: "" });
    if (output === undefined) expect(result.stdout, command).not.toBe("");
    else expect(result.stdout, command).toBe(output);
  }
}
