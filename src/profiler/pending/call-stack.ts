/** A frame of a stack. Lines and columns count from 1; they are 0 if unknown. */
export interface CallFrame {
  readonly name: string;
  /** V8's URL of the script; empty for built-in functions. */
  readonly url: string;
  /** The position of the call. */
  readonly line: number;
  readonly column: number;
  /** The position at which the function begins. */
  readonly startLine: number;
  readonly startColumn: number;
}

/** The number of frames that are captured, with those inside of Node. */
const MAX_FRAMES = 24;

/**
 * A captured stack. V8 computes names and positions when they are read, so that to capture a stack
 * costs little.
 */
export class CapturedStack {
  readonly stack?: unknown;

  /** Captures the stack of the caller of `below`. Has no frames if the program forbids that. */
  constructor(below: (...args: never[]) => unknown) {
    const limit = Error.stackTraceLimit;
    try {
      Error.stackTraceLimit = MAX_FRAMES;
      Error.captureStackTrace(this, below);
    } catch {
      // The program has frozen Error.
    } finally {
      restore(() => {
        Error.stackTraceLimit = limit;
      });
    }
  }

  /** Returns the frames, innermost first, without those inside of Node. */
  frames(): readonly CallFrame[] {
    const own = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
    try {
      // V8 keeps the result of the first call.
      Error.prepareStackTrace = (_, sites) => sites.map(frameOf).filter(isOutside);
      return Array.isArray(this.stack) ? this.stack : [];
    } catch {
      return [];
    } finally {
      restore(() => {
        if (own) Object.defineProperty(Error, "prepareStackTrace", own);
        else Reflect.deleteProperty(Error, "prepareStackTrace");
      });
    }
  }
}

/** Restores a property of Error, unless the program has frozen it. */
function restore(set: () => void): void {
  try {
    set();
  } catch {
    // It was not changed before.
  }
}

/** The positions of functions, which Node's types lack. */
interface EnclosingPosition {
  getEnclosingLineNumber?(): number | null;
  getEnclosingColumnNumber?(): number | null;
}

function frameOf(site: NodeJS.CallSite & EnclosingPosition): CallFrame {
  const name = site.getFunctionName() ?? "";
  const startLine = site.getEnclosingLineNumber?.() ?? 0;
  const startColumn = site.getEnclosingColumnNumber?.() ?? 0;
  // V8's profiles have no position for the code of a module itself.
  const isModule = name === "" && startLine <= 1 && startColumn <= 1;
  return {
    name,
    url: site.getFileName() ?? "",
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 0,
    startLine: isModule ? 0 : startLine,
    startColumn: isModule ? 0 : startColumn,
  };
}

function isOutside({ url }: CallFrame): boolean {
  return !url.startsWith("node:internal/");
}
