import { uint64At } from "../profile/columns.js";
import { ProfileError } from "../profile/errors.js";
import type { FunctionIndex, LocationIndex, MappingIndex } from "../profile/indices.js";
import { MappingFlags, type Profile } from "../profile/profile.js";
import { nameMappings } from "./name-mappings.js";
import { SymbolAdder } from "./symbol-adder.js";
import { locationsByMapping } from "./symbolize.js";

/** A mapping of a profile that was fetched from a server. */
export interface MappingSource {
  /** Its build ID, or its file if it has no build ID. */
  readonly name: string;
  /** Its start address on the server; merging moves mappings. */
  readonly start: bigint;
}

/**
 * Returns the mappings of a profile that was fetched from `url`. A mapping with neither build ID
 * nor file gets the URL as its file, so that mappings of different servers are not merged;
 * `unsourceMappings` removes it again before anything is shown.
 */
export function traceMappings(
  profile: Profile,
  url: string,
): { profile: Profile; sources: MappingSource[] } {
  const { mappings, strings } = profile;
  const named = new Map<number, string>();
  const sources: MappingSource[] = [];
  for (let row = 0; row < mappings.length; row++) {
    const known = strings.get(mappings.buildId[row]) || strings.get(mappings.file[row]);
    if (known === "") named.set(row, url);
    sources.push({ name: known || url, start: uint64At(mappings.start, row) });
  }
  return { profile: nameMappings(profile, named), sources };
}

/**
 * A request to a server for the symbols of a mapping's addresses (gperftools'
 * pprof_remote_servers.html): a list of addresses, answered by lines with an address and a name.
 */
export interface SymbolzRequest<Source> {
  readonly mapping: MappingIndex;
  readonly locations: readonly LocationIndex[];
  readonly source: Source;
  /** The number to add to an address of the profile to get the address on the server. */
  readonly shift: bigint;
  /** The request body; empty if no address lacks a name. */
  readonly body: string;
}

/** Returns requests to the servers that the mappings come from. Throws a {@link ProfileError}. */
export function symbolzRequests<Source extends MappingSource>(
  profile: Profile,
  sources: readonly Source[],
  force: boolean,
): SymbolzRequest<Source>[] {
  const { mappings, strings } = profile;
  const wanted = locationsByMapping(profile, (mapping) => {
    return force || (mappings.flags[mapping] & MappingFlags.functions) === 0;
  });
  const sourceOf = (name: string) => sources.find((source) => name !== "" && source.name === name);
  return wanted.flatMap(({ mapping, locations }) => {
    const source =
      sourceOf(strings.get(mappings.file[mapping])) ??
      sourceOf(strings.get(mappings.buildId[mapping]));
    if (!source) return [];
    const shift = BigInt.asIntN(64, source.start - uint64At(mappings.start, mapping));
    const body = withoutLines(profile, locations)
      .map((address) => `0x${shifted(address, shift).toString(16)}`)
      .join("+");
    return [{ mapping, locations, source, shift, body }];
  });
}

function withoutLines(profile: Profile, rows: readonly LocationIndex[]): bigint[] {
  const { address, lineOffsets } = profile.locations;
  return rows
    .filter((row) => lineOffsets[row + 1] === lineOffsets[row])
    .map((row) => uint64At(address, row))
    .filter((value) => value !== 0n);
}

const GPERFTOOLS = /\/pprof\/(heap|growth|profile|pmuprofile|contention)$/;

/** Returns the path of the symbol service beside the profile that was served at `path`. */
export function symbolzPath(path: string): string {
  const [plain] = path.split("?", 1);
  const isKnown = plain.includes("/debug/pprof/") || GPERFTOOLS.test(plain);
  return beside(plain, isKnown ? "symbol" : "symbolz");
}

/** Replaces the last segment of `path`, and removes `.`, `..` and empty segments. */
function beside(path: string, name: string): string {
  const parts: string[] = [];
  for (const part of [...path.split("/"), "..", name]) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Adds the names in the servers' answers, one for each request. Throws a {@link ProfileError}. */
export function addSymbolzAnswers(
  profile: Profile,
  questions: readonly SymbolzRequest<unknown>[],
  answers: readonly string[],
): Profile {
  const adder = new SymbolAdder(profile);
  questions.forEach(({ mapping, locations, shift }, i) => {
    const functions = parseAnswer(answers[i], shift, adder);
    for (const location of locations) {
      const fn = functions.get(uint64At(profile.locations.address, location));
      if (fn !== undefined) adder.setLines(location, [{ function: fn, line: 0, column: 0 }]);
    }
    adder.addFlags(mapping, MappingFlags.functions);
  });
  return adder.finish();
}

/** Returns the functions of an answer, by address in the profile. */
function parseAnswer(
  answer: string,
  shift: bigint,
  adder: SymbolAdder,
): Map<bigint, FunctionIndex> {
  const byName = new Map<string, FunctionIndex>();
  const byAddress = new Map<bigint, FunctionIndex>();
  // The text after the last newline may be incomplete.
  for (const line of answer.split("\n").slice(0, -1)) {
    const match = /(0x[0-9a-fA-F]+)(?:[\t\f\r ]+|$)(.*)$/s.exec(line);
    if (!match) continue;
    const [, address, name] = match;
    let fn = byName.get(name);
    if (fn === undefined) {
      fn = adder.addFunction({ name, file: "", startLine: 0 });
      byName.set(name, fn);
    }
    byAddress.set(shifted(parseAddress(address), -shift), fn);
  }
  return byAddress;
}

function parseAddress(text: string): bigint {
  const address = text.length <= MAX_ADDRESS_LENGTH ? BigInt(text) : 1n << 64n;
  if (address >> 64n !== 0n)
    throw new ProfileError(`symbolz: ${text.slice(0, 40)} is not an address`);
  return address;
}

/** The maximum length in characters; leading zeros are allowed. */
const MAX_ADDRESS_LENGTH = 1000;

function shifted(address: bigint, shift: bigint): bigint {
  const sum = address + shift;
  if (sum < 0n || sum >> 64n !== 0n) {
    throw new ProfileError(
      `symbolz: the address 0x${address.toString(16)} cannot be moved by ${shift}`,
    );
  }
  return sum;
}
