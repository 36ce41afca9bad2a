import { SourceFiles } from "../node/source-files.js";
import type { ReportInput } from "../report/input.js";
import { trimSourcePath } from "../view/paths.js";

/**
 * The source files that a profile names, looked for where the options say. `builtFrom` are those
 * that the debug information of local binaries names.
 */
export function sourceFiles(
  { nodes: { sourcePath, trimPath } }: ReportInput,
  builtFrom: ReadonlySet<string>,
): SourceFiles {
  return new SourceFiles({
    searchPath: sourcePath,
    trim: (name, searchPath) => trimSourcePath(name, trimPath, searchPath),
    searchesGo: sourcePath === "" && trimPath === "",
    builtFrom,
    env: process.env,
  });
}
