import { readFileSync } from "node:fs";
import { timeFormats, type Zone } from "../units/zoned-time.js";

/** Times in the local time zone, with the abbreviations that Go prints. */
export const { formatLocalTime, formatExactTime } = timeFormats(zoneAt);

const UTC: Zone = { offset: 0, name: "UTC" };

/**
 * Returns the local zone at a time, from the system's zone file, as Go does. `Intl` lacks
 * abbreviations for most zones, and `Date` needs milliseconds to find one.
 */
function zoneAt(seconds: number): Zone {
  const { TZ } = process.env;
  if (TZ === "" || TZ === "UTC") return UTC;
  const name = TZ?.replace(/^:/, "") ?? "/etc/localtime";
  const path = name.startsWith("/") ? name : `/usr/share/zoneinfo/${name}`;
  try {
    return findZone(parseZoneFile(readFileSync(path)), seconds) ?? UTC;
  } catch {
    // As in Go, an unreadable zone counts as UTC.
    return UTC;
  }
}

interface ZoneFile {
  /** When the zone changed, in seconds since 1970, ascending. */
  changes: number[];
  /** The zone from each change on. */
  zones: Zone[];
  /** The zone before the first change. */
  first: Zone | undefined;
  /** The rule after the last change, such as `CET-1CEST,M3.5.0,M10.5.0/3`. */
  rule: string;
}

function findZone({ changes, zones, first, rule }: ZoneFile, seconds: number): Zone | undefined {
  const next = changes.findIndex((change) => change > seconds);
  if (next === 0 || (changes.length === 0 && rule === "")) return first;
  if (next > 0) return zones[next - 1];
  return zoneByRule(rule, seconds) ?? zones[zones.length - 1] ?? first;
}

/** A rule for standard and summer time (POSIX TZ, section 8.3 of the base definitions). */
const RULE =
  /^(<[^>]+>|[A-Za-z]+)([+-]?[\d:]+)(?:(<[^>]+>|[A-Za-z]+)([+-]?[\d:]+)?(?:,(M[^,]+),(M[^,]+))?)?/;

function zoneByRule(rule: string, seconds: number): Zone | undefined {
  const match = RULE.exec(rule);
  if (!match) return undefined;
  const [, name, offset, summerName, summerOffset, begin, end] = match;
  // Offsets in a rule are positive west of UTC.
  const standard = { offset: -parseTime(offset), name: unquoted(name) };
  if (!summerName || !begin || !end) return standard;
  const summer = {
    offset: summerOffset ? -parseTime(summerOffset) : standard.offset + 3600,
    name: unquoted(summerName),
  };
  const year = new Date((seconds + standard.offset) * 1000).getUTCFullYear();
  const start = changeIn(year, begin) - standard.offset;
  const stop = changeIn(year, end) - summer.offset;
  const isSummer =
    start < stop ? seconds >= start && seconds < stop : seconds < stop || seconds >= start;
  return isSummer ? summer : standard;
}

function unquoted(name: string): string {
  return name.replace(/^<|>$/g, "");
}

/** Converts `hours:minutes:seconds` to seconds. */
function parseTime(text: string): number {
  const [hours, minutes = 0, seconds = 0] = text.replace(/^[+-]/, "").split(":").map(Number);
  const value = hours * 3600 + minutes * 60 + seconds;
  return text.startsWith("-") ? -value : value;
}

/** Returns the time of `Mmonth.week.day[/time]` in local seconds since 1970. Week 5 is the last. */
function changeIn(year: number, rule: string): number {
  const [date, time = "2"] = rule.slice(1).split("/");
  const [month, week, weekday] = date.split(".").map(Number);
  const firstDay = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  let day = 1 + ((weekday - firstDay + 7) % 7) + (week - 1) * 7;
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > days) day -= 7;
  return Date.UTC(year, month - 1, day) / 1000 + parseTime(time);
}

/** The positions of the counts in a header. */
const Count = { isUt: 20, isStd: 24, leap: 28, time: 32, type: 36, chars: 40 } as const;
const HEADER_BYTES = 44;

/** Parses a TZif file (RFC 8536). A second block with 64-bit times replaces the first. */
function parseZoneFile(file: Buffer): ZoneFile {
  if (file.toString("latin1", 0, 4) !== "TZif") throw new Error("not a zone file");
  const count = (block: number, field: keyof typeof Count) =>
    file.readUInt32BE(block + Count[field]);
  const size = (block: number, timeSize: number) =>
    HEADER_BYTES +
    count(block, "time") * (timeSize + 1) +
    count(block, "type") * 6 +
    count(block, "chars") +
    count(block, "leap") * (timeSize + 4) +
    count(block, "isStd") +
    count(block, "isUt");
  const isVersion1 = file[4] === 0;
  const timeSize = isVersion1 ? 4 : 8;
  const block = isVersion1 ? 0 : size(0, 4);

  const times = block + HEADER_BYTES;
  const timeCount = count(block, "time");
  const indices = times + timeCount * timeSize;
  const types = indices + timeCount;
  const names = types + count(block, "type") * 6;
  const zoneOfType = (index: number): Zone => {
    const type = types + index * 6;
    const name = names + file[type + 5];
    return {
      offset: file.readInt32BE(type),
      name: file.toString("latin1", name, file.indexOf(0, name)),
    };
  };
  const rows = Array.from({ length: timeCount }, (_, i) => i);
  return {
    changes: rows.map((i) =>
      isVersion1 ? file.readInt32BE(times + i * 4) : Number(file.readBigInt64BE(times + i * 8)),
    ),
    zones: rows.map((i) => zoneOfType(file[indices + i])),
    first: count(block, "type") > 0 ? zoneOfType(0) : undefined,
    rule: isVersion1 ? "" : file.toString("latin1", block + size(block, 8)).trim(),
  };
}
