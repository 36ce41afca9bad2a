// Writes the licenses of everything in the bundles: of npm packages, and of the components inside
// these packages (embedded-components.mjs). A license text that many share is printed once. The
// build fails if a package has no license, or a license has no text.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { EMBEDDED, EXCEPTIONS, SHARED } from "./embedded-components.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const RULE = "-".repeat(80);

/** Bundles contain helper functions of the bundlers, which are not in the lists of their inputs. */
const BUNDLERS = ["esbuild", "rolldown"];

/** The licenses with which a license file is compared if package.json names none. */
const USUAL_LICENSES = ["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"];

const HEAD = `Third-party software in tsprof

tsprof itself is licensed under the Apache License 2.0, see the file LICENSE. The files beside this
one also hold the software that is listed here, each under its own license. The license texts
follow the lists.`;

/**
 * Finds the packages that the files of a bundle belong to.
 * @param {Iterable<string>} inputs paths relative to the root of the project, and
 *   "asset:PACKAGE/FILE"
 * @returns {string[]} their folders: absolute, sorted, without duplicates
 */
export function packageFolders(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const file = input.replace(/^asset:/, "node_modules/");
    const [, folder] = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
    if (folder) folders.add(path.resolve(root, folder));
  }
  return [...folders].sort();
}

/**
 * Composes THIRD-PARTY-LICENSES.txt.
 * @param {Iterable<string>} inputs the files of all bundles, as for `packageFolders`
 * @throws {Error} if a license is not known; names the package or component
 */
export function licenseNotices(inputs) {
  const texts = new Texts();
  const bundlers = BUNDLERS.map((name) => path.join(root, "node_modules", name));
  const packages = [...packageFolders(inputs), ...bundlers].map((folder) =>
    readPackage(folder, texts),
  );
  packages.sort((a, b) => compare(`${a.name} ${a.version}`, `${b.name} ${b.version}`));
  const sections = [["npm packages", packages]];
  for (const { name, version } of packages) {
    const embedded = EMBEDDED[name];
    if (!embedded) continue;
    if (embedded.version !== version) {
      throw new Error(
        `what ${name} ${version} holds is not known: scripts/embedded-components.mjs describes ${embedded.version}`,
      );
    }
    const components = embedded.components.map((component) => withTexts(component, texts));
    sections.push([`Inside of ${name} ${version}`, components]);
  }
  sections.push(["Inside several packages", SHARED.map((one) => withTexts(one, texts))]);
  return [HEAD, ...sections.map(printSection), ...texts.print()].join("\n\n");
}

function printSection([title, entries]) {
  return [`${RULE}\n${title}\n${RULE}`, ...entries.map(printEntry)].join("\n\n");
}

function printEntry({ name, version, license, copyright, source, note, texts }) {
  const fields = [
    ["License", license],
    ["Copyright", copyright],
    ["Source", source],
    ["Note", note],
    ["Text", texts.map((label) => `[${label}]`).join(" and ")],
  ];
  const lines = fields
    .filter(([, value]) => value)
    .map(
      ([label, value]) =>
        `  ${`${label}:`.padEnd(11)}${value.replaceAll("\n", `\n${" ".repeat(13)}`)}`,
    );
  return [version ? `${name} ${version}` : name, ...lines].join("\n");
}

/** Reads the license of an installed package from its package.json and its license files. */
function readPackage(folder, texts) {
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const { name, version, author, repository } = manifest;
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file))
    .map((file) => readFileSync(path.join(folder, file), "utf8").trim());
  const declared = manifest.license ?? manifest.licenses?.[0]?.type ?? "";
  const license = /^SEE LICENSE/i.test(declared) ? "" : declared.replace(/^\((.*)\)$/, "$1");
  const missing = new Set(licenseIds(license));
  const expected = missing.size > 0 ? missing : USUAL_LICENSES;
  const labels = [];
  for (const text of files) {
    const known = standardLicense(text, expected);
    labels.push(known ? texts.addStandard(known) : texts.add(`${name} ${version}`, text));
    // A single file is the text of a single license, even if its wording is not the standard one.
    if (known) missing.delete(known);
    else if (missing.size === 1) missing.clear();
  }
  for (const id of missing) labels.push(texts.addStandard(id));
  if (labels.length === 0) throw new Error(`${name} ${version} has no license: see ${folder}`);
  return {
    name,
    version,
    license: license || labels.join(" and "),
    copyright:
      files.flatMap(copyrightLines).join("\n") ||
      `By ${personName(author) ?? `the authors of ${name}`}`,
    source: sourceAddress(repository) ?? `the npm package ${name}`,
    texts: [...new Set(labels)],
  };
}

function withTexts(component, texts) {
  const ids = licenseIds(component.license);
  if (ids.length === 0) throw new Error(`${component.name} has no license`);
  return { ...component, texts: ids.map((id) => texts.addStandard(id)) };
}

/** Returns the identifiers in an SPDX expression: "MIT OR Apache-2.0" has two. */
function licenseIds(expression) {
  return expression.split(/[\s()]+/).filter((word) => word && !/^(AND|OR|WITH)$/.test(word));
}

/** Returns the license among `ids` whose standard text this is, or undefined. */
function standardLicense(text, ids) {
  const words = essence(text);
  return [...ids].find((id) => essence(standardText(id) ?? "") === words);
}

function standardText(id) {
  if (EXCEPTIONS[id]) return EXCEPTIONS[id];
  try {
    return require(`spdx-license-list/licenses/${id}.json`).licenseText;
  } catch {
    return undefined;
  }
}

/** Returns the words of a license without its title, holders and layout, to compare copies. */
function essence(text) {
  return text
    .replace(/END OF TERMS AND CONDITIONS[\s\S]*/, "")
    .replace(/^[\s#(]*(the )?[\w .-]*licen[sc]e\b.{0,20}$/im, "")
    .split("\n")
    .filter((line) => !isCopyright(line) && !/^\s*all rights reserved\.?\s*$/i.test(line))
    .join(" ")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "");
}

/** Tests whether a line names a holder. License texts mention copyright in other lines, too. */
function isCopyright(line) {
  const named = /^\W*(?:copyright|COPYRIGHT|Copyright)\s+(?:\([Cc]\)|©|[\d<[]|by\b|[A-Z][a-z])/;
  return named.test(line) || /^\W*(?:\([Cc]\)|©)\s*[\d<[]/.test(line);
}

function copyrightLines(text) {
  const lines = text
    .split("\n")
    .filter((line) => isCopyright(line) && !/[<[](year|yyyy)/i.test(line));
  return [...new Set(lines.map((line) => line.replace(/^[\s*#-]+/, "").trim()))];
}

/** Returns the name of an author, who is an object or "Name <address> (page)" in package.json. */
function personName(author) {
  return (author?.name ?? author)?.replace(/\s*[<(].*$/, "");
}

/** Returns the web address of a repository, which package.json gives in several forms. */
function sourceAddress(repository) {
  const given = repository?.url ?? repository;
  if (!given) return undefined;
  if (/^[\w.-]+\/[\w.-]+$/.test(given)) return `https://github.com/${given}`;
  return given
    .replace(/^git\+/, "")
    .replace(/^(ssh|git|https?):\/\/(git@)?/, "https://")
    .replace(/^git@([^:]+):/, "https://$1/")
    .replace(/\.git$/, "");
}

function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}

/** Collects license texts, each once, by label. */
class Texts {
  #byLabel = new Map();
  #labels = new Map();

  /** Adds the standard text of a license and returns its label. Throws if the text is not known. */
  addStandard(id) {
    const text = standardText(id);
    if (!text) throw new Error(`there is no text for the license ${id}`);
    return this.add(id, text.trim());
  }

  /** Adds a text and returns its label, or the label of an equal text that was added before. */
  add(label, text) {
    const key = essence(text);
    if (!this.#labels.has(key)) {
      this.#labels.set(key, label);
      this.#byLabel.set(label, text);
    }
    return this.#labels.get(key);
  }

  print() {
    const sorted = [...this.#byLabel].sort(([a], [b]) => compare(a, b));
    return sorted.map(([label, text]) => `${RULE}\n[${label}]\n${RULE}\n\n${text}\n`);
  }
}
