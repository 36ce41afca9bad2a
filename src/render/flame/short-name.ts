/** Behind the name of what holds something: a folder, a namespace, a type. */
const SCOPE_SEPARATORS = /::|[/.]/g;

const OPENING_BRACKETS = "(<[{";
const CLOSING_BRACKETS = ")>]}";

/** So much of a name is looked at, and shown anywhere: names may have millions of letters. */
const MAX_NAME_UNITS = 800;

/** A name as it is shown where there is room for all of it. */
export function fullName(name: string): string {
  return name.length <= MAX_NAME_UNITS ? name : `${name.slice(0, MAX_NAME_UNITS - 1)}…`;
}

/**
 * The most of a name that fits into `room` letters: the whole, or what is left without
 * the outermost folders, namespaces and types, or else the beginning of that. Empty
 * where there is room for next to nothing.
 */
export function shortName(whole: string, room: number): string {
  const name = fullName(whole);
  if (name.length <= room) return name;
  if (room < 3) return "";
  let shortest = name;
  for (const start of innerNameStarts(name)) {
    shortest = name.slice(start);
    if (shortest.length <= room) return shortest;
  }
  return `${shortest.slice(0, room - 1)}…`;
}

/** Where names within `name` begin, outside of brackets, from left to right. */
function innerNameStarts(name: string): number[] {
  // Behind a blank there may be more than a name: a file, a note. In C++ it may be the name.
  const isCpp = name.includes("::");
  const blank = name.indexOf(" ");
  const end = isCpp || blank < 0 ? name.length : blank;
  const starts: number[] = [];
  let depth = 0;
  let from = 0;
  for (const { index, 0: mark } of name.slice(0, end).matchAll(SCOPE_SEPARATORS)) {
    for (; from < index; from++) {
      if (OPENING_BRACKETS.includes(name[from])) depth++;
      else if (CLOSING_BRACKETS.includes(name[from]) && depth > 0) depth--;
    }
    if (depth > 0 || (isCpp && mark !== "::")) continue;
    // What is left should still be a name, and not just the ending of a file's.
    if (end - (index + mark.length) >= 4) starts.push(index + mark.length);
  }
  return starts;
}
