import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { UserError } from "../errors/user-error.js";

/** Certificates and a key in PEM format, as Node's TLS options. */
export interface TlsFiles {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** The trusted authorities, instead of the default ones. */
  readonly ca?: Buffer;
}

/** The paths of the files; empty for none. `cert` and `key` need each other. */
export interface TlsPaths {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** Reads the files of `-tls_cert`, `-tls_key` and `-tls_ca`. Throws an Error of one line. */
export function readTlsFiles(paths: TlsPaths): TlsFiles {
  const own =
    paths.cert === ""
      ? {}
      : { cert: readPem("tls_cert", paths.cert), key: readPem("tls_key", paths.key) };
  check("-tls_cert and -tls_key are not a certificate and its key", own);
  if (paths.ca === "") return own;
  const ca = readPem("tls_ca", paths.ca);
  check("-tls_ca is not a file of certificates", { ca });
  return { ...own, ca };
}

function readPem(option: string, path: string): Buffer {
  try {
    const text = readFileSync(path);
    if (!text.includes("-----BEGIN ")) throw new UserError("is not in PEM format");
    return text;
  } catch (error) {
    throw new UserError(`-${option}: ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? "no such file or directory" : message;
}

function check(complaint: string, files: TlsFiles): void {
  try {
    createSecureContext(files);
  } catch (error) {
    throw new UserError(`${complaint}: ${(error as Error).message}`, { cause: error });
  }
}
