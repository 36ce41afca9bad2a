import type { Target } from "./target.js";

/** The error codes for certificates of an unknown authority. */
const UNKNOWN_AUTHORITY = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** The error codes for connections that the other side has closed. */
const CLOSED = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

const REASONS: Record<string, string> = {
  ENOTFOUND: "no such host; is the name right?",
  EAI_AGAIN: "cannot look up the host's name; is there a network?",
  ECONNREFUSED: "connection refused; is the server running on this port?",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH:
    "the server sent a different number of bytes than it announced; try again",
  UND_ERR_HEADERS_OVERFLOW: "the response's headers are too long; is this a pprof endpoint?",
  ETIMEDOUT: "cannot reach the server; is its address right?",
  EHOSTUNREACH: "cannot reach the server; is its address right?",
  ENETUNREACH: "cannot reach the server; is there a network?",
  EACCES: "permission denied",
  ENOENT: "no such socket; is the server running?",
  CERT_HAS_EXPIRED:
    "the server's certificate has expired; https+insecure:// accepts any certificate",
  CERT_NOT_YET_VALID:
    "the server's certificate is not valid yet; https+insecure:// accepts any certificate",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the server's certificate is for another name; https+insecure:// accepts any certificate",
};

/** A request through a proxy failed, perhaps because of the proxy. */
export class ViaProxyError extends Error {
  override name = "ViaProxyError";

  /** `proxy` is the host and port of the proxy. */
  constructor(
    readonly proxy: string,
    override readonly cause: unknown,
  ) {
    super(`through the proxy ${proxy}`, { cause });
  }
}

/** Explains a connection's error in one line. `asked` is the target until the server answers. */
export function explainFailure(error: unknown, asked?: Target): string {
  if (error instanceof ViaProxyError) {
    return `${error.message}: ${explainFailure(error.cause, asked)}`;
  }
  const { code = "", name, message } = rootError(error) as NodeJS.ErrnoException;
  if (CLOSED.has(code)) return explainEnd(asked);
  const reason = REASONS[code];
  if (reason !== undefined) return reason;
  if (UNKNOWN_AUTHORITY.has(code)) {
    return (
      "an unknown authority signed the server's certificate; name the authority with -tls_ca, " +
      "or accept any certificate with https+insecure://"
    );
  }
  if (
    /ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_|UNSUPPORTED_CERT|HANDSHAKE|ACCESS)/.test(code)
  ) {
    return "the server does not accept the client's certificate; give one with -tls_cert and -tls_key";
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code)) {
    return "the server does not use TLS on this port; try http://";
  }
  if (name === "HTTPParserError") return "the response is not HTTP; is this the right port?";
  const [, proxyStatus] =
    /^Proxy (?:response|Authentication Required) \((\d+)\)/.exec(message) ?? [];
  if (proxyStatus === "407") return "the proxy needs user:password@ before its name";
  if (proxyStatus !== undefined)
    return `the proxy refused the connection with status ${proxyStatus}`;
  return message.replace(/\s+/g, " ");
}

function explainEnd(asked: Target | undefined): string {
  if (!asked) return "the server closed the connection before the profile was complete; try again";
  const guess =
    asked.protocol === "https:"
      ? // TLS 1.3 reports a rejected client certificate late, so the alert is often lost.
        "if it needs a client certificate, give the right one with -tls_cert and -tls_key"
      : "is this the right port?";
  return `the server closed the connection without a response; ${guess}`;
}

/** Returns the first of several errors, or the cause of an error that wraps another. */
function rootError(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return rootError(error.errors[0]);
  const { code, cause } = error as { code?: string; cause?: unknown };
  if (code === "UND_ERR_PRX_TLS" && cause !== undefined) return rootError(cause);
  return error;
}
