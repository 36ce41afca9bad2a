import { int64At } from "../profile/columns.js";
import { type FunctionIndex, type LocationIndex, NO_MAPPING } from "../profile/indices.js";
import { memoized } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";
import { slashPath } from "../profile/script-paths.js";
import type { Int64 } from "../units/int64.js";
import { hasLinkerName, isScriptFile } from "./linker-name.js";
import {
  namespacePackage,
  type PackageAndModule,
  packageOfGoAssembly,
  packageOfJavaName,
  packageOfName,
  packageOfRustFile,
} from "./native-packages.js";
import { basePath, cleanPath } from "./paths.js";
import { type FindOwnPackage, NATIVE_CODE, packageOfScript } from "./script-packages.js";

/** The categories of code, in the order in which reports list them. */
export const CATEGORIES = [
  "own code",
  "dependencies",
  "Node",
  "GC",
  "compiler",
  "program",
  "idle",
  "native",
] as const;

/**
 * The category of a function's code. V8 reports GC, compiler, program (its own and other native
 * code) and idle as functions.
 */
export type Category = (typeof CATEGORIES)[number];

export interface CodePackage extends PackageAndModule {
  readonly category: Category;
}

/** The parts of a function that identify its package. Unknown texts are empty. */
export interface PackagedFunction {
  /** The demangled name. */
  readonly name: string;
  readonly file: string;
  readonly hasLinkerName: boolean;
  /** From 1; 0 if unknown. */
  readonly startLine: Int64;
  /** The path of the binary. */
  readonly binary: string;
}

/** The names of the packages of the user's own code, by the folders of their package.json. */
export type OwnPackages = ReadonlyMap<string, string>;

/** Finds the packages of a profile's functions. */
export class PackageFinder {
  readonly #hasScripts: boolean;
  readonly #findOwn: FindOwnPackage;

  /** `hasScripts` is the result of {@link hasScriptFunctions} for the profile. */
  constructor(hasScripts: boolean, ownPackages: OwnPackages = new Map()) {
    this.#hasScripts = hasScripts;
    this.#findOwn = ownPackageFinder(ownPackages);
  }

  /**
   * Returns the package of a function. The package is empty if nothing is known about the function.
   * Runs in linear time, but callers should keep the result per function.
   */
  packageOf(fn: PackagedFunction): CodePackage {
    const { name } = fn;
    const state = fn.file === "" ? V8_STATES.get(name) : undefined;
    if (state !== undefined) return { package: name, module: name, category: state };
    const file = scriptOf(fn, this.#hasScripts);
    if (file !== "") return packageOfScript(slashPath(file), this.#findOwn);
    const hasOrigin = fn.file !== "" || fn.binary !== "";
    if (hasOrigin || !this.#hasScripts) return { ...nativePackage(fn), category: "native" };
    const namespace = name.startsWith("RegExp:") ? undefined : namespacePackage(name);
    if (namespace) return { ...namespace, category: "native" };
    // The engine's own functions have no position. Code from `eval` and `new Function` has one.
    return fn.startLine === 0 ? BUILT_IN : EVALUATED;
  }
}

const BUILT_IN: CodePackage = {
  package: NATIVE_CODE,
  module: NATIVE_CODE,
  category: "native",
};

/** The package of code from `eval` and `new Function`, which packages of dependencies call, too. */
export const EVALUATED_CODE = "(eval)";

const EVALUATED: CodePackage = {
  package: EVALUATED_CODE,
  module: EVALUATED_CODE,
  category: "own code",
};

/** Returns the package of a frame that a label's value has made: the value itself. */
function packageOfLabel(value: string): CodePackage {
  return { package: value, module: value, category: "own code" };
}

/**
 * Returns a function that finds the package of a frame: of a function at a location, or of the
 * location's binary if there is no function. Keeps the result for each function.
 */
export function framePackages(
  profile: Profile,
  ownPackages?: OwnPackages,
): (location: LocationIndex, fn?: FunctionIndex) => CodePackage {
  const { functions, locations, mappings, strings } = profile;
  const { firstLabelRow = functions.length } = functions;
  const finder = new PackageFinder(hasScriptFunctions(profile), ownPackages);
  const known: CodePackage[] = [];
  const binaryAt = (location: LocationIndex) => {
    const mapping = locations.mapping[location];
    return mapping === NO_MAPPING ? "" : strings.get(mappings.file[mapping]);
  };
  return (location, fn) => {
    if (fn === undefined) return finder.packageOf({ ...UNKNOWN, binary: binaryAt(location) });
    if (fn >= firstLabelRow) return packageOfLabel(strings.get(functions.name[fn]));
    known[fn] ??= finder.packageOf({
      name: strings.get(functions.name[fn]).slice(0, MAX_NAME),
      file: strings.get(functions.filename[fn]),
      hasLinkerName: hasLinkerName(profile, fn),
      startLine: int64At(functions.startLine, fn),
      binary: binaryAt(location),
    });
    return known[fn];
  };
}

/**
 * Returns whether a profile has code of more than one known package. Filters do not change the
 * result. Labels that were made frames do not count.
 */
export function hasSeveralPackages(profile: Profile, ownPackages?: OwnPackages): boolean {
  const { functions, locations, lines } = profile;
  const { firstLabelRow = functions.length } = functions;
  const packageOf = framePackages(profile, ownPackages);
  const isDone = new Uint8Array(functions.length);
  let first = "";
  const isOther = (location: LocationIndex, fn?: FunctionIndex) => {
    const { package: name } = packageOf(location, fn);
    if (name === "" || name === first) return false;
    const isSecond = first !== "";
    first = name;
    return isSecond;
  };
  for (let location = 0 as LocationIndex; location < locations.length; location++) {
    const end = locations.lineOffsets[location + 1];
    let line = locations.lineOffsets[location];
    if (line === end && isOther(location)) return true;
    for (; line < end; line++) {
      const fn = lines.function[line];
      if (isDone[fn] || fn >= firstLabelRow) continue;
      isDone[fn] = 1;
      if (isOther(location, fn)) return true;
    }
  }
  return false;
}

/** Returns a function that finds the package of a function, at the first location that contains it. */
export function functionPackages(
  profile: Profile,
  ownPackages?: OwnPackages,
): (fn: FunctionIndex) => CodePackage {
  const { functions, locations, lines } = profile;
  const packageOf = framePackages(profile, ownPackages);
  const locationOf = new Int32Array(functions.length).fill(-1);
  for (let location = locations.length - 1; location >= 0; location--) {
    const end = locations.lineOffsets[location + 1];
    for (let line = locations.lineOffsets[location]; line < end; line++) {
      locationOf[lines.function[line]] = location;
    }
  }
  return (fn) => packageOf(locationOf[fn] as LocationIndex, fn);
}

/** The beginning of a name that decides its package. Thousands of functions may have a long name. */
const MAX_NAME = 10_000;

const UNKNOWN = { name: "", file: "", hasLinkerName: true, startLine: 0 };

/** Tests whether a profile has functions of scripts, so that its functions have categories. */
export const hasScriptFunctions = memoized((profile: Profile): boolean => {
  const { functions, strings } = profile;
  const { length, firstLabelRow = length } = functions;
  for (let fn = 0 as FunctionIndex; fn < firstLabelRow; fn++) {
    if (hasLinkerName(profile, fn)) continue;
    const name = strings.get(functions.name[fn]).slice(0, MAX_NAME);
    const file = strings.get(functions.filename[fn]);
    if (scriptOf({ name, file, hasLinkerName: false }, false) !== "") return true;
  }
  return false;
});

/** The names of V8's states, those in capitals in heap profiles, and of memory outside its heap. */
const V8_STATES: ReadonlyMap<string, Category> = new Map<string, Category>([
  ["(garbage collector)", "GC"],
  ["(GC)", "GC"],
  ["(compiler)", "compiler"],
  ["(COMPILER)", "compiler"],
  ["(BYTECODE_COMPILER)", "compiler"],
  ["(PARSER)", "compiler"],
  ["(root)", "program"],
  ["(program)", "program"],
  ["(unresolved function)", "program"],
  ["(V8 API)", "program"],
  ["(EXTERNAL)", "program"],
  ["(JS)", "program"],
  ["(array buffers)", "program"],
  ["(external memory)", "program"],
  ["(LOGGING)", "program"],
  ["(idle)", "idle"],
  ["(IDLE)", "idle"],
  ["(ATOMICS_WAIT)", "idle"],
]);

/** Returns the file of a function of a script, or an empty text for another function. */
function scriptOf(
  { name, file, hasLinkerName }: Pick<PackagedFunction, "name" | "file" | "hasLinkerName">,
  hasScripts: boolean,
): string {
  if (file === "") return hasLinkerName ? "" : scriptInName(name);
  if (isScriptFile(file) || SCRIPT_FOLDER.test(file) || INTERPRETER_FILE.test(file)) return file;
  // Other files of such profiles are programs like `bin/eslint` and code like `[eval]`.
  return hasScripts && !hasLinkerName ? file : "";
}

/** Matches the files of code inside Python and Ruby. */
const INTERPRETER_FILE = /^<(?:frozen |internal:)/;

const SCRIPT_FOLDER = /(?:^|[/\\])node_modules[/\\]/;

/**
 * Returns the script in the name of a function from a format without files, or an empty text. The
 * forms are `run (app.py:10)`, `LazyCompile:*run /srv/app.js:10:5` and `py::run:/srv/app.py`.
 */
function scriptInName(name: string): string {
  let file = "";
  if (name.endsWith(")")) {
    const start = name.lastIndexOf(" (");
    if (start >= 0) file = name.slice(start + 2, -1);
  } else if (name.startsWith("py::")) {
    file = name.slice(name.indexOf(":", 4) + 1);
  } else {
    file = name.slice(name.lastIndexOf(" ") + 1);
    if (file.length === name.length) return "";
  }
  file = file.replace(/(?::\d{1,10}){1,2}$/, "");
  return isScriptFile(file) || INTERPRETER_FILE.test(file) ? file : "";
}

/** Returns the package by name, else the folder of the source file, else the binary. */
function nativePackage({ name, file, binary }: PackagedFunction): PackageAndModule {
  const isJava = /\.(?:java|kt|scala|groovy)$/.test(file);
  const byName = (isJava ? packageOfJavaName(name) : undefined) ?? packageOfName(name);
  if (byName) return byName;
  if (file !== "") {
    const path = cleanPath(slashPath(file));
    const byFile = packageOfRustFile(path) ?? packageOfGoAssembly(path);
    if (byFile) return byFile;
    const end = path.lastIndexOf("/");
    return { package: end > 0 ? path.slice(0, end) : path, module: path };
  }
  const base = binary === "" ? "" : basePath(slashPath(binary));
  return { package: base, module: base };
}

/** Returns a function that finds the package of the nearest folder around a path. */
function ownPackageFinder(packages: OwnPackages): FindOwnPackage {
  const longest = Math.max(0, ...[...packages.keys()].map((folder) => folder.length));
  return (path) => {
    for (let end = path.lastIndexOf("/", longest); end >= 0; end = path.lastIndexOf("/", end - 1)) {
      const name = packages.get(path.slice(0, end) || "/");
      if (name !== undefined) return { package: name, module: `${name}/${path.slice(end + 1)}` };
      if (end === 0) break;
    }
    return undefined;
  };
}
