import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type CompletionModel, complete } from "../../../src/shell/completion.js";
import { openLineEditor } from "../../../src/shell/line-editor.js";

/** Reads lines with the editor of the shell, and tells what it read; some it obeys. */

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

/** Until Ctrl-C is a signal again, as it is to be while a report runs. */
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

/** Until there is the file that the arguments name. */
async function waited(): Promise<void> {
  console.log("waiting");
  while (!existsSync(process.argv[2])) await setTimeout(20);
}

/** How many listeners there are on the streams of the terminal and elsewhere, by event. */
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

// What was drawn for an earlier width goes to wherever the cursor of the terminal is by then, so
// that nothing should be resized again before the title says that the line has been drawn.
process.stdout.on("resize", () => {
  // Behind the listeners of the line, which come later.
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
