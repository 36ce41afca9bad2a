import type { Profile } from "../profile/profile.js";

/** What probably made a profile. */
export interface Producer {
  readonly name: string;
  /** What tells: one line. */
  readonly because: string;
}

/** What formats other than profile.proto tell of who writes them. */
const BY_FORMAT: Readonly<Record<string, string>> = {
  "CPU profile of gperftools": "gperftools",
  "CPU profile of Java": "a Java agent of gperftools' kind",
  "Java profile": "a Java agent of gperftools' kind",
};

/** How functions of a language look, the most telling first. */
const LANGUAGES: readonly {
  readonly name: string;
  readonly file?: RegExp;
  readonly function?: RegExp;
}[] = [
  {
    name: "Go",
    function: /^runtime\.(goexit|main|mcall|mstart|morestack|gopark|mallocgc|newstack)$/,
  },
  { name: "Go", file: /\.go$/ },
  { name: "V8 (Node.js or a browser)", file: /^(node:|file:\/\/|https?:\/\/)|\.[cm]?[jt]sx?$/ },
  { name: "V8 (Node.js or a browser)", function: /^\((garbage collector|program|idle)\)$/ },
  { name: "Python", file: /\.py$/ },
  { name: "Ruby", file: /\.rb$/ },
  { name: "Java", file: /\.(java|kt|scala)$/ },
  { name: "Rust", file: /\.rs$/ },
  { name: ".NET", file: /\.cs$/ },
  { name: "C or C++", file: /\.(c|cc|cpp|cxx|h|hpp|S)$/ },
];

/** So many functions tell enough. */
const MAX_FUNCTIONS = 20_000;

/** Guesses what made a profile, of what is in it; undefined where nothing tells. */
export function guessProducer(profile: Profile, format: string): Producer | undefined {
  const byFormat = BY_FORMAT[format];
  if (byFormat !== undefined) return { name: byFormat, because: "it is a format of its own" };
  const language = commonLanguage(profile);
  if (language === undefined) {
    return hasLibrary(profile, /libprofiler|libtcmalloc/)
      ? { name: "gperftools", because: "its library is among the binaries" }
      : undefined;
  }
  if (language.name === "C or C++" && hasLibrary(profile, /libprofiler|libtcmalloc/)) {
    return { name: "gperftools", because: "its library is among the binaries" };
  }
  return language;
}

function hasLibrary({ mappings, strings }: Profile, name: RegExp): boolean {
  for (let row = 0; row < mappings.length; row++) {
    if (name.test(strings.get(mappings.file[row]))) return true;
  }
  return false;
}

/** The first language that a tenth of the functions are of. */
function commonLanguage({ functions, strings }: Profile): Producer | undefined {
  const count = Math.min(functions.length, MAX_FUNCTIONS);
  const seen = LANGUAGES.map(() => 0);
  const example: string[] = [];
  for (let row = 0; row < count; row++) {
    const name = strings.get(functions.name[row]);
    const file = strings.get(functions.filename[row]);
    LANGUAGES.forEach((language, i) => {
      const matched = language.function?.test(name) ? name : language.file?.test(file) && file;
      if (!matched) return;
      seen[i]++;
      example[i] ??= matched;
    });
  }
  const found = LANGUAGES.findIndex(({ file }, i) => seen[i] > (file ? count / 10 : 0));
  if (found < 0) return undefined;
  const { name, file } = LANGUAGES[found];
  return { name, because: `${file ? "files" : "functions"} such as ${example[found]}` };
}
