import type { Target } from "./target.js";

/** The codes of certificates that nothing vouches for. */
const UNKNOWN_AUTHORITY = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** The codes of a connection that the other side has closed. */
const CLOSED = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

const REASONS: Record<string, string> = {
  ENOTFOUND: "there is no such host; is its name right?",
  EAI_AGAIN: "the name of the host could not be looked up; is there a network?",
  ECONNREFUSED: "the connection was refused; does the server run, and at this port?",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH:
    "the server sent another number of bytes than it announced; try again",
  UND_ERR_HEADERS_OVERFLOW: "the headers of the answer are too long; is this a pprof endpoint?",
  ETIMEDOUT: "the server cannot be reached; is its address right?",
  EHOSTUNREACH: "the server cannot be reached; is its address right?",
  ENETUNREACH: "the server cannot be reached; is there a network?",
  EACCES: "permission denied",
  ENOENT: "there is no such socket; does the server run?",
  CERT_HAS_EXPIRED:
    "the certificate of the server has expired; https+insecure:// accepts any certificate",
  CERT_NOT_YET_VALID:
    "the certificate of the server is not valid yet; https+insecure:// accepts any certificate",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the certificate of the server is for another name; https+insecure:// accepts any certificate",
};

/** What went wrong on the way through a proxy, which may be its fault. */
export class ViaProxyError extends Error {
  override name = "ViaProxyError";

  /** `proxy` is its host and port. */
  constructor(
    readonly proxy: string,
    override readonly cause: unknown,
  ) {
    super(`through the proxy ${proxy}`, { cause });
  }
}

/**
 * The error of a connection as one line that says what to do next. `asked` is the target
 * where there was no answer at all yet.
 */
export function explainFailure(error: unknown, asked?: Target): string {
  if (error instanceof ViaProxyError) {
    return `${error.message}: ${explainFailure(error.cause, asked)}`;
  }
  const { code = "", name, message } = firstOf(error) as NodeJS.ErrnoException;
  if (CLOSED.has(code)) return explainEnd(asked);
  const reason = REASONS[code];
  if (reason !== undefined) return reason;
  if (UNKNOWN_AUTHORITY.has(code)) {
    return (
      "the certificate of the server is of an unknown authority; name that with -tls_ca, " +
      "or accept any certificate with https+insecure://"
    );
  }
  if (
    /ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_|UNSUPPORTED_CERT|HANDSHAKE|ACCESS)/.test(code)
  ) {
    return "the server wants another certificate of the client; give one with -tls_cert and -tls_key";
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code)) {
    return "the server does not speak TLS at this port; try http://";
  }
  if (name === "HTTPParserError") return "the answer is not HTTP; is this the right port?";
  const [, proxyStatus] =
    /^Proxy (?:response|Authentication Required) \((\d+)\)/.exec(message) ?? [];
  if (proxyStatus === "407") return "the proxy wants user:password@ before its name";
  if (proxyStatus !== undefined)
    return `the proxy refused the connection with status ${proxyStatus}`;
  return message.replace(/\s+/g, " ");
}

function explainEnd(asked: Target | undefined): string {
  if (!asked)
    return "the server closed the connection before the whole profile had come; try again";
  const guess =
    asked.protocol === "https:"
      ? // The alert that says so is often lost, since TLS 1.3 sends it late.
        "if it wants a certificate of the client, give the right one with -tls_cert and -tls_key"
      : "is this the right port?";
  return `the server closed the connection without an answer; ${guess}`;
}

/** Of the failures at several addresses of one host, the first; of a wrapped one, its cause. */
function firstOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return firstOf(error.errors[0]);
  const { code, cause } = error as { code?: string; cause?: unknown };
  if (code === "UND_ERR_PRX_TLS" && cause !== undefined) return firstOf(cause);
  return error;
}
