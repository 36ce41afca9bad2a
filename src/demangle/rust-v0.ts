import { fail, MAX_DEPTH, MAX_INPUT, MAX_OUTPUT, MAX_STEPS, NotMangled } from "./limits.js";
import { charLiteral, integerLiteral } from "./rust-v0-literals.js";
import { RustScanner } from "./rust-v0-scanner.js";
import type { DemangleStyle } from "./style.js";

/** Demangles rustc's v0 names (RFC 2603), `_RNvC5crate4main`; returns undefined for other names. */
export function demangleRustV0(symbol: string, style: DemangleStyle): string | undefined {
  if (!symbol.startsWith("_R") || symbol.length > MAX_INPUT) {
    return undefined;
  }
  // LLVM and linkers append suffixes such as `.llvm.123`.
  const end = symbol.indexOf(".");
  const text = symbol.slice("_R".length, end < 0 ? undefined : end);
  if (!/^[A-Z][A-Za-z0-9_]*$/.test(text)) {
    // A digit is an encoding version; no later version exists.
    return undefined;
  }
  try {
    return new RustV0(new RustScanner(text), style !== "simplified").symbolName();
  } catch (error) {
    if (error instanceof NotMangled) {
      return undefined;
    }
    throw error;
  }
}

const BASIC_TYPES: ReadonlyMap<string, string> = new Map([
  ["a", "i8"],
  ["b", "bool"],
  ["c", "char"],
  ["d", "f64"],
  ["e", "str"],
  ["f", "f32"],
  ["h", "u8"],
  ["i", "isize"],
  ["j", "usize"],
  ["l", "i32"],
  ["m", "u32"],
  ["n", "i128"],
  ["o", "u128"],
  ["p", "_"],
  ["s", "i16"],
  ["t", "u16"],
  ["u", "()"],
  ["v", "..."],
  ["x", "i64"],
  ["y", "u64"],
  ["z", "!"],
]);

const SIGNED = "aslxni";
const UNSIGNED = "htmyoj";

/** Parses and prints in one pass, since back references repeat earlier text. */
class RustV0 {
  private depth = 0;
  private steps = 0;
  private output = "";
  /** Positive while reading unprinted parts, in which back references are not followed. */
  private silent = 0;
  /** The number of lifetimes of the enclosing binders. */
  private boundLifetimes = 0;

  constructor(
    private readonly scan: RustScanner,
    private readonly genericArgs: boolean,
  ) {}

  /** <symbol-name> without its `_R`. */
  symbolName(): string {
    this.path(true);
    if (!this.scan.atEnd()) {
      // <instantiating-crate>
      this.silently(() => this.path(false));
    }
    if (!this.scan.atEnd()) {
      fail();
    }
    return this.output;
  }

  private write(text: string): void {
    if (this.silent > 0) {
      return;
    }
    this.output += text;
    if (this.output.length > MAX_OUTPUT) {
      fail();
    }
  }

  private silently(read: () => void): void {
    this.silent++;
    read();
    this.silent--;
  }

  private nested(read: () => void): void {
    if (++this.depth > MAX_DEPTH || ++this.steps > MAX_STEPS) {
      fail();
    }
    read();
    this.depth--;
  }

  /** <path>; in expressions (`inValue`) generic arguments follow `::`. */
  private path(inValue: boolean): void {
    this.nested(() => this.pathOf(this.scan.next(), inValue));
  }

  private pathOf(kind: string, inValue: boolean): void {
    switch (kind) {
      case "C": {
        this.scan.disambiguator();
        this.write(this.scan.identifier());
        return;
      }
      case "N":
        this.nestedPath(inValue);
        return;
      case "M":
        this.implPath();
        this.write("<");
        this.type();
        this.write(">");
        return;
      case "X":
        this.implPath();
        this.traitImpl();
        return;
      case "Y":
        this.traitImpl();
        return;
      case "I":
        this.path(inValue);
        this.write(inValue ? "::<" : "<");
        this.genericArgList();
        this.write(">");
        return;
      case "B":
        this.backref(() => this.path(inValue));
        return;
      default:
        fail();
    }
  }

  /** `N <namespace> <path> <identifier>` */
  private nestedPath(inValue: boolean): void {
    const namespace = this.scan.next();
    if (!/[A-Za-z]/.test(namespace)) {
      fail();
    }
    this.path(inValue);
    const number = this.scan.disambiguator();
    const name = this.scan.identifier();
    if (namespace >= "a") {
      // Types and values; other lower-case namespaces are internal to the compiler.
      this.write(`::${name}`);
      return;
    }
    const kind = namespace === "C" ? "closure" : namespace === "S" ? "shim" : namespace;
    this.write(`::{${kind}${name === "" ? "" : `:${name}`}#${number}}`);
  }

  /** <impl-path>: the location of the impl; not printed. */
  private implPath(): void {
    this.scan.disambiguator();
    this.silently(() => this.path(false));
  }

  private traitImpl(): void {
    this.write("<");
    this.type();
    this.write(" as ");
    this.path(false);
    this.write(">");
  }

  private genericArgList(): void {
    if (!this.genericArgs) {
      this.silently(() => this.genericArgsUntilEnd());
    } else {
      this.genericArgsUntilEnd();
    }
  }

  /** <generic-arg>* E */
  private genericArgsUntilEnd(): void {
    for (let first = true; !this.scan.accept("E"); first = false) {
      if (!first) {
        this.write(", ");
      }
      if (this.scan.accept("L")) {
        this.write(this.lifetimeName(this.scan.base62()));
      } else if (this.scan.accept("K")) {
        this.constant();
      } else {
        this.type();
      }
    }
  }

  /** `B <base-62-number>`: repeats the text at that position of the symbol. */
  private backref(read: () => void): void {
    const start = this.scan.pos - 1;
    const target = this.scan.base62();
    if (this.silent > 0) {
      return;
    }
    if (target >= start) {
      fail();
    }
    const after = { pos: this.scan.pos, end: this.scan.end };
    this.scan.pos = target;
    this.scan.end = start;
    read();
    this.scan.pos = after.pos;
    this.scan.end = after.end;
  }

  private type(): void {
    this.nested(() => {
      const basic = BASIC_TYPES.get(this.scan.peek());
      if (basic === undefined) {
        this.typeOf(this.scan.next());
      } else {
        this.scan.pos++;
        this.write(basic);
      }
    });
  }

  private typeOf(kind: string): void {
    switch (kind) {
      case "A":
        this.write("[");
        this.type();
        this.write("; ");
        this.constant();
        this.write("]");
        return;
      case "S":
        this.write("[");
        this.type();
        this.write("]");
        return;
      case "T":
        this.tuple();
        return;
      case "R":
      case "Q":
        this.write("&");
        if (this.scan.accept("L")) {
          const lifetime = this.scan.base62();
          this.write(lifetime === 0 ? "" : `${this.lifetimeName(lifetime)} `);
        }
        this.write(kind === "Q" ? "mut " : "");
        this.type();
        return;
      case "P":
        this.write("*const ");
        this.type();
        return;
      case "O":
        this.write("*mut ");
        this.type();
        return;
      case "F":
        this.bound(() => this.functionSignature());
        return;
      case "D":
        this.dynTrait();
        return;
      case "B":
        this.backref(() => this.type());
        return;
      default:
        this.scan.pos--;
        this.path(false);
    }
  }

  private tuple(): void {
    this.write("(");
    let count = 0;
    for (; !this.scan.accept("E"); count++) {
      this.write(count > 0 ? ", " : "");
      this.type();
    }
    this.write(count === 1 ? ",)" : ")");
  }

  /** [<binder>] and its scope. */
  private bound(read: () => void): void {
    const outer = this.boundLifetimes;
    if (this.scan.accept("G")) {
      const count = this.scan.base62() + 1;
      // A symbol cannot use more lifetimes than it has characters; a larger binder is a bomb.
      if (count > this.scan.text.length) {
        fail();
      }
      this.write("for<");
      for (let i = 0; i < count; i++) {
        this.boundLifetimes++;
        this.write(i > 0 ? ", " : "");
        this.write(this.lifetimeName(1));
      }
      this.write("> ");
    }
    read();
    this.boundLifetimes = outer;
  }

  /** <fn-sig> without its binder. */
  private functionSignature(): void {
    if (this.scan.accept("U")) {
      this.write("unsafe ");
    }
    if (this.scan.accept("K")) {
      if (this.scan.peek() === "u") {
        fail();
      }
      const abi = this.scan.accept("C") ? "C" : this.scan.identifier().replaceAll("_", "-");
      this.write(`extern "${abi}" `);
    }
    this.write("fn(");
    for (let first = true; !this.scan.accept("E"); first = false) {
      this.write(first ? "" : ", ");
      this.type();
    }
    this.write(")");
    if (!this.scan.accept("u")) {
      this.write(" -> ");
      this.type();
    }
  }

  /** <dyn-bounds> <lifetime> */
  private dynTrait(): void {
    this.write("dyn ");
    this.bound(() => {
      for (let first = true; !this.scan.accept("E"); first = false) {
        this.write(first ? "" : " + ");
        this.nested(() => this.traitBound());
      }
    });
    if (!this.scan.accept("L")) {
      fail();
    }
    const lifetime = this.scan.base62();
    if (lifetime > 0) {
      const name = this.lifetimeName(lifetime);
      // The trait before the lifetime is optional.
      this.write(this.output.endsWith(" ") ? `+ ${name}` : ` + ${name}`);
    }
  }

  /** <dyn-trait>: associated types are printed among the generic arguments. */
  private traitBound(): void {
    let open = this.traitPath();
    while (this.scan.accept("p")) {
      this.write(open ? ", " : "<");
      open = true;
      this.write(this.scan.identifier());
      this.write(" = ");
      this.type();
    }
    this.write(open ? ">" : "");
  }

  /** A <path> whose generic arguments stay unclosed; returns whether there are any. */
  private traitPath(): boolean {
    let open = false;
    this.nested(() => {
      if (this.scan.accept("B")) {
        this.backref(() => {
          open = this.traitPath();
        });
      } else if (this.scan.accept("I")) {
        this.path(false);
        this.write("<");
        this.genericArgList();
        open = true;
      } else {
        this.path(false);
      }
    });
    return open;
  }

  /** <const> */
  private constant(): void {
    this.nested(() => {
      const type = this.scan.next();
      if (type === "B") {
        this.backref(() => this.constant());
      } else if (type === "p") {
        this.write("_");
      } else if (SIGNED.includes(type)) {
        this.write(this.scan.accept("n") ? "-" : "");
        this.write(integerLiteral(this.scan.hex()));
      } else if (UNSIGNED.includes(type)) {
        this.write(integerLiteral(this.scan.hex()));
      } else if (type === "b") {
        const value = this.scan.hex();
        this.write(value === "0" ? "false" : value === "1" ? "true" : fail());
      } else if (type === "c") {
        this.write(charLiteral(this.scan.hex()));
      } else {
        fail();
      }
    });
  }

  /** Returns the name of a bound lifetime by its depth, counted inwards from 1. */
  private lifetimeName(index: number): string {
    if (index === 0) {
      return "'_";
    }
    const depth = this.boundLifetimes - index;
    if (depth < 0) {
      fail();
    }
    return depth < 26 ? `'${String.fromCharCode(97 + depth)}` : `'z${depth - 25}`;
  }
}
