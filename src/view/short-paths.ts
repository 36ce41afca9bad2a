/**
 * Returns the shortest form of each path that no other path has: its base name, after as many of its
 * folders as necessary. The form of a file of an npm package begins with the package's name, and `…`
 * replaces two or more folders: `eslint/…/traverser.js`. Names of Node's modules (`node:fs`) stay
 * whole. Runs in time proportional to the total length.
 */
export function shortPaths(paths: Iterable<string>): Map<string, string> {
  const short: ShortPath[] = [];
  let alike: Group[] = [{ members: Array.from(new Set(paths), splitPath), compared: 0 }];
  while (alike.length > 0) {
    const longer: Group[] = [];
    for (const { members, compared } of alike) {
      for (const group of groupByPart(members, compared)) {
        if (group.length > 1) longer.push({ members: group, compared: compared + 1 });
        else short.push({ split: group[0], parts: compared + 1 });
      }
    }
    alike = longer;
  }
  return distinctForms(short);
}

/** A path, and the number of its last parts that its short form has. */
interface ShortPath {
  readonly split: SplitPath;
  readonly parts: number;
}

/** Returns the forms. A folder may be called as a package is; the forms of both become longer. */
function distinctForms(paths: readonly ShortPath[]): Map<string, string> {
  const forms = new Map<string, string>();
  const users = new Map<string, ShortPath[]>();
  const add = (one: ShortPath): void => {
    const form = shortForm(one.split, one.parts);
    forms.set(one.split.path, form);
    const known = users.get(form);
    if (known) known.push(one);
    else users.set(form, [one]);
  };
  let added = paths;
  while (added.length > 0) {
    added.forEach(add);
    const alike = new Set(added.map(({ split }) => forms.get(split.path) ?? ""));
    const longer: ShortPath[] = [];
    for (const form of alike) {
      const sharing = users.get(form) ?? [];
      if (sharing.length === 1) continue;
      users.set(
        form,
        sharing.filter(({ split, parts }) => parts >= split.starts.length),
      );
      for (const { split, parts } of sharing) {
        if (parts < split.starts.length) longer.push({ split, parts: longerBy(split, parts) });
      }
    }
    added = longer;
  }
  return forms;
}

/** Returns a larger number of parts, with which the short form is longer. */
function longerBy({ starts, package: at }: SplitPath, parts: number): number {
  // All folders of a package, and then the folder that contains it.
  return Math.min(starts.length, at !== undefined && parts <= at ? at + 2 : parts + 1);
}

/** Paths whose first `compared` parts are equal. */
interface Group {
  readonly members: readonly SplitPath[];
  readonly compared: number;
}

function groupByPart(members: readonly SplitPath[], at: number): SplitPath[][] {
  const groups = new Map<string, SplitPath[]>();
  const alone: SplitPath[][] = [];
  for (const member of members) {
    const part = partAt(member, at);
    if (part === undefined) {
      alone.push([member]);
      continue;
    }
    const group = groups.get(part);
    if (group) group.push(member);
    else groups.set(part, [member]);
  }
  return [...alone, ...groups.values()];
}

/** A path, cut at its slashes. */
interface SplitPath {
  readonly path: string;
  /** The positions where the base name and each folder begin, from the base name to the root. */
  readonly starts: readonly number[];
  /** The position in {@link starts} of the name of the npm package, if the file belongs to one. */
  readonly package: number | undefined;
}

/** Node's modules, and text in angle or square brackets, which is no path. */
const NOT_SPLIT = /^(?:node:|[<[])/;

function splitPath(path: string): SplitPath {
  if (NOT_SPLIT.test(path)) return { path, starts: [0], package: undefined };
  const query = /^[a-z][a-z0-9+.-]+:/i.test(path) ? path.search(/[?#]/) : -1;
  const starts = [0];
  for (let i = 0; i < (query < 0 ? path.length - 1 : query); i++) {
    if (path[i] === "/" || path[i] === "\\") starts.push(i + 1);
  }
  starts.reverse();
  const partOf = (at: number) => path.slice(starts[at], (starts[at - 1] ?? path.length + 1) - 1);
  for (let at = 1; at < starts.length; at++) {
    if (partOf(at) !== "node_modules") continue;
    // A file in node_modules itself belongs to no package.
    const name = path[starts[at - 1]] === "@" ? at - 2 : at - 1;
    return { path, starts, package: name > 0 ? name : undefined };
  }
  return { path, starts, package: undefined };
}

/** Returns the part to compare as number `at`: the base name, and then folder after folder. */
function partAt(split: SplitPath, at: number): string | undefined {
  const { path, starts } = split;
  if (at >= starts.length) return undefined;
  const part = path.slice(starts[at], at === 0 ? path.length : starts[at - 1] - 1);
  // Files of different packages have different short forms.
  return at === 0 ? `${packageName(split)}\0${part}` : part;
}

function packageName({ path, starts, package: at }: SplitPath): string {
  if (at === undefined) return "";
  const isScoped = path[starts[at + 1]] === "@";
  return path.slice(starts[isScoped ? at + 1 : at], starts[at - 1] - 1);
}

/** Returns the last `count` parts of a path, with its package's name. */
function shortForm(split: SplitPath, count: number): string {
  const { path, starts, package: at } = split;
  const tail = path.slice(starts[Math.min(count, starts.length) - 1]);
  if (at === undefined || count > at) return tail;
  const omitted = at - count;
  if (omitted > 1) return `${packageName(split)}/…/${tail}`;
  return `${packageName(split)}${path.slice(starts[at - 1] - 1)}`;
}
