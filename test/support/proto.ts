import path from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

/** The root of the project. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

const schema = new protobuf.Root().loadSync(path.join(ROOT, "proto/profile.proto"), {
  keepCase: true,
});

/** protobufjs's Profile message: an independent reader and writer of the format. */
export const ProfileMessage = schema.lookupType("perftools.profiles.Profile");

/** A message as plain data; 64-bit numbers are decimal strings, absent fields are left out. */
export type PlainMessage = { [field: string]: unknown };

/** Encodes plain data (64-bit numbers as numbers or decimal strings) with protobufjs. */
export function encodeWithProtobufjs(message: PlainMessage): Uint8Array {
  return ProfileMessage.encode(ProfileMessage.fromObject(message)).finish();
}

/** Decodes with protobufjs into plain data. An absent period type is an empty one, as in pprof. */
export function decodeWithProtobufjs(bytes: Uint8Array): PlainMessage {
  const plain = ProfileMessage.toObject(ProfileMessage.decode(bytes), {
    longs: String,
    arrays: true,
    defaults: true,
  });
  return { ...plain, period_type: plain.period_type ?? { type: "0", unit: "0" } };
}
