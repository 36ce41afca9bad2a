import type { Node, SpecialNode } from "./itanium-ast.js";
import { parseModuleName } from "./itanium-lexical.js";
import { parseName } from "./itanium-names.js";
import type { ParserState } from "./itanium-state.js";
import { parseTemplateArg } from "./itanium-template-args.js";
import { parseType } from "./itanium-types.js";
import { fail } from "./limits.js";

const special = (prefix: string, subject: Node, within?: Node): SpecialNode => ({
  kind: "special",
  prefix,
  subject,
  within,
});

/** <special-name>: virtual tables, type information, thunks, guard variables, ... */
export function parseSpecialName(s: ParserState): Node {
  return s.next() === "T" ? parseTypeSpecial(s) : parseGuardSpecial(s);
}

/** `T...` */
function parseTypeSpecial(s: ParserState): Node {
  const c = s.next();
  switch (c) {
    case "V":
      return special("vtable for ", parseType(s));
    case "T":
      return special("VTT for ", parseType(s));
    case "I":
      return special("typeinfo for ", parseType(s));
    case "S":
      return special("typeinfo name for ", parseType(s));
    case "F":
      return special("typeinfo fn for ", parseType(s));
    case "J":
      return special("java Class for ", parseType(s));
    case "A":
      return special("template parameter object for ", parseTemplateArg(s));
    case "H":
      return special("TLS init function for ", parseName(s));
    case "W":
      return special("TLS wrapper function for ", parseName(s));
    case "C": {
      const derived = parseType(s);
      s.number();
      s.expect("_");
      return special("construction vtable for ", parseType(s), derived);
    }
    case "h":
    case "v":
      parseCallOffset(s, c);
      return special(
        c === "h" ? "non-virtual thunk to " : "virtual thunk to ",
        s.grammar.encoding(s),
      );
    case "c":
      parseCallOffset(s, s.next());
      parseCallOffset(s, s.next());
      return special("covariant return thunk to ", s.grammar.encoding(s));
    default:
      return fail();
  }
}

/** <call-offset> without its `h` or `v`. */
function parseCallOffset(s: ParserState, kind: string): void {
  if (kind !== "h" && kind !== "v") {
    fail();
  }
  s.signedDigits();
  s.expect("_");
  if (kind === "v") {
    s.signedDigits();
    s.expect("_");
  }
}

/** `G...` */
function parseGuardSpecial(s: ParserState): Node {
  switch (s.next()) {
    case "V":
      return special("guard variable for ", parseName(s));
    case "R": {
      const object = parseName(s);
      if (!s.atEnd()) {
        s.sequenceId();
      }
      return special("reference temporary for ", object);
    }
    case "A":
      return special("hidden alias for ", s.grammar.encoding(s));
    case "T":
      switch (s.next()) {
        case "n":
          return special("non-transaction clone for ", s.grammar.encoding(s));
        default:
          return special("transaction clone for ", s.grammar.encoding(s));
      }
    case "I":
      return special("initializer for module ", parseModuleName(s, undefined));
    case "r":
      return special("java resource ", { kind: "text", text: parseResource(s) });
    default:
      return fail();
  }
}

/** `<length> _ <text>` with `$S` for `/`, `$_` for `.`, `$$` for `$`. */
function parseResource(s: ParserState): string {
  const length = s.number();
  s.expect("_");
  const end = s.pos + length - 1;
  if (length < 2 || end > s.text.length) {
    fail();
  }
  const text = s.text.slice(s.pos, end);
  s.pos = end;
  return text.replaceAll(/\$(.?)/g, (_all, c: string) =>
    c === "S" ? "/" : c === "_" ? "." : c === "$" ? "$" : fail(),
  );
}
