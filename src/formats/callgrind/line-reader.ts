import type { Budget } from "../../profile/budget.js";
import type { ProfileError } from "../../profile/errors.js";
import type { NewValueType, Uint64 } from "../../profile/profile-builder.js";
import { add, type Int64, int64 } from "../../units/int64.js";
import { LineReader } from "../lines.js";
import { malformedLine } from "../malformed.js";
import { parseInt64 } from "../numbers.js";

/** The name of a binary, a file or a function; equal names are the same object. */
export interface Name {
  readonly id: number;
  readonly text: string;
}

/** The cost of a function itself at a line, by event. */
export interface OwnCost {
  readonly file: Name;
  readonly line: Int64;
  readonly address: Uint64;
  readonly costs: Int64[];
}

/** The inclusive cost of calls to a function from one line. */
export interface CallCost {
  readonly callee: CostFunction;
  readonly file: Name;
  readonly line: Int64;
  readonly address: Uint64;
  readonly costs: Int64[];
}

/** A function, identified by binary, file and name as in callgrind. */
export interface CostFunction {
  readonly id: number;
  readonly binary: Name;
  readonly file: Name;
  readonly name: Name;
  readonly own: Map<string, OwnCost>;
  readonly calls: Map<string, CallCost>;
}

export interface CostGraph {
  readonly events: readonly NewValueType[];
  readonly functions: readonly CostFunction[];
  readonly command: string;
}

/** The memory of a function, and of a cost with its key, in bytes. */
const FUNCTION_BYTES = 500;
const COST_BYTES = 300;
/** The memory of the cost of one event, including the stacks made from it, in bytes. */
const EVENT_BYTES = 24;

/** More events than any tool counts. */
const MAX_EVENTS = 64;

/**
 * Reads a whole file: names and positions are abbreviated, and several parts are summed up. Throws
 * a ProfileError for an invalid line, or if `budget` is exceeded.
 */
export function readCosts(bytes: Uint8Array, budget: Budget): CostGraph {
  const reader = new CostReader(bytes, budget);
  reader.read();
  return {
    events: reader.types,
    functions: [...reader.functions.values()],
    command: reader.command,
  };
}

/** The type of an event, and the number of its units in a cost of 1. */
interface Event extends NewValueType {
  readonly factor: number;
}

/**
 * Parses an event: `cpu(ms)` of pprof and tsprof has a type and a unit, `Time_(10ns)` of Xdebug a
 * factor, too. Others are counts.
 */
function parseEvent(event: string): Event {
  const [, type, factor, unit] = /^(.*[^_])_*\(([1-9][0-9]{0,8})?([^()]*)\)$/.exec(event) ?? [];
  if (type === undefined) return { type: event, unit: "count", factor: 1 };
  return { type, unit, factor: Number(factor ?? 1) };
}

const SHORT_NUMBER = /^[0-9]{1,15}$/;

class CostReader {
  readonly functions = new Map<string, CostFunction>();
  types: readonly Event[] = [];
  command = "";
  #events = "";
  readonly #lines: LineReader;
  /** All names, by text. */
  readonly #known = new Map<string, Name>();
  /** Names by number. */
  readonly #binaries = new Map<string, Name>();
  readonly #files = new Map<string, Name>();
  readonly #names = new Map<string, Name>();
  #hasInstructions = false;
  #hasLines = true;
  #address = 0n;
  #line: Int64 = 0;
  #binary: Name;
  /** The current file: of the function, or of the code inlined in it. */
  #file: Name;
  #current: CostFunction | undefined;
  #callee: { binary?: Name; file?: Name; name?: Name } = {};
  /** The meaning of the next cost line: a call, or a jump, which has no cost. */
  #next: "own" | "call" | "jump" = "own";

  readonly #budget: Budget;

  constructor(bytes: Uint8Array, budget: Budget) {
    this.#lines = new LineReader(bytes, 0, budget);
    this.#budget = budget;
    this.#binary = this.#intern("");
    this.#file = this.#binary;
  }

  read(): void {
    while (this.#lines.next()) {
      const line = this.#lines.line.trim();
      if (line === "" || line.startsWith("#")) continue;
      if (/^[-+*0-9]/.test(line)) this.#cost(line);
      else this.#setting(line);
    }
  }

  #malformed(why: string): ProfileError {
    return malformedLine("callgrind profile", this.#lines, why);
  }

  #setting(line: string): void {
    const [, key, mark, text] = /^([A-Za-z]+)([=:])\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) throw this.#malformed("not a setting or a cost");
    if (mark === ":") this.#header(key, text);
    else this.#specification(key, text);
  }

  #header(key: string, text: string): void {
    if (key === "events") {
      const events = text.split(/\s+/).filter((event) => event !== "");
      if (events.length > MAX_EVENTS) throw this.#malformed("too many events");
      const isOther = this.types.length > 0 && events.join(" ") !== this.#events;
      if (isOther) throw this.#malformed("the parts of the file have different events");
      this.types = events.map(parseEvent);
      this.#events = events.join(" ");
    } else if (key === "positions") {
      const positions = text.split(/\s+/);
      this.#hasInstructions = positions.includes("instr");
      this.#hasLines = positions.includes("line");
      if (positions.includes("bb"))
        throw this.#malformed("positions of basic blocks are not supported");
    } else if (key === "cmd") {
      this.command = text.trim();
    } else if (key === "part" || key === "version") {
      this.#address = 0n;
      this.#line = 0;
    }
  }

  #specification(key: string, text: string): void {
    switch (key) {
      case "ob":
        this.#binary = this.#name(this.#binaries, text);
        break;
      case "fl":
        this.#file = this.#name(this.#files, text);
        break;
      case "fi":
      case "fe":
        this.#file = this.#name(this.#files, text);
        break;
      case "fn":
        this.#current = this.#function(this.#binary, this.#file, this.#name(this.#names, text));
        break;
      case "cob":
        this.#callee.binary = this.#name(this.#binaries, text);
        break;
      case "cfl":
      case "cfi":
        this.#callee.file = this.#name(this.#files, text);
        break;
      case "cfn":
        this.#callee.name = this.#name(this.#names, text);
        break;
      case "calls":
        this.#next = "call";
        break;
      case "jfi":
      case "jfl":
        this.#name(this.#files, text);
        break;
      case "jfn":
        this.#name(this.#names, text);
        break;
      case "jump":
      case "jcnd":
        this.#next = "jump";
        break;
      default:
        throw this.#malformed(`unknown setting ${JSON.stringify(key.slice(0, 20))}`);
    }
  }

  /**
   * Resolves a name: `(1) name` defines the number of a name, `(1)` refers to it. A number without a
   * definition, as in a part of a file, is itself the name of a function; a file or binary is unknown.
   */
  #name(known: Map<string, Name>, text: string): Name {
    const [, number, name] = /^\((\d{1,20})\)(?:\s+(.*))?$/.exec(text) ?? [];
    if (number === undefined) return this.#intern(text);
    if (name !== undefined && name !== "") {
      this.#budget.chargeText(number);
      known.set(number, this.#intern(name));
    }
    return known.get(number) ?? this.#intern(known === this.#names ? `(${number})` : "");
  }

  #intern(text: string): Name {
    let name = this.#known.get(text);
    if (name === undefined) {
      this.#budget.chargeText(text);
      name = { id: this.#known.size, text };
      this.#known.set(text, name);
    }
    return name;
  }

  #function(binary: Name, file: Name, name: Name): CostFunction {
    const key = `${binary.id}:${file.id}:${name.id}`;
    let fn = this.functions.get(key);
    if (!fn) {
      this.#budget.charge(FUNCTION_BYTES);
      const id = this.functions.size;
      fn = { id, binary, file, name, own: new Map(), calls: new Map() };
      this.functions.set(key, fn);
    }
    return fn;
  }

  #chargeCost(): void {
    this.#budget.charge(COST_BYTES + this.types.length * EVENT_BYTES);
  }

  #cost(text: string): void {
    const words = text.split(/\s+/);
    if (this.#hasInstructions) this.#address = this.#position(words.shift(), this.#address);
    if (this.#hasLines) this.#line = this.#linePosition(words.shift());
    const kind = this.#next;
    this.#next = "own";
    if (kind === "jump") return;
    const costs = this.types.map(({ factor }, i) => this.#number(words[i], factor));
    if (words.length > costs.length) throw this.#malformed("more costs than events");
    const fn = this.#current;
    if (!fn) throw this.#malformed("a cost before the first function");
    const at = { file: this.#file, line: this.#line, address: uint64Of(this.#address) };
    const position = `${at.address}:${at.line}:${at.file.id}`;
    if (kind === "own") {
      const own = fn.own.get(position);
      if (own) {
        addCosts(own.costs, costs);
      } else {
        this.#chargeCost();
        fn.own.set(position, { ...at, costs });
      }
      return;
    }
    const { binary = this.#binary, file = this.#file, name } = this.#callee;
    this.#callee = {};
    if (name === undefined) throw this.#malformed("a call without cfn=");
    const callee = this.#function(binary, file, name);
    const key = `${position}:${callee.id}`;
    const call = fn.calls.get(key);
    if (call) {
      addCosts(call.costs, costs);
    } else {
      this.#chargeCost();
      fn.calls.set(key, { ...at, callee, costs });
    }
  }

  /** Parses a line number. Fast path for short numbers, which need no bigint. */
  #linePosition(text: string | undefined): Int64 {
    const isShort = text !== undefined && SHORT_NUMBER.test(text);
    return isShort ? Number(text) : int64(this.#position(text, BigInt(this.#line)));
  }

  /** Parses a position: absolute, relative to the previous one (`+`, `-`), or equal to it. */
  #position(text: string | undefined, before: bigint): bigint {
    const [, sign, digits] = /^([-+]?)(0x[0-9a-fA-F]{1,16}|[0-9]{1,20})$/.exec(text ?? "") ?? [];
    if (text === "*") return before;
    if (digits === undefined) throw this.#malformed("a position is missing or invalid");
    const value = BigInt(digits);
    return BigInt.asUintN(
      64,
      sign === "+" ? before + value : sign === "-" ? before - value : value,
    );
  }

  #number(text: string | undefined, factor: number): Int64 {
    if (text === undefined) return 0;
    const value = parseInt64(text);
    if (value === undefined) throw this.#malformed("a cost is not a 64-bit number");
    if (factor === 1) return value;
    const product = BigInt(value) * BigInt(factor);
    if (BigInt.asIntN(64, product) !== product) throw this.#malformed("a cost exceeds 64 bits");
    return int64(product);
  }
}

function addCosts(sums: Int64[], costs: readonly Int64[]): void {
  for (let i = 0; i < sums.length; i++) sums[i] = add(sums[i], costs[i]);
}

function uint64Of(value: bigint): Uint64 {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
