/** The exports that both entries of the library share. */
export type { Options } from "../options/table.js";
export { ProfileError } from "../profile/errors.js";
export type { Profile } from "../profile/profile.js";
export type { FlameReport } from "../report/flame.js";
export type { ListReport } from "../report/list.js";
export type { TagsReport } from "../report/tags.js";
export type { TopReport, TopRow } from "../report/top.js";
export type { TracesReport } from "../report/traces.js";
export type { TreeReport } from "../report/tree.js";
export { formatValue } from "../report/value-format.js";
export type { ReportOptions, SourceTexts } from "./context.js";
export type { ReadOptions, TextOptions, TextReportName } from "./library.js";
export * from "./reports.js";
