/**
 * Guesses the package (Go), outermost namespace (C++, Rust), module (npm, Node.js) or folder that a
 * function belongs to; empty if nothing is known. Names have no common syntax, so use this only for
 * colours and the like. Runs in linear time.
 */
export function packageOf(name: string, file: string): string {
  return scriptModule(file) || namespace(name) || goPackage(name) || folderOf(file);
}

const MODULES = "/node_modules/";

/** Returns the module of npm or Node.js, or else the folder of a JavaScript file. */
function scriptModule(file: string): string {
  const modules = file.lastIndexOf(MODULES);
  if (modules >= 0) {
    const parts = file.slice(modules + MODULES.length).split("/", 3);
    return parts[0].startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
  }
  if (file.startsWith("node:")) return file.replace(":internal/", ":").split("/", 1)[0];
  return /\.[cm]?[jt]sx?$/.test(file) ? folderOf(file) : "";
}

/** Returns the word before the first `::` outside brackets. */
function namespace(name: string): string {
  if (!name.includes("::")) return "";
  const start = /^[<&*]*/.exec(name)?.[0].length ?? 0;
  const scope = upTo(/[<({[]/, name.slice(start)).split("::", 2);
  if (scope.length < 2) return "";
  let word = scope[0].length;
  while (word > 0 && /\w/.test(scope[0][word - 1])) word--;
  return scope[0].slice(word);
}

/** Returns the text before the first dot in the last part of the path. */
function goPackage(name: string): string {
  const path = upTo(/[<({[\s]/, name);
  const dot = path.indexOf(".", path.lastIndexOf("/") + 1);
  return dot < 0 ? "" : path.slice(0, dot);
}

function upTo(marks: RegExp, text: string): string {
  const end = text.search(marks);
  return end < 0 ? text : text.slice(0, end);
}

function folderOf(file: string): string {
  const end = file.lastIndexOf("/");
  return end > 0 ? file.slice(0, end) : file;
}
