import type { Profile } from "../profile/profile.js";

export interface Producer {
  readonly name: string;
  /** The evidence in one line. */
  readonly because: string;
}

/** The producers of formats other than profile.proto. */
const BY_FORMAT: Readonly<Record<string, string>> = {
  "CPU profile of gperftools": "gperftools",
  "CPU profile of Java": "a Java agent in the style of gperftools",
  "Firefox profile (raw)": "Firefox",
  "Java profile": "a Java agent in the style of gperftools",
};

/** Typical functions and files of languages, the most specific first. */
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
  { name: "Firefox", function: /^(js::RunScript|XREMain::XRE_main|XRE_InitChildProcess)$/ },
  { name: "V8 (Node.js or a browser)", file: /^(node:|file:\/\/|https?:\/\/)|\.[cm]?[jt]sx?$/ },
  { name: "V8 (Node.js or a browser)", function: /^\((garbage collector|program|idle)\)$/ },
  { name: "Python", file: /\.py$/ },
  { name: "Ruby", file: /\.rb$/ },
  { name: "Java", file: /\.(java|kt|scala)$/ },
  { name: "Rust", file: /\.rs$/ },
  { name: ".NET", file: /\.cs$/ },
  { name: "C or C++", file: /\.(c|cc|cpp|cxx|h|hpp|S)$/ },
];

const MAX_FUNCTIONS = 20_000;

/** Guesses the producer of a profile from its content. Returns undefined without evidence. */
export function guessProducer(profile: Profile, format: string): Producer | undefined {
  const byFormat = BY_FORMAT[format];
  if (byFormat !== undefined)
    return { name: byFormat, because: "only this program writes the format" };
  const language = commonLanguage(profile);
  const isVague = language === undefined || language.name === "C or C++";
  if (isVague && hasLibrary(profile, /libprofiler|libtcmalloc/)) {
    return { name: "gperftools", because: "the profile contains its library" };
  }
  return language;
}

function hasLibrary({ mappings, strings }: Profile, name: RegExp): boolean {
  for (let row = 0; row < mappings.length; row++) {
    if (name.test(strings.get(mappings.file[row]))) return true;
  }
  return false;
}

/** Returns the first language with a tenth of the files, or with a function of its runtime. */
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
