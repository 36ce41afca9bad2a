import type { FormatTime } from "../render/legend.js";
import type { Granularity } from "./rest.js";

export interface NodeStyle {
  readonly formatTime: FormatTime;
  /** Whether to leave out the lines about the profile. */
  readonly compact: boolean;
  readonly granularity: Granularity;
}
