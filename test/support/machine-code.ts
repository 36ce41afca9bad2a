import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./proto.js";

const PROGRAMS = path.join(ROOT, "test/support/programs");

/** Tests name it where another pprof is to be compared with: TSPROF_PPROF_BINUTILS=/path/to/pprof. */
const GIVEN = process.env.TSPROF_PPROF_BINUTILS;

const go = (folder: string, ...args: string[]) =>
  execFileSync("go", args, {
    cwd: folder,
    // All that is needed is here.
    env: { ...process.env, GOFLAGS: "-mod=mod", GOPROXY: "off", GO111MODULE: "on" },
    encoding: "utf8",
  });

/**
 * Builds a pprof that looks into binaries with binutils or LLVM's tools, out of the sources
 * that Go comes with: `go tool pprof` itself has Go's own disassembler, in Go's own syntax.
 * Returns its path.
 */
export function buildPprof(folder: string): string {
  if (GIVEN) return GIVEN;
  const vendored = path.join(go(ROOT, "env", "GOROOT").trim(), "src/cmd/vendor/github.com");
  const modules = { "google/pprof": "pprof", "ianlancetaylor/demangle": "demangle" };
  const lines = ["module example.com/pprof", "go 1.18"];
  for (const [name, copy] of Object.entries(modules)) {
    cpSync(path.join(vendored, name), path.join(folder, copy), {
      recursive: true,
      dereference: true,
    });
    writeFileSync(path.join(folder, copy, "go.mod"), `module github.com/${name}\ngo 1.18\n`);
    lines.push(`require github.com/${name} v0.0.0`);
    lines.push(`replace github.com/${name} => ./${copy}`);
  }
  writeFileSync(path.join(folder, "go.mod"), `${lines.join("\n")}\n`);
  cpSync(path.join(PROGRAMS, "pprof/main.go"), path.join(folder, "main.go"));
  go(folder, "build", "-o", "pprof.exe", ".");
  return path.join(folder, "pprof.exe");
}

/** A program with a profile of it. */
export interface Profiled {
  readonly program: string;
  readonly profile: string;
}

/** Builds shop.cc into `folder` with debug information, runs it, and has gperftools profile it. */
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
