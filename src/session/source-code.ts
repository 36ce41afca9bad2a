import { SourceFiles } from "../node/source-files.js";
import type { ReportInput } from "../report/input.js";
import { trimSourcePath } from "../view/paths.js";

/**
 * The sources that a profile names, looked for where the options say; `isConfined` is as in
 * {@link SourceFiles}.
 */
export function sourceFiles(
  { nodes: { sourcePath, trimPath } }: ReportInput,
  isConfined: boolean,
): SourceFiles {
  return new SourceFiles({
    searchPath: sourcePath,
    trim: (name, searchPath) => trimSourcePath(name, trimPath, searchPath),
    elsewhere: sourcePath === "" && trimPath === "",
    isConfined,
    env: process.env,
  });
}
