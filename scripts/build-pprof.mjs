import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../test/support/programs/pprof/main.go", import.meta.url));

/**
 * Builds a pprof that reads binaries with the tools of binutils or LLVM, from the sources that are
 * part of Go. (`go tool pprof` itself uses Go's readers.) Creates `folder`, and returns the path of
 * the program in it.
 */
export function buildPprof(folder) {
  mkdirSync(folder, { recursive: true });
  const go = (...args) =>
    execFileSync("go", args, {
      cwd: folder,
      // Go needs no downloads for this.
      env: { ...process.env, GOFLAGS: "-mod=mod", GOPROXY: "off", GO111MODULE: "on" },
      encoding: "utf8",
    });
  const vendored = path.join(go("env", "GOROOT").trim(), "src/cmd/vendor/github.com");
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
  cpSync(MAIN, path.join(folder, "main.go"));
  go("build", "-o", "pprof.exe", ".");
  return path.join(folder, "pprof.exe");
}
