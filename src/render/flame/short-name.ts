/** Separates a folder, namespace or type from the name after it. */
const SCOPE_SEPARATORS = /::|[/.]/g;

const OPENING_BRACKETS = "(<[{";
const CLOSING_BRACKETS = ")>]}";

/** Names may have millions of letters. Only this many are read and shown. */
const MAX_NAME_UNITS = 800;

/** Shortens a name only if it is extremely long. */
export function fullName(name: string): string {
  return name.length <= MAX_NAME_UNITS ? name : `${name.slice(0, MAX_NAME_UNITS - 1)}…`;
}

/** Matches the file and line after a name; captures them without the folders. */
const POSITION = / (?:[^\s/]*\/)*([^\s/]+:\d+)$/;

/**
 * Returns as much of a name as fits into `room` letters: all of it, its innermost part, or the
 * beginning of that. Shortens the position after the name first. Empty if there is room for less
 * than three letters.
 */
export function shortName(whole: string, room: number): string {
  const name = fullName(whole);
  if (name.length <= room) return name;
  if (room < 3) return "";
  const position = POSITION.exec(name);
  if (position) {
    const fn = name.slice(0, position.index);
    // The names of scripts' functions stay whole. Other names begin with folders or namespaces.
    const starts = /\/|::/.test(fn) ? [0, ...innerNameStarts(fn)] : [0];
    for (const start of starts) {
      const shorter = `${fn.slice(start)} ${position[1]}`;
      if (shorter.length <= room) return shorter;
    }
    return shortName(fn, room);
  }
  let shortest = name;
  for (const start of innerNameStarts(name)) {
    shortest = name.slice(start);
    if (shortest.length <= room) return shortest;
  }
  return `${shortest.slice(0, room - 1)}…`;
}

/** Returns the positions outside brackets where a shorter name begins, from left to right. */
function innerNameStarts(name: string): number[] {
  // A file or a note may follow a space. In C++, the name itself may contain spaces.
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
    // The rest should be a name and not just a file extension.
    if (end - (index + mark.length) >= 4) starts.push(index + mark.length);
  }
  return starts;
}
