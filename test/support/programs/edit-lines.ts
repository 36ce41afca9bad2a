import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type CompletionModel, complete } from "../../../src/shell/completion.js";
import { openLineEditor } from "../../../src/shell/line-editor.js";

/** Reads lines with the line editor of the shell, and prints them. Some lines are commands. */

const commands = ["top", "tree", "traces", "tags", "peek"];
const files = ["out.svg", "out.txt", "src/", "src/main.ts"];
const model: CompletionModel = {
  commands: commands.map((name) => ({
    name,
    summary: `What ${name} shows`,
    about: name === "tags" ? "tags" : "functions",
  })),
  variables: [{ name: "focus", summary: "Only these", value: { kind: "functions" } }],
  sampleTypes: () => [],
  functionNames: () => [
    "main.main",
    "net/http.(*ServeMux).Handle",
    "net/http.(*ServeMux).HandleFunc",
    `deep/${"path/".repeat(30)}work.Steer\x1b[31m`,
    ...Array.from({ length: 300 }, (_, i) => `work.Step${String(i).padStart(3, "0")}`),
  ],
  tagKeys: () => [],
  tagValues: () => [],
  files: (prefix) => files.filter((file) => file.startsWith(prefix)),
  savedConfigs: () => [],
};

/** Resolves when Ctrl-C arrives as a signal, as it must while a report runs. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => {}, 1000);
    process.once("SIGINT", () => {
      clearInterval(alive);
      resolve();
    });
    console.log("running");
  });
}

/** Waits until the file in the arguments exists. */
async function waited(): Promise<void> {
  console.log("waiting");
  while (!existsSync(process.argv[2])) await setTimeout(20);
}

/** Counts the listeners of the terminal's streams and of the process, by event. */
function listeners(): string[] {
  const { stdin, stdout, stderr } = process;
  return Object.entries({ stdin, stdout, stderr, process }).flatMap(([of, emitter]) =>
    emitter.eventNames().map((name) => `${of} ${String(name)}: ${emitter.listenerCount(name)}`),
  );
}

const remembered: string[] = [];
const editor = openLineEditor({
  input: process.stdin,
  output: process.stdout,
  history: ["tree from before", "top from before"],
  complete: (line) => complete(line, model),
  remember: (line) => remembered.push(line),
});

// A line that was drawn for an earlier width is redrawn from the current position of the cursor, so
// tests must not resize again before the title says that the line has been drawn.
process.stdout.on("resize", () => {
  // Run after the listeners of the line editor, which are added later.
  setImmediate(() => process.stdout.write(`\x1b]2;drawn ${process.stdout.columns}\x07`));
});

let lines = 0;
let before: string[] = [];
for (;;) {
  const line = await editor.read("\x1b[1;32mshell\x1b[0m> ");
  if (line === undefined) break;
  if (line === "run") {
    await interrupted();
    console.log("interrupted");
  } else if (line === "wait") {
    await waited();
  } else if (line === "history") {
    console.log(JSON.stringify(remembered));
  } else if (line === "count") {
    const changed = listeners().filter((count) => !before.includes(count));
    if (lines > 0) console.log(`${lines} lines; changed: ${changed.join(", ") || "nothing"}`);
    lines = -1;
    before = listeners();
  } else {
    console.log(`got ${JSON.stringify(line)}`);
  }
  lines++;
}
editor.close();
console.log("end");
