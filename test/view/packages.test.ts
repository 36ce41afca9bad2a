import { describe, expect, it } from "vitest";
import type { FunctionIndex, LocationIndex } from "../../src/profile/indices.js";
import { ProfileBuilder } from "../../src/profile/profile-builder.js";
import { addTagFrames } from "../../src/transforms/tag-frames.js";
import {
  CATEGORIES,
  type CodePackage,
  framePackages,
  hasScriptFunctions,
  type PackagedFunction,
  PackageFinder,
} from "../../src/view/packages.js";
import { profileOf } from "../support/text-profile.js";

const own = new Map([
  ["/srv/shop", "shop"],
  ["/srv/shop/packages/ui", "@shop/ui"],
  ["C:/code/app", "app"],
]);
const inScripts = new PackageFinder(true, own);
const inNative = new PackageFinder(false);

function find(finder: PackageFinder, fn: Partial<PackagedFunction>): CodePackage {
  const unknown = { name: "", file: "", hasLinkerName: false, startLine: 0, binary: "" };
  return finder.packageOf({ ...unknown, ...fn });
}

/** Returns the package, module and category of a script's function. */
function ofScript(file: string): string[] {
  const found = find(inScripts, { name: "run", file, startLine: 1 });
  return [found.package, found.module, found.category];
}

/** Returns the package and module of a compiled function. */
function ofNative(name: string, file = ""): string[] {
  const found = find(inNative, { name, file, hasLinkerName: true });
  expect(found.category).toBe("native");
  return [found.package, found.module];
}

describe("npm packages", () => {
  it.each([
    ["/app/node_modules/yaml/index.js", "yaml", "yaml/index.js"],
    ["node_modules/eslint/lib/linter/linter.js", "eslint", "eslint/lib/linter/linter.js"],
    [
      "/app/node_modules/a/node_modules/@scope/name/lib/i.js",
      "@scope/name",
      "@scope/name/lib/i.js",
    ],
    ["/usr/lib/node_modules/npm/bin/npm", "npm", "npm/bin/npm"],
    ["/app/node_modules/one.js", "one.js", "one.js"],
    ["C:\\app\\node_modules\\@s\\x\\y.js", "@s/x", "@s/x/y.js"],
    ["file:///C:/app/node_modules/x/a%20b.js", "x", "x/a b.js"],
    ["\\\\server\\app\\node_modules\\x\\y.js", "x", "x/y.js"],
    ["/app/node_modules/./x//y.js", "x", "x/y.js"],
    // pnpm, npm's linked strategy and Bun
    ["/app/node_modules/.pnpm/x@1.0.0/node_modules/x/y.js", "x", "x/y.js"],
    ["/app/node_modules/.pnpm/@s+x@1.0.0_p@2.0.0/node_modules/@s/x/y.js", "@s/x", "@s/x/y.js"],
    ["/app/node_modules/.store/x@1.0.0-hash/node_modules/x/y.js", "x", "x/y.js"],
    ["/app/node_modules/.bun/x@1.0.0/node_modules/x/y.js", "x", "x/y.js"],
    // Yarn
    ["/app/.yarn/cache/x-npm-1.0.0-0a1b-8.zip/node_modules/x/y.js", "x", "x/y.js"],
    ["/app/.yarn/unplugged/x-npm-1.0.0-0a1b/node_modules/@s/x/y.js", "@s/x", "@s/x/y.js"],
    [
      "/app/.yarn/__virtual__/x-virtual-0a1b/0/cache/x-npm-1.0.0-0a1b-8.zip/node_modules/x/y.js",
      ...["x", "x/y.js"],
    ],
    ["/app/.pnp.cjs", "yarn", "yarn/.pnp.cjs"],
    ["/app/.yarn/releases/yarn-4.0.0.cjs", "yarn", "yarn/yarn-4.0.0.cjs"],
    // bundlers
    ["webpack://app/./node_modules/x/y.js", "x", "x/y.js"],
    ["webpack:///../../node_modules/@s/x/y.js?0a1b", "@s/x", "@s/x/y.js"],
    ["webpack-internal:///(rsc)/./node_modules/next/dist/a.js", "next", "next/dist/a.js"],
    ["webpack://app/webpack/bootstrap", "webpack", "webpack/bootstrap"],
    ["../../node_modules/x/src/y.ts", "x", "x/src/y.ts"],
    ["http://localhost:5173/node_modules/x/y.js?v=1/2", "x", "x/y.js"],
    [
      "http://localhost:5173/node_modules/.vite/deps/@s_x-y.js?v=0a1b",
      ...["@s/x-y", "@s/x-y/.vite/deps/@s_x-y.js"],
    ],
    [
      "chrome-extension://abcd/js/a.js",
      "chrome-extension://abcd",
      "chrome-extension://abcd/js/a.js",
    ],
  ])("%s is in %s", (file, name, module) => {
    expect(ofScript(file)).toEqual([name, module, "dependencies"]);
  });

  it("have the C++ code of addons", () => {
    const fn = {
      name: "sqlite3_step",
      file: "/a/node_modules/sqlite/deps/s.c",
      hasLinkerName: true,
    };
    expect(find(inNative, fn)).toEqual({
      package: "sqlite",
      module: "sqlite/deps/s.c",
      category: "dependencies",
    });
  });
});

describe("modules of Node", () => {
  it.each([
    ["node:fs", "node:fs"],
    ["node:fs/promises", "node:fs"],
    ["node:internal/fs/utils", "node:fs"],
    ["node:internal/modules/cjs/loader", "node:module"],
    ["node:internal/streams/readable", "node:stream"],
    ["node:internal/test_runner/harness", "node:test"],
    ["node:internal/worker/io", "node:worker_threads"],
    ["node:_http_client", "node:http"],
    ["node:_stream_wrap", "node:stream"],
    ["node:internal/deps/undici/undici", "node:undici"],
    ["node:internal/errors", "node:internal"],
    ["node:internal/bootstrap/realm", "node:internal"],
    ["node:internal", "node:internal"],
    ["node:", "node:"],
  ])("%s belongs to %s", (file, name) => {
    expect(ofScript(file)).toEqual([name, file, "Node"]);
  });
});

describe("own code", () => {
  it.each([
    ["/srv/shop/src/main.ts", "shop", "shop/src/main.ts"],
    ["/srv/shop/packages/ui/src/a.tsx", "@shop/ui", "@shop/ui/src/a.tsx"],
    ["/srv/shop/.yarn/__virtual__/ui-virtual-0a/1/packages/ui/a.js", "@shop/ui", "@shop/ui/a.js"],
    ["/srv/shop/bin/shop", "shop", "shop/bin/shop"],
    ["/srv/shopping/main.ts", "(own code)", "/srv/shopping/main.ts"],
    ["C:\\code\\app\\src\\a.js", "app", "app/src/a.js"],
    ["file:///C:/code/app/src/a.js", "app", "app/src/a.js"],
    ["main.mjs", "(own code)", "main.mjs"],
    ["src/node_modules.js", "(own code)", "src/node_modules.js"],
    ["/my_node_modules/x/y.js", "(own code)", "/my_node_modules/x/y.js"],
    ["evalmachine.<anonymous>", "(own code)", "evalmachine.<anonymous>"],
    ["[eval]", "(own code)", "[eval]"],
    ["webpack://@me/app/./src/a.ts?0a1b", "@me/app", "@me/app/src/a.ts"],
    ["webpack://app/../lib/src/a.ts", "app", "app/../lib/src/a.ts"],
    ["webpack:///./src/a.ts", "(own code)", "src/a.ts"],
    ["https://example.com/js/a.js?v=2", "example.com", "example.com/js/a.js"],
    ["app:///src/a.js", "(own code)", "app:///src/a.js"],
  ])("%s is in %s", (file, name, module) => {
    expect(ofScript(file)).toEqual([name, module, "own code"]);
  });

  it("is in the package at the root of the file system", () => {
    const finder = new PackageFinder(true, new Map([["/", "whole"]]));
    expect(find(finder, { name: "run", file: "/a/b.js" }).module).toBe("whole/a/b.js");
  });

  it("includes evaluated code, which has a position but no file", () => {
    expect(find(inScripts, { name: "validate", startLine: 3 })).toMatchObject({
      package: "(eval)",
      category: "own code",
    });
  });
});

describe("the engine", () => {
  it.each([
    ["(garbage collector)", "GC"],
    ["(program)", "program"],
    ["(root)", "program"],
    ["(idle)", "idle"],
    ["(BYTECODE_COMPILER)", "compiler"],
    ["(V8 API)", "program"],
  ])("has the state %s of the category %s", (name, category) => {
    const state = { package: name, module: name, category };
    expect(find(inScripts, { name })).toEqual(state);
    expect(find(inNative, { name, hasLinkerName: true })).toEqual(state);
  });

  it("has native functions without a file", () => {
    const native = { package: "(native)", module: "(native)", category: "native" };
    for (const name of ["map", "(anonymous)", "RegExp: a::b (c.js)?", "Foo.bar"]) {
      expect(find(inScripts, { name })).toEqual(native);
      // profile.proto repeats the name as the linker's name.
      expect(find(inScripts, { name, hasLinkerName: true })).toEqual(native);
    }
    expect(find(inScripts, { name: "v8::internal::Parser" }).package).toBe("v8");
  });

  it("has functions of its binary, which have linker's names", () => {
    const fn = { hasLinkerName: true, binary: "/usr/bin/node" };
    expect(find(inScripts, { ...fn, name: "v8::internal::Heap::Scavenge()" })).toEqual({
      package: "v8",
      module: "v8::internal",
      category: "native",
    });
    expect(find(inScripts, { ...fn, name: "uv_run" }).package).toBe("node");
    expect(find(inScripts, { ...fn }).package).toBe("node");
  });
});

describe("other interpreters", () => {
  it.each([
    ["/usr/lib/python3.11/json/decoder.py", "json", "json.decoder"],
    ["/usr/lib/python3.11/json/__init__.py", "json", "json"],
    ["/usr/lib/python3.13t/ast.py", "ast", "ast"],
    ["C:\\Python311\\Lib\\json\\decoder.py", "json", "json.decoder"],
    ["/v/lib/python3.11/site-packages/numpy/linalg/_linalg.py", "numpy", "numpy.linalg._linalg"],
    ["/usr/lib/python3/dist-packages/six.py", "six", "six"],
    ["/v/site-packages/foo-1.0-py3.9.egg/foo/bar.py", "foo", "foo.bar"],
    ["<frozen importlib._bootstrap>", "importlib", "importlib._bootstrap"],
    [
      "/usr/lib/ruby/gems/3.2.0/gems/rack-3.0.8/lib/rack/builder.rb",
      "rack",
      "rack/lib/rack/builder.rb",
    ],
    ["/a/bundler/gems/rails-0123456789ab/lib/a.rb", "rails", "rails/lib/a.rb"],
    ["/a/gems/aws-sdk-s3-1.2.0/lib/a.rb", "aws-sdk-s3", "aws-sdk-s3/lib/a.rb"],
    ["/usr/lib/ruby/3.2.0/json/common.rb", "json", "json/common.rb"],
    ["/usr/lib/ruby/3.2.0/set.rb", "set", "set.rb"],
    [
      "/app/vendor/symfony/http-kernel/Kernel.php",
      "symfony/http-kernel",
      "symfony/http-kernel/Kernel.php",
    ],
    ["/app/vendor/composer/ClassLoader.php", "composer", "composer/ClassLoader.php"],
    ["/app/vendor/autoload.php", "composer", "composer/autoload.php"],
  ])("%s is in %s", (file, name, module) => {
    expect(ofScript(file)).toEqual([name, module, "dependencies"]);
  });

  it.each(["/srv/app/app.py", "app/models/user.rb", "/app/src/Kernel.php", "<string>"])(
    "%s is own code",
    (file) => {
      expect(ofScript(file)).toEqual(["(own code)", file, "own code"]);
    },
  );

  it.each(["<internal:kernel>", "php:internal", "wasm://wasm/0a1b"])("%s is native", (file) => {
    expect(ofScript(file)).toEqual(["(native)", file, "native"]);
  });

  it.each([
    ["<module> (app.py:10)", "(own code)", "app.py"],
    ["get (/v/site-packages/requests/api.py:62)", "requests", "requests.api"],
    ["_load (<frozen importlib._bootstrap>:241)", "importlib", "importlib._bootstrap"],
    ["py::<lambda>:/usr/lib/python3.12/ast.py", "ast", "ast"],
    ["LazyCompile:*run /srv/shop/src/main.js:10:5", "shop", "shop/src/main.js"],
    ["JS:*run file:///srv/shop/node_modules/x/y.js:1", "x", "x/y.js"],
    ["Function:~emit node:events:465:44", "node:events", "node:events"],
    ["(anonymous) server.js:12:5", "(own code)", "server.js"],
  ])("%s has its file in its name", (name, expected, module) => {
    expect(find(inScripts, { name })).toMatchObject({ package: expected, module });
  });
});

describe("compiled code", () => {
  it.each([
    // Go
    ["example.com/orders/pricing.(*Book).Price", "example.com/orders/pricing"],
    ["gopkg.in/yaml%2ev3.(*Decoder).Decode", "gopkg.in/yaml%2ev3"],
    ["slices.SortFunc[go.shape.[]a/b.T]", "slices"],
    ["runtime.memmove", "runtime"],
    ["main.main.func1", "main"],
    ["main.run.NewBook.func1", "main"],
    ["time.Time.Format", "time"],
    ["net/http.(*conn).serve", "net/http"],
  ])("%s is in the Go package %s", (name, expected) => {
    expect(ofNative(name, "/go/x.go")).toEqual([expected, expected]);
  });

  it.each([
    ["core::iter::adapters::map::Map<B,I,F>::fold", "core", "core::iter::adapters::map"],
    ["<alloc::vec::Vec<T> as core::Drop>::drop", "alloc", "alloc::vec"],
    ["<u64 as core::fmt::Display>::fmt", "core", "core::fmt"],
    ["<&mut W as core::fmt::Write::write_fmt::SpecWriteFmt>::spec_write_fmt", "core", "core::fmt"],
    ["<&dyn core::ops::function::Fn<, Output = i32> as a::B>::c", "core", "core::ops::function"],
    ["core::str::<impl str>::parse", "core", "core::str"],
    ["std::panicking::catch_unwind::do_call::<>", "std", "std::panicking::catch_unwind"],
    ["core::ptr::drop_in_place<alloc::vec::Vec<u8>>", "core", "core::ptr"],
    ["life::main::{{closure}}", "life", "life"],
    ["life::board::step::{closure#0}", "life", "life::board"],
    ["<fn() -> a::B as core::ops::FnOnce<()>>::call_once", "a", "a"],
  ])("%s is in the crate %s", (name, crate, module) => {
    expect(ofNative(name)).toEqual([crate, module]);
  });

  it.each([
    ["void sky::KdTree::Search const", "sky", "sky"],
    ["std::map<a::b, c>::find(x::y)", "std", "std"],
    ["std::__1::vector<int>::push_back(int&&)", "std", "std"],
    ["std::enable_if<a::b, int>::type sky::detail::make<int>(int) const", "sky", "sky::detail"],
    ["v8::internal::Heap::Scavenge(v8::internal::Flags) [clone .cold]", "v8", "v8::internal"],
    ["sky::(anonymous namespace)::helper(int)", "sky", "sky"],
    ["sky::run(int)::{lambda(a::b)#1}::operator()(a::b) const", "sky", "sky"],
    ["std::ostream& std::operator<< <char>(std::ostream&, char)", "std", "std"],
    ["bool sky::operator==(a const&, b const&)", "sky", "sky"],
    ["std::_Hashtable::_M_find(int)", "std", "std"],
    ["KdTree::Search(int)", "KdTree", "KdTree"],
    ["List<a::b>::push(int)", "List", "List"],
    ["vtable for sky::KdTree", "sky", "sky"],
    ["sky::größe::fläche(int)", "sky", "sky::größe"],
  ])("%s is in the namespace %s", (name, namespace, module) => {
    expect(ofNative(name)).toEqual([namespace, module]);
  });

  it.each([
    ["java.util.HashMap.put", "HashMap.java", "java.util", "java.util.HashMap"],
    ["java/util/HashMap.put", "", "java.util", "java.util.HashMap"],
    ["Ljava/util/HashMap;::put", "", "java.util", "java.util.HashMap"],
  ])("%s of %s is in a Java package", (name, file, expected, module) => {
    expect(ofNative(name, file)).toEqual([expected, module]);
  });

  it.each([
    ["main", "main.c", "main.c", "main.c"],
    ["parse", "./src/../lib/parse.c", "lib", "lib/parse.c"],
    ["(anonymous namespace)::run(int)", "/src/a.cc", "/src", "/src/a.cc"],
    ["sort<a::b>(a::b*)", "/src/a.cc", "/src", "/src/a.cc"],
    ["parse.part.0", "src/parse.c", "src", "src/parse.c"],
    ["parse.cold", "src/parse.c", "src", "src/parse.c"],
    ["<u64>::rotate_left", "/rustc/0a1b/library/core/src/num/mod.rs", "core", "core::num"],
    [
      "<u8 as <[_]>::to_vec_in::ConvertVec>::to_vec",
      "/x/registry/src/index-0a/hash-brown-0.14.5/src/raw/inner.rs",
      "hash_brown",
      "hash_brown::raw::inner",
    ],
    ["aeshashbody", "/usr/local/go/src/runtime/asm_amd64.s", "runtime", "runtime"],
    [
      "block",
      "/m/pkg/mod/example.com/x@v1.2.3/sha/block.s",
      "example.com/x/sha",
      "example.com/x/sha",
    ],
    ["wrap", "<autogenerated>", "<autogenerated>", "<autogenerated>"],
    ["memcpy", "", "", ""],
    ["", "", "", ""],
  ])("%s has no package in its name; %s gives %s", (name, file, expected, module) => {
    expect(ofNative(name, file)).toEqual([expected, module]);
  });

  it("is in its binary if nothing else is known", () => {
    for (const binary of ["/lib/x86_64-linux-gnu/libc.so.6", "C:\\lib\\libc.so.6"]) {
      const found = find(inNative, { name: "memcpy", hasLinkerName: true, binary });
      expect(found).toEqual({ package: "libc.so.6", module: "libc.so.6", category: "native" });
    }
  });

  it("keeps names of formats without linker's names and files", () => {
    expect(find(inNative, { name: "sky::Tree::find" }).package).toBe("sky");
    expect(find(inNative, { name: "net/http.serve" }).package).toBe("net/http");
  });
});

describe("hostile names", () => {
  it.each(["node_modules/", "node_modules", "/", "", "node:", "__proto__", "webpack://", "https:"])(
    "%s has a package",
    (file) => {
      const found = find(inScripts, { name: "constructor", file, startLine: 1 });
      expect(found.package).not.toBe("");
      expect(CATEGORIES).toContain(found.category);
    },
  );

  it("take linear time", () => {
    const pieces = [
      ...["a", "a/", "a.", "a:", "<", "::", "a b", "->", " const", "node_modules/", "/gems/-1"],
      ...["/gems/a-1", "-1", "?", "/__virtual__/a/", "/__virtual__/a/9/", "operator", "(a", "/.."],
      ...[
        "/lib/python1",
        "/lib/ruby/1",
        "vendor/a/",
        "a::",
        "<a::",
        ":1",
        "webpack://@",
        " (",
        "\\",
      ],
      ...[
        "/rustc/a/library/a",
        "/registry/src/a/a-1",
        "<a>::a",
        "/go/src/",
        "%",
        "/site-packages/",
        "a_",
        "_",
        "..",
        "L/",
        "/vendor/composer",
        ".js?",
        "#",
      ],
    ];
    for (const piece of pieces) {
      const long = piece.repeat(20_000);
      for (const end of ["", ".js", ".rb", ".py", ".php", ".java", ".rs", ".s"]) {
        find(inScripts, { name: long, file: long + end });
      }
      for (const start of [
        "",
        "file:///",
        "webpack://",
        "https://",
        "node_modules/",
        "/registry/src/a/",
      ]) {
        find(inScripts, { name: start + long, file: `${start + long}.rs` });
        find(inNative, { name: start + long });
      }
    }
  }, 20_000);
});

describe("framePackages", () => {
  it("finds the packages of a profile's frames", () => {
    const builder = new ProfileBuilder([{ type: "samples", unit: "count" }]);
    const mapping = builder.addMapping({ start: 0, limit: 1, file: "/usr/bin/node" });
    const script = builder.addFunction({ name: "run", filename: "/a/b.js", systemName: "" });
    const native = builder.addFunction({ name: "uv_run" });
    const builtIn = builder.addFunction({ name: "map", systemName: "" });
    const at = (fn: FunctionIndex): LocationIndex =>
      builder.addLocation({ mapping, lines: [{ function: fn }] });
    const [first, second] = [at(script), at(native)];
    const third = builder.addLocation({ lines: [{ function: builtIn }] });
    const profile = builder.finish();
    const packageOf = framePackages(profile, new Map([["/a", "mine"]]));
    expect(packageOf(first, script).package).toBe("mine");
    expect(packageOf(second, native).package).toBe("node");
    expect(packageOf(second).package).toBe("node");
    expect(packageOf(third, builtIn).package).toBe("(native)");
  });

  it.each(["main@app.js^1 1 {user=a.js}", "main.main@main.go 1 {user=a.js}"])(
    "finds the values of labels that frames were made from: %s",
    (text) => {
      const { profile } = addTagFrames(profileOf(text), {
        root: ["user"],
        leaf: ["user"],
        unit: "minimum",
      });
      const packageOf = framePackages(profile);
      const fn = profile.functions.length - 1;
      expect(
        packageOf((profile.locations.length - 1) as LocationIndex, fn as FunctionIndex),
      ).toEqual({ package: "a.js", module: "a.js", category: "own code" });
      expect(hasScriptFunctions(profile)).toBe(text.includes("app.js"));
    },
  );

  it.each([
    [{ name: "run", filename: "a.js" }, true],
    [{ name: "run (app.py:1)", systemName: "" }, true],
    [{ name: "run (app.py:1)" }, false],
    [{ name: "(idle)", systemName: "" }, false],
    [{ name: "main.main", filename: "main.go" }, false],
  ])("knows whether %j is of a script", (fn, expected) => {
    const builder = new ProfileBuilder([{ type: "samples", unit: "count" }]);
    builder.addFunction({ name: "other", filename: "other.c" });
    builder.addFunction(fn);
    expect(hasScriptFunctions(builder.finish())).toBe(expected);
  });
});
