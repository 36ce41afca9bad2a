import type { ReportInput } from "../../report/input.js";
import { SourceFiles, type SourceSet } from "../../source-code/source-files.js";
import { trimSourcePath } from "../../view/paths.js";

/**
 * The source files that a profile names, looked for where the options say. `builtFrom` are those
 * that binaries of this machine were built from.
 */
export function sourceFiles(
  { nodes: { sourcePath, trimPath } }: ReportInput,
  builtFrom: SourceSet,
): SourceFiles {
  return new SourceFiles({
    searchPath: sourcePath,
    trim: (name, searchPath) => trimSourcePath(name, trimPath, searchPath),
    searchesGo: sourcePath === "" && trimPath === "",
    builtFrom,
    env: process.env,
  });
}
