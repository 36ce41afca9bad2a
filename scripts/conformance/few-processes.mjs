// Loaded into the conformance runner before it starts: runs most cases in a few processes that it
// keeps, because starting Node takes ten times as long as most reports. The first case of each
// report gets a process of its own, so the streams and exit codes of the real program are tested.
import childProcess from "node:child_process";
import { EventEmitter } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import { fileURLToPath } from "node:url";
import { OneProcess } from "../one-process.mjs";

const TSPROF = fileURLToPath(new URL("../../bin/tsprof.js", import.meta.url));

const { spawn } = childProcess;
/** The reports that have been run in a process of their own. */
const started = new Set();
/** The kept processes that run no case now. */
const idle = [];

childProcess.spawn = (command, args, options) => {
  const [program, ...rest] = args;
  const report = rest[0]?.replace(/=.*/, "");
  if (program === TSPROF && started.has(report)) return runInKept(rest, options);
  started.add(report);
  return spawn(command, args, options);
};
syncBuiltinESMExports();

/** Runs tsprof. Returns the events and streams of a child process that the runner uses. */
function runInKept(args, options) {
  const child = new EventEmitter();
  child.stdout = new EventEmitter();
  child.stderr = new EventEmitter();
  // The runner kills a child that takes too long, and then waits for its end.
  child.kill = () => one.stop();
  const one = idle.pop() ?? new OneProcess();
  one.run(args, options).then(
    ({ code, stdout, stderr }) => {
      idle.push(one);
      child.stdout.emit("data", Buffer.from(stdout));
      child.stderr.emit("data", Buffer.from(stderr));
      child.emit("close", code);
    },
    (error) => {
      child.emit("error", error);
      child.emit("close", null);
    },
  );
  return child;
}

// The runner sets its exit code when all cases are over.
process.on("exit", () => {
  for (const one of idle) one.stop();
});
