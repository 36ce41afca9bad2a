import { readFileSync } from "node:fs";
import type { Int64 } from "../units/int64.js";

/**
 * Nanoseconds since 1970 as local time with the zone's abbreviation, such as
 * `2026-11-23 17:17:31 CET`: what Go prints for the layout `2006-01-02 15:04:05 MST`.
 */
export function formatLocalTime(nanos: Int64): string {
  const milliseconds = Number(BigInt.asIntN(64, BigInt(nanos)) / 1_000_000n);
  const { offset, name } = localZone(milliseconds);
  // Shifted, so that the getters for UTC give local time.
  const date = new Date(milliseconds + offset * 1000);
  return `${date.toISOString().slice(0, 19).replace("T", " ")} ${name}`;
}

interface Zone {
  /** Seconds east of UTC. */
  offset: number;
  name: string;
}

/** The local zone at a moment. */
function localZone(milliseconds: number): Zone {
  const kinds = zoneKinds();
  // Most servers run in a zone that never changes; asking Date would load ICU's zones.
  if (kinds?.length === 1) return kinds[0];
  const offset = -new Date(milliseconds).getTimezoneOffset() * 60;
  // The kinds listed last are those in use today.
  return kinds?.findLast((kind) => kind.offset === offset) ?? { offset, name: zoneNumber(offset) };
}

/** What Go prints for a zone without a name, such as `+0530`. */
function zoneNumber(offset: number): string {
  if (offset === 0) return "UTC";
  const minutes = Math.abs(Math.trunc(offset / 60));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = two(Math.floor(minutes / 60));
  return `${offset < 0 ? "-" : "+"}${hours}${minutes % 60 === 0 ? "" : two(minutes % 60)}`;
}

/**
 * The offsets and abbreviations that the local zone has or ever had, or undefined where
 * the system has no file of it. `Intl` knows no abbreviations for most zones, so they
 * are looked up where Go does it.
 */
function zoneKinds(): Zone[] | undefined {
  const { TZ } = process.env;
  if (TZ === "" || TZ === "UTC") return [{ offset: 0, name: "UTC" }];
  const path = TZ === undefined ? "/etc/localtime" : `/usr/share/zoneinfo/${TZ.replace(/^:/, "")}`;
  try {
    return parseZoneFile(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** Where the counts stand in a header, which is 44 bytes long. */
const Count = { isUt: 20, isStd: 24, leap: 28, time: 32, type: 36, chars: 40 } as const;
const HEADER = 44;

/**
 * The local time types of a TZif file (RFC 8536). Files of version 2 and later hold a
 * second block with 64-bit times, which is the one to read.
 */
function parseZoneFile(file: Buffer): Zone[] | undefined {
  if (file.toString("latin1", 0, 4) !== "TZif") return undefined;
  const count = (block: number, field: keyof typeof Count) =>
    file.readUInt32BE(block + Count[field]);
  const isVersion1 = file[4] === 0;
  const firstBlock =
    HEADER +
    count(0, "time") * 5 +
    count(0, "type") * 6 +
    count(0, "chars") +
    count(0, "leap") * 8 +
    count(0, "isStd") +
    count(0, "isUt");
  const block = isVersion1 ? 0 : firstBlock;
  const types = block + HEADER + count(block, "time") * (isVersion1 ? 5 : 9);
  const typeCount = count(block, "type");
  const names = types + typeCount * 6;
  return Array.from({ length: typeCount }, (_, i) => {
    const type = types + i * 6;
    const name = names + file[type + 5];
    return {
      offset: file.readInt32BE(type),
      name: file.toString("latin1", name, file.indexOf(0, name)),
    };
  });
}
