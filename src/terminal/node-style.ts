import type { FormatTime } from "../render/legend.js";
import type { Granularity } from "./rest.js";

/** How a report on nodes is drawn. */
export interface NodeStyle {
  readonly formatTime: FormatTime;
  /** Whether the lines about the profile are left out. */
  readonly compact: boolean;
  readonly granularity: Granularity;
}
