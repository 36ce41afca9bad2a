import type { ReportInput } from "../../report/input.js";
import { SourceFiles, type SourceSet } from "../../source-code/source-files.js";
import { trimSourcePath } from "../../view/paths.js";

/** Finds the source files of a profile. `builtFrom` has the sources of this machine's binaries. */
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
