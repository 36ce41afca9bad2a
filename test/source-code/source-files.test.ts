import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SearchOptions, SourceFiles } from "../../src/source-code/source-files.js";
import { SourceLines } from "../../src/source-code/source-lines.js";
import { trimSourcePath } from "../../src/view/paths.js";

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "tsprof-sources-")));
const inFolder = (name: string) => path.join(folder, name);
/** Outside of the project, with files that look like sources. */
const outside = realpathSync(mkdtempSync(path.join(os.tmpdir(), "tsprof-outside-")));
const inOutside = (name: string) => path.join(outside, name);

/** Writes a file that holds its own name. */
function write(name: string, content = `${name}\n`): void {
  mkdirSync(path.dirname(inFolder(name)), { recursive: true });
  writeFileSync(inFolder(name), content);
}

const start = process.cwd();
beforeAll(() => {
  write(".git/HEAD");
  write(".git/hook.go");
  write("settings.json");
  for (const name of ["near.go", "settings.py", "inner/inner.py", "key"]) {
    mkdirSync(path.dirname(inOutside(name)), { recursive: true });
    writeFileSync(inOutside(name), `outside/${name}\n`);
  }
  write("project/go.mod", '// comment\nmodule "example.com/mod" // its name\n');
  write("project/pkg/work.go");
  write("project/pkg/deep/deep.go");
  write("project/script");
  write("project/.secret/key");
  write("project/vendor/github.com/foo/lib/lib.go");
  write("other/pkg/other.go");
  write("other/near.go");
  write("top.go");
  write("plain");
  write("goroot/src/runtime/proc.go");
  write("modules/github.com/!foo/!bar@v1.2.3-!r!c1/Sub/x.go");
  write("usr/include/c++/12/tuple");
  write("include/credentials");
  symlinkSync(inOutside("near.go"), inFolder("project/away.go"));
  symlinkSync(inFolder("plain"), inFolder("project/link.go"));
  symlinkSync(inFolder("other/pkg/other.go"), inFolder("project/link"));
  execFileSync("mkfifo", [inFolder("project/pipe.go")]);
  write("project/huge.go", "");
  truncateSync(inFolder("project/huge.go"), 2 ** 26 + 1);
  process.chdir(inFolder("project/pkg"));
});
afterAll(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
  rmSync(outside, { recursive: true });
});

interface Search extends Partial<SearchOptions> {
  trimPath?: string;
}

/** The first line of the file that is found, which is its name, or why there is none. */
function read(name: string, { trimPath = "", ...options }: Search = {}): string {
  const files = new SourceFiles({
    searchPath: "",
    trim: (file, searchPath) => trimSourcePath(file, trimPath, searchPath),
    searchesGo: false,
    env: {},
    ...options,
  });
  const found = files.read(name);
  return "problem" in found ? found.problem : found.line(1);
}

describe("sources are found as pprof finds them", () => {
  it("in the working directory and its parents", () => {
    expect(read("deep/deep.go")).toBe("project/pkg/deep/deep.go");
    expect(read("script.go")).toBe(
      `could not find file script.go on path ${inFolder("project/pkg")}`,
    );
    expect(read("top.go")).toBe("top.go");
    expect(read("../../other/near.go")).toBe("other/near.go");
  });

  it("in the folders of the search path and their parents, in their order", () => {
    const searchPath = `/nowhere:${inFolder("other")}:${inFolder("project")}`;
    expect(read("pkg/other.go", { searchPath })).toBe("other/pkg/other.go");
    expect(read("pkg/work.go", { searchPath })).toBe("project/pkg/work.go");
    expect(read("deep/deep.go", { searchPath })).toBe(
      `could not find file deep/deep.go on path ${searchPath}`,
    );
  });

  it("in relative folders, whose parents go by their letters", () => {
    expect(read("other/pkg/other.go", { searchPath: "../../project/" })).toBe("other/pkg/other.go");
    // The parents of ".." are "." and no more.
    expect(read("top.go", { searchPath: ".." })).toMatch(/^could not find/);
    expect(read("deep/deep.go", { searchPath: "no/such/" })).toBe("project/pkg/deep/deep.go");
  });

  it("without a prefix, or behind the last part of a search path", () => {
    expect(read("/build/pkg/work.go", { trimPath: "/src:/build", searchPath: ".." })).toBe(
      "project/pkg/work.go",
    );
    expect(read("/far/away/project/pkg/work.go", { searchPath: inFolder("project") })).toBe(
      "project/pkg/work.go",
    );
    // The working directory counts, too.
    expect(read("/far/away/pkg/deep/deep.go")).toBe("project/pkg/deep/deep.go");
  });

  it("at an absolute name", () => {
    expect(read(inFolder("top.go"))).toBe("top.go");
    expect(read("/no/such.go")).toBe("open /no/such.go: no such file or directory");
    expect(read(`${inFolder("top.go")}/x`)).toBe(`open ${inFolder("top.go")}/x: not a directory`);
    expect(read("/a\0.go")).toBe("open /a\0.go: invalid argument");
  });

  it("names the working directory as the shell does", () => {
    symlinkSync(inFolder("project"), inFolder("way"));
    expect(read("no.go", { env: { PWD: inFolder("way/pkg") } })).toContain(inFolder("way/pkg"));
    expect(read("no.go", { env: { PWD: inFolder("other") } })).toContain(inFolder("project/pkg"));
  });
});

describe("where pprof finds nothing", () => {
  const env = {
    GOROOT: inFolder("goroot"),
    GOMODCACHE: inFolder("modules"),
  };
  const elsewhere = (name: string) => read(name, { searchesGo: true, env });

  it("Go's own sources are looked up in GOROOT", () => {
    expect(elsewhere("runtime/proc.go")).toBe("goroot/src/runtime/proc.go");
    for (const root of ["/usr/local/go", "/usr/lib/go-1.22", "/opt/go/1.20/libexec"]) {
      expect(elsewhere(`${root}/src/runtime/proc.go`)).toBe("goroot/src/runtime/proc.go");
    }
    expect(elsewhere("/home/me/src/runtime/proc.go")).toBe(
      "open /home/me/src/runtime/proc.go: no such file or directory",
    );
    expect(read("runtime/proc.go", { env })).toMatch(/^could not find/);
  });

  it("GOROOT is found beside the go command", () => {
    mkdirSync(inFolder("goroot/bin"));
    mkdirSync(inFolder("bin"));
    write("goroot/bin/go");
    symlinkSync(inFolder("goroot/bin/go"), inFolder("bin/go"));
    const found = read("runtime/proc.go", { searchesGo: true, env: { PATH: inFolder("bin") } });
    expect(found).toBe("goroot/src/runtime/proc.go");
  });

  it("modules are looked up in the module cache", () => {
    const file = "modules/github.com/!foo/!bar@v1.2.3-!r!c1/Sub/x.go";
    expect(elsewhere("github.com/Foo/Bar@v1.2.3-RC1/Sub/x.go")).toBe(file);
    expect(elsewhere("/root/go/pkg/mod/github.com/!foo/!bar@v1.2.3-!r!c1/Sub/x.go")).toBe(file);
    const gopath = { GOPATH: `${inFolder("gopath")}:/nowhere` };
    write("gopath/pkg/mod/a.b/c@v1/d.go");
    expect(read("a.b/c@v1/d.go", { searchesGo: true, env: gopath })).toBe(
      "gopath/pkg/mod/a.b/c@v1/d.go",
    );
  });

  it("the module of the working directory is found by its go.mod", () => {
    expect(elsewhere("example.com/mod/pkg/work.go")).toBe("project/pkg/work.go");
    expect(elsewhere("example.com/mod@v1.0.0/pkg/work.go")).toBe("project/pkg/work.go");
    expect(elsewhere("github.com/foo/lib@v0.1.0/lib.go")).toBe(
      "project/vendor/github.com/foo/lib/lib.go",
    );
    expect(elsewhere("example.com/module/work.go")).toMatch(/^could not find/);
  });

  it("file URLs of V8 are names of files", () => {
    write("a b.mjs");
    expect(elsewhere(`file:${inFolder("a%20b.mjs")}`)).toBe("a b.mjs");
    expect(elsewhere(`file:${inFolder("plain")}`)).toMatch(
      /not read: it does not have the extension/,
    );
    expect(read(`file:${inFolder("a%20b.mjs")}`, { searchPath: folder })).toBe("a b.mjs");
  });

  it("reports the path of a found file", () => {
    const files = new SourceFiles({ searchPath: "", trim: (name) => name, searchesGo: true, env });
    expect(files.read("runtime/proc.go")).toMatchObject({
      foundAt: inFolder("goroot/src/runtime/proc.go"),
    });
    expect(files.read("work.go")).toMatchObject({ foundAt: undefined });
  });
});

describe("names in a profile do not lead to", () => {
  const searchPath = inFolder("project");
  const OUTSIDE =
    "not read: hidden, or outside of -source_path and this project; -source_path=FOLDER allows it";

  it("files that are no sources, or hidden, wherever they are", () => {
    const refused = "not read: it does not have the extension of a source file";
    expect(read(inFolder("plain"))).toBe(`open ${inFolder("plain")}: ${refused}`);
    expect(read("../plain", { searchPath })).toBe(`open ${inFolder("plain")}: ${refused}`);
    for (const name of ["script", "go.mod"]) expect(read(name, { searchPath })).toContain(refused);
    expect(read("settings.json")).toContain(refused);
    expect(read(".secret/key", { searchPath })).toContain(OUTSIDE);
    expect(read(inFolder(".git/hook.go"))).toContain(OUTSIDE);
    expect(read("deep/../../../settings.json", { searchPath: "" })).toContain(refused);
    // Headers of C++ have no ending, but anything else may have none either.
    for (const name of ["usr/include/c++/12/tuple", "include/credentials"]) {
      expect(read(inFolder(name))).toContain(refused);
    }
    expect(read("/usr/include/c++/12/tuple")).not.toContain("not read");
  });

  it("files that links lead to", () => {
    expect(read("link.go", { searchPath })).toContain(
      "does not have the extension of a source file",
    );
    expect(read("link", { searchPath })).toBe("other/pkg/other.go");
    expect(read("away.go", { searchPath })).toContain(OUTSIDE);
  });

  it("files outside of the search path, the project and the folders of Go", () => {
    const relative = path.relative(process.cwd(), outside);
    for (const name of ["near.go", "settings.py"]) {
      expect(read(inOutside(name))).toBe(`open ${inOutside(name)}: ${OUTSIDE}`);
      expect(read(path.join(relative, name))).toBe(`open ${inOutside(name)}: ${OUTSIDE}`);
      expect(read(`file://${inOutside(name)}`)).toContain(OUTSIDE);
      expect(read(inOutside(name), { searchPath: "/" })).toContain(OUTSIDE);
      expect(read(name, { searchPath: outside })).toBe(`outside/${name}`);
      expect(read(`file://${inOutside(name)}`, { searchPath: outside })).toBe(`outside/${name}`);
    }
    expect(read("/etc/passwd")).toBe(`open /etc/passwd: ${OUTSIDE}`);
    // Those that are not there say so.
    expect(read(inOutside("no.go"))).toBe(`open ${inOutside("no.go")}: no such file or directory`);
    // The modules of Go are read wherever they are.
    const env = { GOROOT: inFolder("goroot"), GOMODCACHE: inFolder("modules") };
    expect(read(inFolder("goroot/src/runtime/proc.go"), { env })).toMatch(/^goroot/);
  });

  it("files beyond the working directory if it is in no project", () => {
    process.chdir(inOutside("inner"));
    try {
      expect(read("inner.py")).toBe("outside/inner/inner.py");
      expect(read("near.go")).toContain(OUTSIDE);
    } finally {
      process.chdir(inFolder("project/pkg"));
    }
  });

  it("files of binaries of this machine, unless their debug information names them", () => {
    const builtFrom = new Set([inOutside("near.go"), inOutside("key"), "near.go"]);
    expect(read(inOutside("near.go"), { builtFrom })).toBe("outside/near.go");
    expect(read(inOutside("settings.py"), { builtFrom })).toContain(OUTSIDE);
    expect(read(inOutside("key"), { builtFrom })).toContain("does not have the extension");
  });

  it("pipes, devices and system folders", () => {
    expect(read("pipe.go", { searchPath })).toBe(
      `open ${inFolder("project/pipe.go")}: not read: not a regular file`,
    );
    for (const name of ["/dev/zero", "/proc/self/environ", "/proc/self/root/etc/passwd"]) {
      expect(read(name)).toBe(
        `open ${name}: not read: this is a system folder, which has no source files`,
      );
    }
    expect(read("../../../../../../../../../proc/self/cmdline")).toContain("a system folder");
    expect(read("proc/self/environ", { searchPath: "/" })).toContain("a system folder");
    expect(read("/proc/self/no.go")).toBe("open /proc/self/no.go: no such file or directory");
  });

  it("huge files", () => {
    expect(read("huge.go", { searchPath })).toMatch(/huge\.go: not read: larger than 64 MB$/);
  });

  it("anything in a directory, which counts as an empty file", () => {
    const files = new SourceFiles({ searchPath, trim: (name) => name, searchesGo: false, env: {} });
    expect(files.read("pkg")).toMatchObject({ lineCount: 0 });
  });
});

describe("lines", () => {
  const linesOf = (text: string | Uint8Array) => {
    const lines = new SourceLines(Buffer.from(text));
    return Array.from({ length: lines.lineCount }, (_, i) => lines.line(i + 1));
  };

  it("end with a newline, a carriage return and a newline, or the file", () => {
    expect(linesOf("a\nb\r\n\r\n\nc\rd\r\r\ne")).toEqual(["a", "b", "", "", "c\rd\r", "e"]);
    expect(linesOf("")).toEqual([]);
    expect(linesOf("\n")).toEqual([""]);
    expect(linesOf("a\r")).toEqual(["a"]);
  });

  it("are as many as fit", () => {
    const texts = Array.from({ length: 5000 }, (_, i) => `line ${i}`);
    expect(linesOf(texts.join("\n"))).toEqual(texts);
  });

  it("end before a line of 64 kB", () => {
    const long = "x".repeat(65535);
    expect(linesOf(`a\n${long}\nb`)).toEqual(["a", long, "b"]);
    expect(linesOf(`a\n${long}x\nb`)).toEqual(["a"]);
    expect(linesOf(`a\n${long}`)).toEqual(["a", long]);
    expect(linesOf(`a\n${long}x`)).toEqual(["a"]);
    expect(linesOf(`a\n${long}\r\nb`)).toEqual(["a"]);
  });

  it("keep bytes that are not UTF-8", () => {
    expect(linesOf(new Uint8Array([0x61, 0xff, 0x0a]))).toEqual(["a\udcff"]);
  });
});
