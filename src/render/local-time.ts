import { formatOffset, timeFormats, type Zone } from "../units/zoned-time.js";

export const { formatLocalTime, formatExactTime } = timeFormats((seconds): Zone => {
  const date = new Date(seconds * 1000);
  const offset = -date.getTimezoneOffset() * 60;
  return { offset, name: zoneName(date) || formatOffset(offset).replace(/00$/, "") };
});

/** Browsers know abbreviations only of the zones in which people of a locale live. */
const LOCALES = ["en-US", "en-GB", "en-AU", "en-IN", "en-ZA", "en-NZ"];

/** The abbreviation of the zone at a moment; empty if no locale has one. */
function zoneName(date: Date): string {
  for (const locale of LOCALES) {
    const parts = new Intl.DateTimeFormat(locale, { timeZoneName: "short" }).formatToParts(date);
    const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    if (name !== "" && !/^(GMT|UTC)[+-]/.test(name)) return name;
  }
  return "";
}
