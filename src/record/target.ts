import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { UserError } from "../errors/user-error.js";
import { descendantsOf } from "./process-tree.js";

/** The names of Node's program file. */
const NODE = /^(?:node|nodejs|node[-_.]?v?[0-9][0-9.]*)(?:\.exe)?$/;

/** The bit of SIGUSR1 in the signal masks in /proc. */
const SIGUSR1_BIT = 1n << 9n;

/**
 * Throws an Error of one line unless a process exists, is Node, and belongs to this user: SIGUSR1
 * makes Node open its inspector, but would kill most other programs.
 */
export function checkTarget(pid: number): void {
  checkExists(pid);
  if (pid === process.pid) throw new UserError(`process ${pid} is tsprof itself`);
  const program = programOf(pid);
  if (program === undefined) throw new UserError(`process ${pid} has ended, or is not accessible`);
  if (!NODE.test(path.basename(program))) {
    throw new UserError(`process ${pid} is not Node.js but ${path.basename(program)}`);
  }
}

function checkExists(pid: number): void {
  try {
    process.kill(pid, 0);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPERM") throw new UserError(`process ${pid} belongs to another user`);
    throw new UserError(`no process ${pid}`);
  }
}

/** Returns whether SIGUSR1 opens the inspector. Assumes so if the system does not report it. */
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

/** Returns the command line of a process; empty if the system does not report it. */
export function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}

/** Returns the environment with which a process started; empty if the system does not report it. */
export function environment(pid: number): Map<string, string> {
  try {
    const pairs = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return new Map(pairs.map((pair) => pair.split(/=(.*)/s, 2) as [string, string]));
  } catch {
    return new Map();
  }
}

/**
 * Returns the processes below one that run Node, and the process itself if it does. Throws an Error
 * of one line if there are none.
 */
export function nodeTree(root: number): number[] {
  checkExists(root);
  const tree = [root, ...descendantsOf(root)].filter((pid) => pid !== process.pid);
  const found = tree.filter((pid) => NODE.test(path.basename(programOf(pid) ?? "")));
  if (found.length > 0) return found;
  throw new UserError(`neither process ${root} nor a process below it is Node.js`);
}

/** Options of Node whose value is the next word. Code replaces the script. */
const CODE = /^(?:-[ep]|-pe|--eval|--print)$/;
const WITH_VALUE = /^(?:-r|-C|--require|--import|--loader|--conditions|--env-file)$/;

/** Returns the name of the script that a process runs; empty if unknown. */
export function scriptOf(pid: number): string {
  const words = commandLine(pid).slice(1);
  const at = words.findIndex(
    (word, i) => CODE.test(word) || !(word.startsWith("-") || WITH_VALUE.test(words[i - 1] ?? "")),
  );
  return at < 0 || CODE.test(words[at]) ? "" : path.basename(words[at]);
}

/** Returns the ports on which a process listens; undefined if the system does not report them. */
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
        // The fields: number, local, remote, state, queues, timer, retransmissions, user, timeout, inode.
        const words = row.trim().split(/\s+/);
        if (words[3] !== LISTEN_STATE || !inodes.has(words[9])) continue;
        ports.add(Number.parseInt(words[1].slice(words[1].lastIndexOf(":") + 1), 16));
      }
    }
    return ports;
  } catch {
    return undefined;
  }
}

/** The state of listening sockets in /proc/net/tcp. */
const LISTEN_STATE = "0A";

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    // The file was closed in the meantime.
    return "";
  }
}

function readTable(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Systems without IPv6 lack its table.
    return "";
  }
}
