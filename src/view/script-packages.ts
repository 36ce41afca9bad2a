import type { PackageAndModule } from "./native-packages.js";
import { cleanPath } from "./paths.js";

/** The package of scripts outside known packages. */
export const OWN_CODE = "(own code)";

/** The package of functions that the engine or interpreter implements itself. */
export const NATIVE_CODE = "(native)";

/** The package of a script, and whether it is the user's own, installed, or part of the runtime. */
export interface ScriptPackage extends PackageAndModule {
  readonly category: "own code" | "dependencies" | "Node" | "native";
}

/** Returns the package of the user's own file; undefined if it is not known. */
export type FindOwnPackage = (path: string) => PackageAndModule | undefined;

/** Returns the package of a script. `file` is a path or URL with slashes. Runs in linear time. */
export function packageOfScript(file: string, findOwn: FindOwnPackage): ScriptPackage {
  if (file.startsWith("node:")) return nodePackage(file);
  const [, scheme, rest] = URL_PARTS.exec(file) ?? ["", "", file];
  const path = cleanPath(scheme === "" ? rest : rest.replace(/[?#].*$/s, ""));
  return (
    npmPackage(path) ??
    (path.endsWith(".py") || path.startsWith("<frozen ") ? pythonPackage(path) : undefined) ??
    (path.endsWith(".rb") || path.startsWith("<internal:") ? rubyPackage(path) : undefined) ??
    (path.endsWith(".php") ? phpPackage(path) : undefined) ??
    (scheme === "" ? ownPackage(path, findOwn) : urlPackage(scheme, path, file))
  );
}

/** Matches the scheme of a URL, which is longer than the name of a drive, and the other text. */
const URL_PARTS = /^([a-z][a-z0-9+.-]+):\/*(.*)$/is;

function installed(name: string, path: string): ScriptPackage {
  const module = path === "" ? name : `${name}/${path}`;
  return { package: name, module, category: "dependencies" };
}

/** Returns the path of a file without its last extension. */
function withoutExtension(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot > path.lastIndexOf("/") + 1 ? path.slice(0, dot) : path;
}

function ownPackage(path: string, findOwn: FindOwnPackage): ScriptPackage {
  return { ...(findOwn(path) ?? { package: OWN_CODE, module: path }), category: "own code" };
}

/** Modules of Node, by the first part of the names of their internal modules. */
const NODE_MODULES: ReadonlyMap<string, string> = new Map([
  ...[
    ...["assert", "async_hooks", "buffer", "child_process", "cluster", "console", "crypto"],
    ...["dgram", "diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2", "https"],
    ...["inspector", "module", "net", "os", "path", "perf_hooks", "process", "punycode"],
    ...["querystring", "readline", "repl", "sea", "sqlite", "stream", "string_decoder", "test"],
    ...["timers", "tls", "trace_events", "tty", "url", "util", "v8", "vm", "wasi"],
    ...["worker_threads", "zlib"],
  ].map((name): [string, string] => [name, name]),
  ["abort_controller", "events"],
  ["event_target", "events"],
  ["blob", "buffer"],
  ["encoding", "util"],
  ["histogram", "perf_hooks"],
  ["perf", "perf_hooks"],
  ["js_stream_socket", "net"],
  ["modules", "module"],
  ["source_map", "module"],
  ["stream_base_commons", "stream"],
  ["streams", "stream"],
  ["webstreams", "stream"],
  ["test_runner", "test"],
  ["worker", "worker_threads"],
]);

/**
 * Returns the public module that a module of Node belongs to: `node:fs` for `node:fs/promises` and
 * `node:internal/fs/utils`, `node:http` for `node:_http_client`. Libraries inside Node keep their
 * name (`node:undici`); internal code that serves many modules is `node:internal`.
 */
function nodePackage(file: string): ScriptPackage {
  const [first, second = "", third = ""] = file.slice("node:".length).split("/", 3);
  let name = first.replace(/^_(http|stream|tls)_.*$/s, "$1");
  if (first === "internal") {
    name = second === "deps" && third !== "" ? third : (NODE_MODULES.get(second) ?? first);
  }
  return { package: `node:${name}`, module: file, category: "Node" };
}

const NODE_MODULES_FOLDER = "node_modules/";

/** The files of Yarn in a project. */
const YARN_FILE = /(?:^|\/)(?:\.pnp\.(?:c?js|loader\.mjs)$|\.yarn\/releases\/)/;

/** Returns the npm package of a file in `node_modules`; nested folders count from the last one. */
function npmPackage(path: string): ScriptPackage | undefined {
  let at = path.lastIndexOf(NODE_MODULES_FOLDER);
  while (at > 0 && path[at - 1] !== "/") at = path.lastIndexOf(NODE_MODULES_FOLDER, at - 1);
  if (at < 0) {
    if (!YARN_FILE.test(path)) return undefined;
    return installed("yarn", path.slice(path.lastIndexOf("/") + 1));
  }
  const inside = path.slice(at + NODE_MODULES_FOLDER.length);
  const bundled = viteDependency(inside);
  if (bundled !== undefined) return installed(bundled, inside);
  const isScoped = inside.startsWith("@");
  let end = inside.indexOf("/");
  if (isScoped && end >= 0) end = inside.indexOf("/", end + 1);
  if (end < 0) end = inside.length;
  return installed(inside.slice(0, end), inside.slice(end + 1));
}

/** Matches a package that Vite's server has bundled, such as `.vite/deps/@scope_name.js`. */
const VITE_DEPENDENCY = /^\.vite\/deps\/(?!chunk-)(@[^_/]+_)?([^/]+)\.js$/;

function viteDependency(inside: string): string | undefined {
  const [, scope = "", name] = VITE_DEPENDENCY.exec(inside) ?? [];
  return name === undefined ? undefined : scope.replace("_", "/") + name;
}

/** Matches the folder of installed packages, or else of the standard library. */
const PYTHON_PACKAGES = /^.*\/(?:site|dist)-packages\/(?:[^/]+\.egg\/)?/s;
const PYTHON_LIBRARY = /^.*\/(?:lib\/python\d[\d.]*t?|Python\d+\/Lib|python\d+\.zip)\//is;

/** Returns the top-level package and the dotted name of the module of Python. */
function pythonPackage(path: string): ScriptPackage | undefined {
  const frozen = /^<frozen (.+)>$/s.exec(path)?.[1];
  const folder = (PYTHON_PACKAGES.exec(path) ?? PYTHON_LIBRARY.exec(path))?.[0];
  if (frozen === undefined && folder === undefined) return undefined;
  const inside = frozen ?? withoutExtension(path.slice(folder?.length));
  const module = inside.replace(/\/__init__$/, "").replaceAll("/", ".");
  return { package: module.split(".", 1)[0], module, category: "dependencies" };
}

const GEMS_FOLDER = "/gems/";

/** Matches the folder of a gem, such as `rack-3.0.8`, or of a gem from Git, `rails-0123456789ab`. */
const GEM = /^(.+?)-(?:\d.*|[0-9a-f]{7,40})$/s;
const RUBY_LIBRARY = /^.*\/lib\/ruby\/(?:\d[^/]*)\/(.*)$/s;

/** Returns the gem, or the library of Ruby. */
function rubyPackage(path: string): ScriptPackage | undefined {
  if (path.startsWith("<internal:")) {
    return { package: NATIVE_CODE, module: path, category: "native" };
  }
  const inGems = path.slice(path.lastIndexOf(GEMS_FOLDER) + GEMS_FOLDER.length);
  const [folder] = path.includes(GEMS_FOLDER) ? inGems.split("/", 1) : [""];
  const gem = GEM.exec(folder)?.[1];
  if (gem !== undefined) return installed(gem, inGems.slice(folder.length + 1));
  const library = RUBY_LIBRARY.exec(path)?.[1];
  if (library === undefined) return undefined;
  const name = withoutExtension(library).split("/", 1)[0];
  return { package: name, module: library, category: "dependencies" };
}

const COMPOSER = /^(?:.*\/)?vendor\/([^/]+\/[^/]+)\/(.*)$/s;
const COMPOSER_FILE = /(?:^|\/)vendor\/(?:autoload\.php$|composer\/(.*))/s;

/** Returns the package that Composer has installed. */
function phpPackage(path: string): ScriptPackage | undefined {
  const composer = COMPOSER_FILE.exec(path);
  if (composer) return installed("composer", composer[1] ?? "autoload.php");
  const [, name, inside = ""] = COMPOSER.exec(path) ?? [];
  return name === undefined ? undefined : installed(name, inside);
}

/** Returns the package of a script that only a URL names, such as a page or the input of a bundler. */
function urlPackage(scheme: string, path: string, file: string): ScriptPackage {
  switch (scheme.toLowerCase()) {
    case "http":
    case "https": {
      const [host] = path.split("/", 1);
      return { package: host, module: path, category: "own code" };
    }
    case "webpack":
      return webpackPackage(file);
    case "chrome-extension":
    case "moz-extension": {
      const [id] = path.split("/", 1);
      return installed(`${scheme}://${id}`, path.slice(id.length + 1));
    }
    case "wasm":
    case "php":
      return { package: NATIVE_CODE, module: file, category: "native" };
    default:
      return { package: OWN_CODE, module: file, category: "own code" };
  }
}

/**
 * Returns the package of a file that webpack has bundled. Its URL begins with the name of the bundle,
 * by default the name in package.json: `webpack://@scope/name/./src/main.ts`.
 */
function webpackPackage(file: string): ScriptPackage {
  const [, bundle = "", rest = ""] = WEBPACK_URL.exec(file) ?? [];
  const path = cleanPath(rest);
  if (path.startsWith("webpack/")) return installed("webpack", path.slice("webpack/".length));
  const module = bundle === "" ? path : `${bundle}/${path}`;
  return { package: bundle || OWN_CODE, module, category: "own code" };
}

const WEBPACK_URL = /^webpack:\/\/(@[^/]*\/[^/]+|[^/]*)\/([^?#]*)/i;
