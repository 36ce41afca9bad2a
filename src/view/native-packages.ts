/** The package of a function, and the module of the package that contains the function. */
export interface PackageAndModule {
  readonly package: string;
  readonly module: string;
}

/**
 * Returns the package of a compiled function by its demangled name: the crate (Rust), outermost
 * namespace (C++), import path (Go) or package (Java). Returns undefined if the name has none.
 * Runs in linear time.
 */
export function packageOfName(name: string): PackageAndModule | undefined {
  return namespacePackage(name) ?? javaPackage(name) ?? goPackage(name);
}

/** Namespaces that C++ libraries insert for versions of their ABI. */
const INLINE_NAMESPACE = /^(?:__(?:\d+|cxx11|ndk1)|_V\d+)$/;

/** Matches the path in front of a function's own name: words joined by `::`. */
const NAMESPACE_PATH = /[\w$~\u0080-\uffff]+(?:::[\w$~\u0080-\uffff]+)*/y;

/**
 * Returns the outermost namespace of C++ or the crate of Rust, and the path up to the first type. By convention, types of Rust and classes of most
 * C++ libraries begin with an upper-case letter; lower-case classes count as namespaces.
 */
export function namespacePackage(name: string): PackageAndModule | undefined {
  if (!name.includes("::")) return undefined;
  const text = qualifiedName(name);
  const start = pathStart(text);
  if (start < 0) return undefined;
  NAMESPACE_PATH.lastIndex = start;
  const [path] = NAMESPACE_PATH.exec(text) ?? [""];
  const words = path.split("::").filter((word) => !INLINE_NAMESPACE.test(word));
  const type = words.findIndex((word) => /^_*\p{Lu}/u.test(word));
  const after = text.slice(start + path.length, start + path.length + 8);
  // An unnamed part follows a module; the last word before other text is a type or a function.
  const isWhole = after.startsWith("::<impl ") || after.startsWith("::(anon");
  const end = type < 0 ? words.length - (isWhole ? 0 : 1) : type;
  const [first] = words;
  return { package: first, module: words.slice(0, end).join("::") || first };
}

/**
 * Returns the start of the first path in a qualified name, or -1. The path of a Rust name such as
 * `<&T as core::fmt::Debug>::fmt` is inside the brackets.
 */
function pathStart(text: string): number {
  let end = text.indexOf("::");
  let start = wordStart(text, end);
  if (text.startsWith("<")) {
    // A word after `>::` belongs to the type in the brackets.
    while (end >= 0 && (start === end || text.startsWith("::", start - 2))) {
      end = text.indexOf("::", end + 2);
      start = wordStart(text, end);
    }
  } else {
    const bracket = text.search(/[<({[]/);
    if (bracket >= 0 && bracket < end) {
      // The path of `Map<a::b>::find` ends at the bracket; `sort<a::b>` has no path.
      end = text.includes(">::", bracket) ? bracket : -1;
      start = wordStart(text, end);
    }
  }
  return start === end ? -1 : start;
}

/** Returns the start of the word that ends before `end`. */
function wordStart(text: string, end: number): number {
  let start = end;
  while (start > 0 && isWordPart(text, start - 1)) start--;
  return start;
}

function isWordPart(text: string, at: number): boolean {
  const char = text[at] ?? "";
  return /[\w$~]/.test(char) || char >= "\u0080";
}

const ANONYMOUS_NAMESPACE = "(anonymous namespace)";

/** Words after the parameters of a C++ function. */
const QUALIFIERS = [" const", " volatile", " &", " &&"];

/** Returns a C++ name without the return type, the parameters and the text behind them. */
function qualifiedName(name: string): string {
  const clone = name.indexOf(" [clone ");
  let end = clone < 0 ? name.length : clone;
  for (const _ of QUALIFIERS) {
    end -= QUALIFIERS.find((word) => name.endsWith(word, end))?.length ?? 0;
  }
  let start = 0;
  let depth = 0;
  for (let at = 0; at < end; at++) {
    const char = name[at];
    if (depth === 0) {
      if (char === " ") start = at + 1;
      const isOperator = char === "o" && name.startsWith("operator", at);
      if (isOperator && !isWordPart(name, at - 1) && !isWordPart(name, at + 8)) end = at + 8;
      if (char === "(" && !name.startsWith(ANONYMOUS_NAMESPACE, at)) end = at;
    }
    if ("<([{".includes(char)) depth++;
    // The arrow in `fn() -> T` closes no bracket.
    else if (depth > 0 && ">)]}".includes(char) && name[at - 1] !== "-") depth--;
  }
  return name.slice(start, end);
}

/** Matches `java/util/Map.get` and perf-map-agent's `Ljava/util/Map;::get`. */
const JAVA = /^L?((?:[a-z_][\w$]*\/)+[A-Z][\w$]*)(?:;::|\.)/;

/** Matches `java.util.Map.get`. Names of Go have the same form, so the source file must be Java's. */
const JAVA_SOURCE = /^((?:[a-z_][\w$]*\.)+[A-Z][\w$]*)\./;

/** Returns the Java package and the class as its module. */
function javaPackage(name: string): PackageAndModule | undefined {
  const path = JAVA.exec(name)?.[1];
  return path === undefined ? undefined : packageOfClass(path.replaceAll("/", "."));
}

/** Returns the Java package of a function by its name with dots. */
export function packageOfJavaName(name: string): PackageAndModule | undefined {
  const path = JAVA_SOURCE.exec(name)?.[1];
  return path === undefined ? undefined : packageOfClass(path);
}

function packageOfClass(path: string): PackageAndModule {
  return { package: path.slice(0, path.lastIndexOf(".")), module: path };
}

/** Matches sources of Rust's own crates, and of crates that Cargo has downloaded. */
const RUST_SOURCE = /^.*?\/(?:rustc\/[^/]+\/library|registry\/src\/[^/]+)\/([^/]+)\/src\/(.*)$/s;

/** Returns the crate of a source file of Rust. Its path in the crate is the path of the module. */
export function packageOfRustFile(file: string): PackageAndModule | undefined {
  if (!file.endsWith(".rs")) return undefined;
  const [, folder, inside = ""] = RUST_SOURCE.exec(file) ?? [];
  if (folder === undefined) return undefined;
  const name = folder.replace(/-\d.*$/s, "").replaceAll("-", "_");
  const parts = inside.slice(0, -".rs".length).split("/");
  const modules = parts.filter((part) => part !== "lib" && part !== "mod");
  return { package: name, module: [name, ...modules].join("::") };
}

/** Returns the package of a source file in Go's assembly language, by its folder. */
export function packageOfGoAssembly(file: string): PackageAndModule | undefined {
  const end = file.lastIndexOf("/");
  if (!file.endsWith(".s") || end < 0) return undefined;
  const folder = file.slice(0, end);
  const name = folder.replace(/^.*\/(?:go[\w.-]*\/src|pkg\/mod)\//s, "").replace(/@v[^/]*/, "");
  return { package: name, module: name };
}

/** Matches the ends that C compilers add to names of clones. */
const CLONE = /^(?:(?:part|constprop|isra|lto_priv|llvm|localalias)\.\d|cold$)/;

/** Returns the text before the first dot in the last part of the path. */
function goPackage(name: string): PackageAndModule | undefined {
  const end = name.search(/[<({[\s]/);
  const path = end < 0 ? name : name.slice(0, end);
  const dot = path.indexOf(".", path.lastIndexOf("/") + 1);
  if (dot <= 0 || CLONE.test(path.slice(dot + 1, dot + 40))) return undefined;
  const importPath = path.slice(0, dot);
  return { package: importPath, module: importPath };
}
