/** The fixed codes of the Itanium C++ ABI mangling. */

/** <builtin-type>, one letter. */
export const BUILTIN_TYPES: ReadonlyMap<string, string> = new Map([
  ["a", "signed char"],
  ["b", "bool"],
  ["c", "char"],
  ["d", "double"],
  ["e", "long double"],
  ["f", "float"],
  ["g", "__float128"],
  ["h", "unsigned char"],
  ["i", "int"],
  ["j", "unsigned int"],
  ["l", "long"],
  ["m", "unsigned long"],
  ["n", "__int128"],
  ["o", "unsigned __int128"],
  ["s", "short"],
  ["t", "unsigned short"],
  ["v", "void"],
  ["w", "wchar_t"],
  ["x", "long long"],
  ["y", "unsigned long long"],
  ["z", "..."],
]);

/** <builtin-type>, `D` and a letter. */
export const D_BUILTIN_TYPES: ReadonlyMap<string, string> = new Map([
  ["a", "auto"],
  ["c", "decltype(auto)"],
  ["d", "decimal64"],
  ["e", "decimal128"],
  ["f", "decimal32"],
  ["h", "half"],
  ["i", "char32_t"],
  ["n", "decltype(nullptr)"],
  ["s", "char16_t"],
  ["u", "char8_t"],
]);

/** The suffixes of literals of builtin types; other literals are printed as `(type)value`. */
export const LITERAL_SUFFIXES: ReadonlyMap<string, string> = new Map([
  ["int", ""],
  ["unsigned int", "u"],
  ["long", "l"],
  ["unsigned long", "ul"],
  ["long long", "ll"],
  ["unsigned long long", "ull"],
]);

export interface StandardSubstitution {
  readonly text: string;
  /** The class template, for the names of constructors and destructors; "" for `std`. */
  readonly className: string;
  readonly classArgs: readonly string[];
}

/** <substitution> that is `S` and a letter. */
export const STANDARD_SUBSTITUTIONS: ReadonlyMap<string, StandardSubstitution> = new Map([
  ["a", { text: "allocator", className: "", classArgs: [] }],
  ["b", { text: "basic_string", className: "", classArgs: [] }],
  [
    "s",
    {
      text: "string",
      className: "basic_string",
      classArgs: ["char", "std::char_traits<char>", "std::allocator<char>"],
    },
  ],
  [
    "i",
    {
      text: "istream",
      className: "basic_istream",
      classArgs: ["char", "std::char_traits<char>"],
    },
  ],
  [
    "o",
    {
      text: "ostream",
      className: "basic_ostream",
      classArgs: ["char", "std::char_traits<char>"],
    },
  ],
  [
    "d",
    {
      text: "iostream",
      className: "basic_iostream",
      classArgs: ["char", "std::char_traits<char>"],
    },
  ],
]);

export interface OperatorInfo {
  readonly text: string;
  /** The number of operands in an <expression>. */
  readonly arity: number;
}

const op = (text: string, arity: number): OperatorInfo => ({ text, arity });

/** <operator-name>, and codes that occur only in <expression>. */
export const OPERATORS: ReadonlyMap<string, OperatorInfo> = new Map([
  ["aN", op("&=", 2)],
  ["aS", op("=", 2)],
  ["aa", op("&&", 2)],
  ["ad", op("&", 1)],
  ["an", op("&", 2)],
  ["at", op("alignof ", 1)],
  ["aw", op("co_await ", 1)],
  ["az", op("alignof ", 1)],
  ["cc", op("const_cast", 2)],
  ["cl", op("()", 2)],
  ["cm", op(",", 2)],
  ["co", op("~", 1)],
  ["dV", op("/=", 2)],
  ["da", op("delete[] ", 1)],
  ["dc", op("dynamic_cast", 2)],
  ["de", op("*", 1)],
  ["dl", op("delete ", 1)],
  ["ds", op(".*", 2)],
  ["dt", op(".", 2)],
  ["dv", op("/", 2)],
  ["eO", op("^=", 2)],
  ["eo", op("^", 2)],
  ["eq", op("==", 2)],
  ["ge", op(">=", 2)],
  ["gt", op(">", 2)],
  ["ix", op("[]", 2)],
  ["lS", op("<<=", 2)],
  ["le", op("<=", 2)],
  ["ls", op("<<", 2)],
  ["lt", op("<", 2)],
  ["mI", op("-=", 2)],
  ["mL", op("*=", 2)],
  ["mi", op("-", 2)],
  ["ml", op("*", 2)],
  ["mm", op("--", 1)],
  ["na", op("new[]", 3)],
  ["ne", op("!=", 2)],
  ["ng", op("-", 1)],
  ["nt", op("!", 1)],
  ["nw", op("new", 3)],
  ["nx", op("noexcept", 1)],
  ["oR", op("|=", 2)],
  ["oo", op("||", 2)],
  ["or", op("|", 2)],
  ["pL", op("+=", 2)],
  ["pl", op("+", 2)],
  ["pm", op("->*", 2)],
  ["pp", op("++", 1)],
  ["ps", op("+", 1)],
  ["pt", op("->", 2)],
  ["qu", op("?", 3)],
  ["rM", op("%=", 2)],
  ["rS", op(">>=", 2)],
  ["rc", op("reinterpret_cast", 2)],
  ["rm", op("%", 2)],
  ["rs", op(">>", 2)],
  ["sc", op("static_cast", 2)],
  ["ss", op("<=>", 2)],
  ["st", op("sizeof ", 1)],
  ["sz", op("sizeof ", 1)],
  ["te", op("typeid ", 1)],
  ["ti", op("typeid ", 1)],
  ["tr", op("throw", 0)],
  ["tw", op("throw ", 1)],
]);
