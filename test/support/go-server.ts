import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll } from "vitest";
import { builtOnce } from "./built-program.js";
import { ROOT } from "./proto.js";

/** A running Go program with net/http/pprof; see server.go.txt. */
export interface GoServer {
  /** The folder of the certificates and the socket. Tests may put other files there. */
  readonly folder: string;
  /** `host:port` without TLS, with TLS, with an expired certificate, with client certificates. */
  readonly plain: string;
  readonly secure: string;
  readonly expired: string;
  readonly mutual: string;
  /** The path of a Unix socket. */
  readonly socket: string;
}

const SOURCE = path.join(ROOT, "test/support/server.go.txt");

/** Returns the path of the program. Profiles contain its name. */
const builtServer = () =>
  builtOnce("server", [SOURCE], (folder) => {
    copyFileSync(SOURCE, path.join(folder, "server.go"));
    execFileSync("go", ["build", "-o", "server.exe", "server.go"], { cwd: folder });
    return path.join(folder, "server.exe");
  });

/** Builds and starts the server for the tests of a file. The values are set when the tests run. */
export function useGoServer(): GoServer {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-server-"));
  const server = { folder, plain: "", secure: "", expired: "", mutual: "", socket: "" };
  let child: ChildProcess | undefined;
  beforeAll(async () => {
    // Tests use this file as a file that is not a certificate.
    copyFileSync(SOURCE, path.join(folder, "server.go"));
    const started = spawn(builtServer(), [folder], {
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
