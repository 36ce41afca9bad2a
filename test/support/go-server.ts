import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll } from "vitest";
import { ROOT } from "./proto.js";

/** A running Go program with net/http/pprof; see server.go.txt. */
export interface GoServer {
  /** Where certificates and the socket are, and anything else that a test may leave. */
  readonly folder: string;
  /** `host:port` without TLS, with it, with a certificate that has expired, with client certificates. */
  readonly plain: string;
  readonly secure: string;
  readonly expired: string;
  readonly mutual: string;
  /** The path of a Unix socket. */
  readonly socket: string;
}

const SOURCE = path.join(ROOT, "test/support/server.go.txt");

/**
 * The program, built by the first file of tests that needs it: to link it takes a second or
 * more of a processor. Its folder is named after what it is built from; its own name is in
 * profiles.
 */
function builtServer(folder: string): string {
  const go = execFileSync("go", ["version"], { encoding: "utf8" });
  const key = createHash("sha256").update(go).update(readFileSync(SOURCE)).digest("hex");
  const cache = path.join(ROOT, "node_modules/.cache/tsprof-tests", key.slice(0, 16));
  const program = path.join(cache, "server");
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  // Files of tests run at the same time: none is to start what another has not yet written.
  const mine = `${program}.${process.pid}`;
  execFileSync("go", ["build", "-o", mine, "server.go"], { cwd: folder });
  renameSync(mine, program);
  return program;
}

/** Builds and starts the server for the tests of a file. The values are there once they run. */
export function useGoServer(): GoServer {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-server-"));
  const server = { folder, plain: "", secure: "", expired: "", mutual: "", socket: "" };
  let child: ChildProcess | undefined;
  beforeAll(async () => {
    copyFileSync(SOURCE, path.join(folder, "server.go"));
    const started = spawn(builtServer(folder), [folder], {
      env: { ...process.env, GOMAXPROCS: "1" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    child = started;
    for await (const line of createInterface({ input: started.stdout })) {
      Object.assign(server, JSON.parse(line));
      return;
    }
  });
  afterAll(() => {
    child?.stdin?.end();
    child?.kill();
    rmSync(folder, { recursive: true });
  });
  return server;
}
