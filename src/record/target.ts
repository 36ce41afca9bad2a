import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { UserError } from "../errors/user-error.js";

/** How programs are called that are Node. */
const NODE = /^(?:node|nodejs|node[-_.]?v?[0-9][0-9.]*)(?:\.exe)?$/;

/** SIGUSR1's bit in the masks of /proc. */
const SIGUSR1_BIT = 1n << 9n;

/**
 * Makes sure that a process exists, is Node, may be sent signals and will take SIGUSR1 as the
 * wish for an inspector: any other program would be killed by it. Throws an Error of one line.
 */
export function checkTarget(pid: number): void {
  try {
    process.kill(pid, 0);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPERM") throw new UserError(`process ${pid} belongs to another user`);
    throw new UserError(`there is no process ${pid}`);
  }
  if (pid === process.pid) throw new UserError(`process ${pid} is tsprof itself`);
  const program = programOf(pid);
  if (program === undefined)
    throw new UserError(`process ${pid} has ended, or cannot be looked into`);
  if (!NODE.test(path.basename(program))) {
    throw new UserError(`process ${pid} is not Node.js, but ${path.basename(program)}`);
  }
}

/** Whether SIGUSR1 opens the inspector; where the system does not tell, it is believed to. */
export function takesSigusr1(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1];
    return mask === undefined || (BigInt(`0x${mask}`) & SIGUSR1_BIT) !== 0n;
  } catch {
    return !commandLine(pid).includes("--disable-sigusr1");
  }
}

function programOf(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, "");
    }
    return execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

/** The words that a process was started with; none where the system does not tell. */
export function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}

/** The name of the script that a process runs, as far as can be told. */
export function scriptOf(pid: number): string {
  const script = commandLine(pid)
    .slice(1)
    .find((word) => !word.startsWith("-"));
  return script === undefined ? "" : path.basename(script);
}

/**
 * The ports on which a process itself listens, or undefined where the system does not tell.
 */
export function listeningPorts(pid: number): Set<number> | undefined {
  try {
    const inodes = new Set<string>();
    for (const name of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[([0-9]+)\]$/.exec(linkOf(`/proc/${pid}/fd/${name}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
    const ports = new Set<number>();
    for (const table of ["tcp", "tcp6"]) {
      const rows = readTable(`/proc/${pid}/net/${table}`).split("\n").slice(1);
      for (const row of rows) {
        // number: local remote state queues timer retransmissions user timeout inode
        const words = row.trim().split(/\s+/);
        if (words[3] !== LISTENS || !inodes.has(words[9])) continue;
        ports.add(Number.parseInt(words[1].slice(words[1].lastIndexOf(":") + 1), 16));
      }
    }
    return ports;
  } catch {
    return undefined;
  }
}

/** The state of a socket that listens, in /proc/net/tcp. */
const LISTENS = "0A";

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    // It was closed in the meantime.
    return "";
  }
}

function readTable(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Without IPv6 there is no table of it.
    return "";
  }
}
