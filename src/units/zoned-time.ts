import type { Int64 } from "./int64.js";

/** The time zone in use at some moment. */
export interface Zone {
  /** Seconds east of UTC. */
  readonly offset: number;
  /** The abbreviation, such as `CET`. */
  readonly name: string;
}

/** Prints a time that is given in nanoseconds since 1970. */
type FormatTime = (nanos: Int64) => string;

/** The functions that print times. `zoneAt` returns the zone at a time in seconds since 1970. */
export function timeFormats(zoneAt: (seconds: number) => Zone): {
  /** As Go prints `2006-01-02 15:04:05 MST`, such as `2026-11-23 17:17:31 CET`. */
  readonly formatLocalTime: FormatTime;
  /** As Go prints a time by default, such as `2026-11-23 17:17:31.5 +0100 CET`. */
  readonly formatExactTime: FormatTime;
} {
  const localTime = (nanos: Int64) => {
    const fraction = ((BigInt(nanos) % SECOND) + SECOND) % SECOND;
    const seconds = Number((BigInt(nanos) - fraction) / SECOND);
    const zone = zoneAt(seconds);
    // The date is shifted by the offset, so that its UTC fields are local time.
    const date = new Date((seconds + zone.offset) * 1000);
    return { dateTime: date.toISOString().slice(0, 19).replace("T", " "), fraction, zone };
  };
  return {
    formatLocalTime(nanos) {
      const { dateTime, zone } = localTime(nanos);
      return `${dateTime} ${zone.name}`;
    },
    formatExactTime(nanos) {
      const { dateTime, fraction, zone } = localTime(nanos);
      const digits = fraction.toString().padStart(9, "0").replace(/0+$/, "");
      return `${dateTime}${digits && `.${digits}`} ${formatOffset(zone.offset)} ${zone.name}`;
    },
  };
}

const SECOND = 1_000_000_000n;

/** Hours and minutes with a sign, such as `+0530`. Seconds are dropped, as in Go. */
export function formatOffset(seconds: number): string {
  const minutes = Math.trunc(Math.abs(seconds) / 60);
  const pair = [Math.trunc(minutes / 60), minutes % 60];
  const digits = pair.map((part) => String(part).padStart(2, "0")).join("");
  return `${seconds < 0 && minutes > 0 ? "-" : "+"}${digits}`;
}
