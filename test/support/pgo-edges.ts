import { gunzipSync } from "node:zlib";
import { decodeWithProtobufjs } from "./proto.js";

interface Message {
  string_table: string[];
  sample_type: { type: string; unit: string }[];
  sample: {
    location_id: string[];
    value: string[];
    label: { key: string; str: string; num: string }[];
  }[];
  location: {
    id: string;
    address: string;
    line: { function_id: string; line: string }[];
  }[];
  function: { id: string; name: string; filename: string; start_line: string }[];
}

/** Decodes a profile with protobufjs, gzipped or not. */
export function decodedProfile(bytes: Uint8Array): Message {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return decodeWithProtobufjs(isGzip ? gunzipSync(bytes) : bytes) as unknown as Message;
}

/**
 * Returns the weights of calls by `caller+offset>callee`, summed as Go's compiler does: over the
 * leaves of stacks and their callers. An independent implementation with protobufjs and strings.
 * Frames are equal if address, function, file, first line and line are equal.
 */
export function compilerEdges(bytes: Uint8Array): Map<string, bigint> {
  const profile = decodedProfile(bytes);
  const text = (index: string) => profile.string_table[Number(index)];
  const column = profile.sample_type.findIndex(({ type, unit }) =>
    ["samples/count", "cpu/nanoseconds"].includes(`${text(type)}/${text(unit)}`),
  );
  const functions = new Map(profile.function.map((one) => [one.id, one]));
  const framesOf = new Map(
    profile.location.map(({ id, address, line }) => [
      id,
      line
        .map(({ function_id, line: number }) => {
          const one = functions.get(function_id);
          if (!one) throw new Error(`no function ${function_id}`);
          const name = text(one.name);
          const key = [address, name, text(one.filename), one.start_line, number].join("\u0000");
          return { key, name, offset: BigInt(number) - BigInt(one.start_line) };
        })
        // The format has the innermost frame first, but callers must come first here.
        .reverse(),
    ]),
  );
  const edges = new Map<string, bigint>();
  for (const { location_id, value } of profile.sample) {
    const weight = BigInt(value[column]);
    if (weight === 0n) continue;
    const used = location_id.slice(0, 2).reverse();
    const stack = used.flatMap((id) => framesOf.get(id) ?? []);
    const pairs = new Map<string, string>();
    for (const [i, callee] of stack.entries()) {
      const caller = stack[i - 1];
      if (!caller || caller.key === callee.key) continue;
      const call = `${caller.name}+${caller.offset}>${callee.name}`;
      pairs.set(`${caller.key}\u0001${callee.key}`, call);
    }
    for (const call of pairs.values()) edges.set(call, (edges.get(call) ?? 0n) + weight);
  }
  return edges;
}

/** Returns the calls that make up the first 99% of the weight, the compiler's default. */
export function hotCalls(edges: ReadonlyMap<string, bigint>): Set<string> {
  const total = sumOf(edges);
  const sorted = [...edges].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1));
  const hot = new Set<string>();
  let sum = 0n;
  for (const [call, weight] of sorted) {
    sum += weight;
    hot.add(call);
    if (sum * 100n > total * 99n) break;
  }
  return hot;
}

export function sumOf(edges: ReadonlyMap<string, bigint>): bigint {
  return [...edges.values()].reduce((sum, weight) => sum + weight, 0n);
}
