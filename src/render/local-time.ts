import type { Int64 } from "../units/int64.js";
import type { FormatTime } from "./legend.js";

const NANOS_PER_SECOND = 1_000_000_000n;

/**
 * Formats nanoseconds since 1970 in the browser's time zone, as the command line does: `2026-11-23
 * 17:17:31 CET`.
 */
export const formatLocalTime: FormatTime = (nanos) => {
  const { date, zone } = localTime(nanos);
  return `${dateTime(date)} ${zone}`;
};

/** Formats nanoseconds since 1970 exactly, with the offset of the zone: `2026-11-23 17:17:31.5 +0100 CET`. */
export const formatExactTime: FormatTime = (nanos) => {
  const { date, fraction, zone } = localTime(nanos);
  const digits = fraction.toString().padStart(9, "0").replace(/0+$/, "");
  return `${dateTime(date)}${digits === "" ? "" : `.${digits}`} ${offsetOf(date)} ${zone}`;
};

function localTime(nanos: Int64): { date: Date; fraction: bigint; zone: string } {
  const fraction = ((BigInt(nanos) % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
  const date = new Date(Number((BigInt(nanos) - fraction) / NANOS_PER_SECOND) * 1000);
  return { date, fraction, zone: zoneName(date) };
}

function dateTime(date: Date): string {
  const pad = (value: number, width = 2) => String(value).padStart(width, "0");
  const day = [pad(date.getFullYear(), 4), pad(date.getMonth() + 1), pad(date.getDate())];
  const time = [pad(date.getHours()), pad(date.getMinutes()), pad(date.getSeconds())];
  return `${day.join("-")} ${time.join(":")}`;
}

/** Returns the offset from UTC in hours and minutes, such as `+0530`. */
function offsetOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const digits = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? "-" : "+"}${digits.map((part) => String(part).padStart(2, "0")).join("")}`;
}

/** Browsers know the abbreviations only of zones where the locale is used, so try several. */
const LOCALES = ["en-US", "en-GB", "en-AU", "en-IN", "en-ZA", "en-NZ"];

/** Returns the abbreviation of the zone at a date, or its offset if it has none. */
function zoneName(date: Date): string {
  for (const locale of LOCALES) {
    const parts = new Intl.DateTimeFormat(locale, { timeZoneName: "short" }).formatToParts(date);
    const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    if (name !== "" && !/^(GMT|UTC)[+-]/.test(name)) return name;
  }
  return offsetOf(date).replace(/00$/, "");
}
