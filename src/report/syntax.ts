/*
 * Finds comments, strings, numbers and keywords in source code, line by line. It knows the literals
 * of each language, so that comments and strings over several lines are right, but no grammar.
 */

export type TokenKind = "comment" | "string" | "number" | "keyword";

/** A coloured part of a line, from character `start` to before `end`. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** A literal that begins in code, or inside a template, and may end on a later line. */
interface Literal {
  readonly kind: "comment" | "string";
  readonly close: string;
  /** Whether a backslash makes the next character part of the literal. */
  readonly escapes: boolean;
  /** Whether the literal goes on at the end of a line; otherwise only after a backslash. */
  readonly isMultiline: boolean;
  /** The text that opens a literal inside this one, as in comments of Rust. */
  readonly nests?: string;
  /** Whether `${` begins code inside the literal. */
  readonly hasCode?: boolean;
}

/** Code inside a template, with the number of open braces. */
interface TemplateCode {
  braces: number;
}

type Context = Literal | TemplateCode;

interface Opener {
  /** Matches where the literal begins, with the flag `y`. */
  readonly open: RegExp;
  literal(match: RegExpExecArray): Literal;
}

export interface Language {
  readonly openers: readonly Opener[];
  readonly keywords: ReadonlySet<string>;
  /** Whether a slash can begin a regular expression. */
  readonly hasPatterns?: boolean;
  /** Whether a line that begins with `#` is a directive. */
  readonly hasDirectives?: boolean;
}

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /(?:0[xX][\da-fA-F_']+|\.?\d[\d_']*(?:\.(?!\.)[\d_]*)?(?:[eE][+-]?\d+)?)\w*/y;
const PATTERN = /\/(?![*/])(?:[^/\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+\/\w*/y;
const DIRECTIVE = /\s*#\s*\w+/y;
/** Text before which a slash divides. */
const VALUE_END = /[\p{L}\p{N}_$)\]]$/u;
/** Keywords before which a slash begins a regular expression all the same. */
const OPERATOR_WORDS = new Set(
  "return typeof case in of do else void delete await yield".split(" "),
);

const MAX_LINE_LENGTH = 5000;

/** Reads the lines of a file in their order. */
export class SyntaxReader {
  readonly #language: Language;
  /** The literals and templates that the next line begins in, outermost first. */
  readonly #open: Context[] = [];

  constructor(language: Language) {
    this.#language = language;
  }

  /** Returns the tokens of the next line. */
  read(text: string): Token[] {
    const tokens: Token[] = [];
    // Longer lines are generated code.
    if (text.length > MAX_LINE_LENGTH) return tokens;
    let at = 0;
    /** The end of the last part of the code that is neither a space nor a comment. */
    let codeEnd = 0;
    if (this.#language.hasDirectives && this.#open.length === 0) {
      DIRECTIVE.lastIndex = 0;
      if (DIRECTIVE.test(text)) {
        at = DIRECTIVE.lastIndex;
        tokens.push({ kind: "keyword", start: 0, end: at });
      }
    }
    while (at < text.length) {
      const context = this.#open.at(-1);
      if (context && "close" in context) {
        const end = this.#endOf(context, text, at);
        tokens.push({ kind: context.kind, start: at, end });
        if (context.kind === "string") codeEnd = end;
        at = end;
        continue;
      }
      const start = at;
      if (/\s/.test(text[at])) {
        at++;
        continue;
      }
      const opened = this.#opened(text, at);
      if (opened) {
        this.#open.push(opened.literal);
        at = opened.end;
        at = this.#endOf(opened.literal, text, at);
        tokens.push({ kind: opened.literal.kind, start, end: at });
        if (opened.literal.kind === "string") codeEnd = at;
        continue;
      }
      at = this.#readCode(text, at, codeEnd, tokens);
      codeEnd = at;
      if (context) this.#countBrace(context, text[start]);
    }
    const last = this.#open.at(-1);
    if (last && "close" in last && !last.isMultiline && !/(?:^|[^\\])(?:\\\\)*\\$/.test(text)) {
      this.#open.pop();
    }
    return tokens;
  }

  #opened(text: string, at: number): { literal: Literal; end: number } | undefined {
    for (const { open, literal } of this.#language.openers) {
      open.lastIndex = at;
      const match = open.exec(text);
      if (match) return { literal: literal(match), end: open.lastIndex };
    }
    return undefined;
  }

  /** Reads a word, a number, a regular expression or one other character; returns its end. */
  #readCode(text: string, at: number, codeEnd: number, tokens: Token[]): number {
    WORD.lastIndex = at;
    const [word] = WORD.exec(text) ?? [];
    if (word !== undefined) {
      const end = at + word.length;
      if (this.#language.keywords.has(word)) tokens.push({ kind: "keyword", start: at, end });
      return end;
    }
    NUMBER.lastIndex = at;
    if (NUMBER.test(text)) {
      tokens.push({ kind: "number", start: at, end: NUMBER.lastIndex });
      return NUMBER.lastIndex;
    }
    if (text[at] === "/" && this.#language.hasPatterns) {
      const before = text.slice(Math.max(0, codeEnd - 20), codeEnd);
      const [word = ""] = /\w+$/.exec(before) ?? [];
      PATTERN.lastIndex = at;
      const isPattern = !VALUE_END.test(before) || OPERATOR_WORDS.has(word);
      if (isPattern && PATTERN.test(text)) {
        tokens.push({ kind: "string", start: at, end: PATTERN.lastIndex });
        return PATTERN.lastIndex;
      }
    }
    return at + 1;
  }

  #countBrace(code: TemplateCode, character: string): void {
    if (character === "{") code.braces++;
    else if (character === "}" && --code.braces < 0) this.#open.pop();
  }

  /** Returns the end of the innermost literal on this line, and closes it if it ends here. */
  #endOf({ close, escapes, nests, hasCode }: Literal, text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      if (escapes && text[at] === "\\") {
        at++;
      } else if (close !== "" && text.startsWith(close, at)) {
        this.#open.pop();
        return at + close.length;
      } else if (hasCode && text.startsWith("${", at)) {
        this.#open.push({ braces: 0 });
        return at + 2;
      } else if (nests !== undefined && text.startsWith(nests, at)) {
        this.#open.push(this.#open.at(-1) as Literal);
        at += nests.length - 1;
      }
    }
    return text.length;
  }
}

/** Returns the language of a source file, by its name. */
export function languageOf(file: string): Language | undefined {
  const extension = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? "";
  return LANGUAGES.find(({ extensions }) => extensions.includes(extension))?.language;
}

function opener(open: RegExp, literal: Partial<Literal> & { readonly close: string }): Opener {
  const made = { kind: "string", escapes: true, isMultiline: false, ...literal } as const;
  return { open, literal: () => made };
}

const LINE_COMMENT = opener(/\/\//y, { kind: "comment", close: "", escapes: false });
const BLOCK_COMMENT = opener(/\/\*/y, {
  kind: "comment",
  close: "*/",
  escapes: false,
  isMultiline: true,
});
const DOUBLE = opener(/"/y, { close: '"' });
const SINGLE = opener(/'/y, { close: "'" });
const TEXT_BLOCK = opener(/"""/y, { close: '"""', isMultiline: true });

const words = (text: string) => new Set(text.split(" "));

const LANGUAGES: readonly {
  readonly extensions: readonly string[];
  readonly language: Language;
}[] = [
  {
    extensions: ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte"],
    language: {
      openers: [
        LINE_COMMENT,
        BLOCK_COMMENT,
        DOUBLE,
        SINGLE,
        opener(/`/y, { close: "`", isMultiline: true, hasCode: true }),
      ],
      hasPatterns: true,
      keywords: words(
        "abstract as async await break case catch class const continue debugger declare default delete do else enum export extends false finally for from function get if implements import in instanceof interface is keyof let namespace new null of override private protected public readonly return satisfies set static super switch this throw true try type typeof undefined var void while with yield",
      ),
    },
  },
  {
    extensions: ["go"],
    language: {
      openers: [
        LINE_COMMENT,
        BLOCK_COMMENT,
        DOUBLE,
        SINGLE,
        opener(/`/y, { close: "`", escapes: false, isMultiline: true }),
      ],
      keywords: words(
        "break case chan const continue default defer else fallthrough false for func go goto if import interface iota map nil package range return select struct switch true type var",
      ),
    },
  },
  {
    extensions: [
      "c",
      "h",
      "cc",
      "cpp",
      "cxx",
      "c++",
      "hh",
      "hpp",
      "hxx",
      "inc",
      "inl",
      "m",
      "mm",
      "cu",
    ],
    language: {
      openers: [
        LINE_COMMENT,
        BLOCK_COMMENT,
        {
          open: /(?:u8|[uUL])?R"([^\s()\\]{0,16})\(/y,
          literal: ([, delimiter]) => ({
            kind: "string",
            close: `)${delimiter}"`,
            escapes: false,
            isMultiline: true,
          }),
        },
        opener(/(?:u8|[uUL])?"/y, { close: '"' }),
        opener(/(?:u8|[uUL])?'/y, { close: "'" }),
      ],
      hasDirectives: true,
      keywords: words(
        "alignas alignof auto bool break case catch char char8_t char16_t char32_t class concept const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete do double dynamic_cast else enum explicit export extern false final float for friend goto if inline int long mutable namespace new noexcept nullptr operator override private protected public register reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while",
      ),
    },
  },
  {
    extensions: ["rs"],
    language: {
      openers: [
        LINE_COMMENT,
        opener(/\/\*/y, {
          kind: "comment",
          close: "*/",
          escapes: false,
          isMultiline: true,
          nests: "/*",
        }),
        {
          open: /(?:br|cr|r)(#*)"/y,
          literal: ([, hashes]) => ({
            kind: "string",
            close: `"${hashes}`,
            escapes: false,
            isMultiline: true,
          }),
        },
        opener(/[bc]?"/y, { close: '"', isMultiline: true }),
        // A quote without a second one begins a lifetime.
        opener(/b?'(?=\\|.')/uy, { close: "'" }),
      ],
      keywords: words(
        "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type union unsafe use where while",
      ),
    },
  },
  {
    extensions: ["py", "pyx", "pyi"],
    language: {
      openers: [
        opener(/#/y, { kind: "comment", close: "", escapes: false }),
        opener(/[a-zA-Z]{0,2}"""/y, { close: '"""', isMultiline: true }),
        opener(/[a-zA-Z]{0,2}'''/y, { close: "'''", isMultiline: true }),
        opener(/[a-zA-Z]{0,2}"/y, { close: '"' }),
        opener(/[a-zA-Z]{0,2}'/y, { close: "'" }),
      ],
      keywords: words(
        "and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield",
      ),
    },
  },
  {
    extensions: ["java", "kt", "kts", "scala", "groovy", "cs", "swift", "dart", "proto"],
    language: {
      openers: [LINE_COMMENT, BLOCK_COMMENT, TEXT_BLOCK, DOUBLE, SINGLE],
      keywords: words(
        "abstract as assert async await boolean break byte case catch char class companion const continue data default do double else enum extends false final finally float for fun func goto if implements import in init instanceof int interface internal is let long native new null object open operator override package private protected public record return sealed short static struct super switch synchronized this throw throws transient true try typealias using val var void volatile when where while yield",
      ),
    },
  },
];
