import { readFileSync } from "node:fs";
import type { Int64 } from "../units/int64.js";

/**
 * Nanoseconds since 1970 as local time with the zone's abbreviation, such as
 * `2026-11-23 17:17:31 CET`: what Go prints for the layout `2006-01-02 15:04:05 MST`.
 */
export function formatLocalTime(nanos: Int64): string {
  const seconds = Number(
    (BigInt(nanos) - floorMod(BigInt(nanos), 1_000_000_000n)) / 1_000_000_000n,
  );
  const date = new Date(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time} ${zoneAbbreviation(-date.getTimezoneOffset() * 60)}`;
}

function floorMod(value: bigint, divisor: bigint): bigint {
  return ((value % divisor) + divisor) % divisor;
}

/**
 * The abbreviation of the local zone while it is `offset` seconds east of UTC. The
 * internationalisation API has none for most zones, so it is looked up where Go does:
 * in the zone's file.
 */
function zoneAbbreviation(offset: number): string {
  const { TZ } = process.env;
  if (TZ === "" || TZ === "UTC") return "UTC";
  const path = TZ === undefined ? "/etc/localtime" : `/usr/share/zoneinfo/${TZ.replace(/^:/, "")}`;
  try {
    return abbreviationIn(readFileSync(path), offset) ?? numericZone(offset);
  } catch {
    // No such file: a system without zone files, or a TZ that is not a name.
    return offset === 0 ? "UTC" : numericZone(offset);
  }
}

/** What Go prints for a zone without a name, such as `+0530`. */
function numericZone(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60));
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${minutes % 60 ? two(minutes % 60) : ""}`;
}

/**
 * The abbreviation for an offset in a TZif file (RFC 8536): in its second, 64-bit
 * block, whose header repeats that of the first. The types listed last are the zone's
 * current ones.
 */
function abbreviationIn(file: Buffer, offset: number): string | undefined {
  if (file.toString("latin1", 0, 4) !== "TZif") return undefined;
  const counts = (at: number) => {
    const [isUt, isStd, leap, time, type, chars] = [20, 24, 28, 32, 36, 40].map((field) =>
      file.readUInt32BE(at + field),
    );
    return { isUt, isStd, leap, time, type, chars };
  };
  const first = counts(0);
  const version = file[4];
  const firstSize =
    first.time * 5 + first.type * 6 + first.chars + first.leap * 8 + first.isStd + first.isUt;
  const [header, timeSize] = version >= 0x32 ? [44 + firstSize, 8] : [0, 4];
  const { time, type, chars } = counts(header);
  const types = header + 44 + time * (timeSize + 1);
  const names = file.toString("latin1", types + type * 6, types + type * 6 + chars);
  for (let i = type - 1; i >= 0; i--) {
    const at = types + i * 6;
    if (file.readInt32BE(at) !== offset) continue;
    const start = file[at + 5];
    return names.slice(start, names.indexOf("\0", start));
  }
  return undefined;
}
