import { spawn } from "node:child_process";
import net from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { pprofCommand } from "./pprof.js";
import { ROOT } from "./proto.js";

/** Runs pprof's web interface during `use`. `config` is the folder of its settings. */
export async function withPprof(
  config: string,
  use: (address: string) => Promise<void>,
): Promise<void> {
  const [command, ...args] = pprofCommand();
  const profile = path.join(ROOT, "fixtures/go-cpu.pb.gz");
  // `go tool` runs pprof as a child process, so the whole process group must be ended.
  const server = spawn(
    command,
    [...args, "-http=localhost:", "-no_browser", "-symbolize=none", profile],
    {
      env: { ...process.env, XDG_CONFIG_HOME: config },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    },
  );
  const ended = new Promise((resolve) => server.on("exit", resolve));
  try {
    for await (const line of createInterface({ input: server.stderr })) {
      const address = /http:\/\/localhost:\d+/.exec(line)?.[0];
      if (address === undefined) continue;
      await listening(address);
      await use(address);
      return;
    }
    throw new Error("pprof has not started");
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid);
    await ended;
  }
}

/** Waits until a server listens: pprof prints its address before that. */
async function listening(address: string): Promise<void> {
  const { hostname, port } = new URL(address);
  for (;;) {
    const socket = net.connect(Number(port), hostname);
    const isConnected = await new Promise((resolve) => {
      socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    });
    socket.destroy();
    if (isConnected) return;
    await setTimeout(10);
  }
}

/** Returns the parameters in the link of a configuration in pprof's menu. */
export function menuParams(page: string, name: string): Record<string, string> {
  const entries = page.split('<a href="').map(unescapeHtml);
  const entry = entries.find((text) => text.includes(`data-config=${name}>`));
  if (entry === undefined) throw new Error(`${name} is not in the menu`);
  const query = entry.slice(0, entry.indexOf('"'));
  return Object.fromEntries(new URLSearchParams(query));
}

/** Decodes a text that Go has escaped for an attribute. */
function unescapeHtml(text: string): string {
  return text
    .replace(/&#([0-9]+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll("&amp;", "&");
}
