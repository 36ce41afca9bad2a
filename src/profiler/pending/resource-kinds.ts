/** Readable names of Node's types of async resources. */
const KINDS: Readonly<Record<string, string>> = {
  PROMISE: "promise",
  Timeout: "timer",
  Immediate: "immediate",
  TCPWRAP: "tcp socket",
  TCPSERVERWRAP: "tcp server",
  TCPCONNECTWRAP: "tcp connection attempt",
  TLSWRAP: "tls socket",
  PIPEWRAP: "pipe",
  PIPESERVERWRAP: "pipe server",
  PIPECONNECTWRAP: "pipe connection attempt",
  TTYWRAP: "terminal",
  UDPWRAP: "udp socket",
  UDPSENDWRAP: "udp send",
  WRITEWRAP: "write",
  SHUTDOWNWRAP: "shutdown",
  FSREQCALLBACK: "file request",
  FSREQPROMISE: "file request",
  FILEHANDLE: "file handle",
  FILEHANDLECLOSEREQ: "file request",
  FSEVENTWRAP: "file watcher",
  STATWATCHER: "file watcher",
  GETADDRINFOREQWRAP: "dns request",
  GETNAMEINFOREQWRAP: "dns request",
  QUERYWRAP: "dns request",
  DNSCHANNEL: "dns resolver",
  HTTPCLIENTREQUEST: "http request",
  HTTPINCOMINGMESSAGE: "http request to this server",
  HTTP2SESSION: "http2 session",
  HTTP2STREAM: "http2 stream",
  PROCESSWRAP: "child process",
  SIGNALWRAP: "signal handler",
  WORKER: "worker",
  MESSAGEPORT: "message port",
  ZLIB: "zlib stream",
};

/** The types of callbacks that Node calls before the event loop continues. */
const BRIEF: ReadonlySet<string> = new Set(["TickObject", "Microtask"]);

/** Returns whether resources of a type of Node can be pending. */
export function canBePending(type: string): boolean {
  return !BRIEF.has(type);
}

/** Returns the value of the label `kind` for a type of Node, or of a program's own AsyncResource. */
export function kindOf(type: string): string {
  return Object.hasOwn(KINDS, type) ? KINDS[type] : type;
}
