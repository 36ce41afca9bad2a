import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildPprof } from "../../scripts/build-pprof.mjs";
import { builtOnce } from "./built-program.js";
import { ROOT } from "./proto.js";

const PROGRAMS = path.join(ROOT, "test/support/programs");

/** Another pprof to compare with: TSPROF_PPROF_BINUTILS=/path/to/pprof. */
const GIVEN = process.env.TSPROF_PPROF_BINUTILS;

const go = (folder: string, ...args: string[]) =>
  execFileSync("go", args, {
    cwd: folder,
    // Go needs no downloads for this.
    env: { ...process.env, GOFLAGS: "-mod=mod", GOPROXY: "off", GO111MODULE: "on" },
    encoding: "utf8",
  });

/** Returns the path of a pprof that reads binaries with the tools of binutils or LLVM. */
export function pprofWithTools(): string {
  const sources = ["scripts/build-pprof.mjs", "test/support/programs/pprof/main.go"];
  return (
    GIVEN ??
    builtOnce(
      "pprof",
      sources.map((name) => path.join(ROOT, name)),
      buildPprof,
    )
  );
}

/** A program with a profile of one run. */
export interface Profiled {
  readonly program: string;
  readonly profile: string;
}

/** Builds shop.cc in `folder` with debug information, and profiles it with gperftools. */
export function profileCpp(folder: string, name: string, flags: readonly string[]): Profiled {
  const program = path.join(folder, name);
  const profile = `${program}.prof`;
  const source = path.join(folder, "shop.cc");
  cpSync(path.join(PROGRAMS, "shop.cc"), source);
  const libraries = ["-Wl,--no-as-needed", "-lprofiler"];
  execFileSync("g++", ["-g", "-O2", ...flags, "-o", program, source, ...libraries]);
  execFileSync(program, ["2500"], {
    env: { ...process.env, CPUPROFILE: profile, CPUPROFILE_FREQUENCY: "250" },
    stdio: "ignore",
  });
  return { program, profile };
}

/** Builds orders.go and runs it. */
export function profileGo(folder: string): { cpu: Profiled; heap: Profiled } {
  const module = path.join(folder, "orders");
  mkdirSync(module);
  cpSync(path.join(PROGRAMS, "orders.go"), path.join(module, "orders.go"));
  writeFileSync(path.join(module, "go.mod"), "module example.com/orders\ngo 1.18\n");
  const program = path.join(folder, "orders.exe");
  go(module, "build", "-o", program, ".");
  const [cpu, heap] = ["cpu", "heap"].map((kind) => path.join(folder, `${kind}.pb.gz`));
  execFileSync(program, [cpu, heap], { stdio: "ignore" });
  return { cpu: { program, profile: cpu }, heap: { program, profile: heap } };
}
