/*
 * Adds keys, search and unfolding to a page of source code (`tsprof weblist`). The page can be
 * read without this script.
 */

const KEYS = [
  [["j", "k"], "next, previous line with a cost"],
  [["h"], "the hottest line, then the next hottest"],
  [["n", "p"], "next, previous function"],
  [["o"], "unfold or fold the line"],
  [["a"], "unfold or fold all lines of the function"],
  [["c"], "collapse or expand the function"],
  [["/"], "find a function"],
  [["?"], "show these keys"],
] as const;

// The web interface shows this page in a frame. It needs the height to print the whole page.
if (parent !== window) {
  const report = () =>
    parent.postMessage({ weblistHeight: document.documentElement.scrollHeight }, "*");
  new ResizeObserver(report).observe(document.body);
}

/** The number of hot lines that one click unfolds. */
const MAX_LINES_UNFOLDED = 40;

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.append(...content);
  return element;
}

const sections = [...document.querySelectorAll<HTMLElement>("main section")];
const isShown = (element: Element) => element.closest<HTMLElement>("section")?.hidden === false;

function linesOf(root: ParentNode): HTMLDetailsElement[] {
  return [...root.querySelectorAll<HTMLDetailsElement>(".lines>details")];
}

function linesWithCost(): HTMLElement[] {
  const rows = document.querySelectorAll<HTMLElement>("main .lines>details>summary, main .plain");
  return [...rows].filter((row) => isShown(row) && row.querySelector(".bar"));
}

function widthOf(row: Element, selector: string): number {
  const bar = row.querySelector(`.bar ${selector}`);
  return Number(/w(\d+)/.exec(bar?.className ?? "")?.[1] ?? 0);
}

/** Sorts rows by their flat share, then by their cum share, highest first. */
function byHeat(rows: HTMLElement[]): HTMLElement[] {
  const weight = (row: HTMLElement) => widthOf(row, "b") * 100 + widthOf(row, "i");
  return rows.sort((a, b) => weight(b) - weight(a));
}

/** The line or function that keys start from. */
let current: HTMLElement | undefined;

function goTo(element: HTMLElement | undefined, block: ScrollLogicalPosition): void {
  if (!element) return;
  current = element;
  const folded = element.closest<HTMLDetailsElement>("details.fn");
  if (folded) folded.open = true;
  if (element.tagName !== "SUMMARY") element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block, inline: "nearest" });
  const code = element.closest(".code");
  if (code) code.scrollLeft = 0;
}

/** Returns the next (1) or previous (-1) element of `list`, seen from the current element. */
function neighbour(list: HTMLElement[], direction: 1 | -1): HTMLElement | undefined {
  const from = current ?? document.body.querySelector("main") ?? undefined;
  if (!from) return undefined;
  const wanted =
    direction === 1 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const beyond = list.filter(
    (element) => element !== from && from.compareDocumentPosition(element) & wanted,
  );
  // A section precedes the elements that it contains.
  const others = beyond.filter((element) => direction === 1 || !element.contains(from));
  return direction === 1 ? others[0] : others.at(-1);
}

/** The number of times that the key for the hottest line was pressed. */
let hottest = 0;

function goToHottest(): void {
  const rows = byHeat(linesWithCost());
  if (rows.length === 0) return;
  const row = rows[hottest++ % rows.length];
  const details = row.parentElement;
  if (details instanceof HTMLDetailsElement) details.open = true;
  goTo(row, "center");
}

function toggleAll(root: ParentNode): void {
  const lines = linesOf(root);
  const open = !lines.some((line) => line.open);
  for (const line of lines) line.open = open;
}

const filter = make("input");
const keys = make("div");

function setUp(tools: HTMLElement): void {
  filter.type = "search";
  filter.placeholder = "Find functions";
  filter.setAttribute("aria-label", "Find functions");
  filter.addEventListener("input", () => showMatching(filter.value));
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Escape") filter.blur();
  });
  keys.className = "keys";
  keys.hidden = true;
  for (const [names, meaning] of KEYS) {
    keys.append(make("span", ...names.map((name) => make("kbd", name))), make("span", meaning));
  }
  tools.append(
    filter,
    button("Unfold hot lines", () => {
      const rows = byHeat(linesWithCost().filter((row) => row.closest(".hot"))).slice(
        0,
        MAX_LINES_UNFOLDED,
      );
      for (const row of rows) {
        if (row.parentElement instanceof HTMLDetailsElement) row.parentElement.open = true;
      }
    }),
    button("Unfold all", () => {
      for (const line of linesOf(document)) if (isShown(line)) line.open = true;
    }),
    button("Fold all", () => {
      for (const line of linesOf(document)) line.open = false;
    }),
    button("Keys", () => {
      keys.hidden = !keys.hidden;
    }),
  );
  tools.after(keys);
  tools.hidden = false;
}

function button(label: string, act: () => void): HTMLButtonElement {
  const made = make("button", label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function showMatching(text: string): void {
  const wanted = text.trim().toLowerCase();
  for (const section of sections) {
    const heading = section.querySelector("h2")?.textContent ?? "";
    const file = section.querySelector(".file")?.textContent ?? "";
    const fits = `${heading}\n${file}`.toLowerCase().includes(wanted);
    section.hidden = !fits;
    const row = document.querySelector<HTMLElement>(`tr[data-for="${section.id}"]`);
    if (row) row.hidden = !fits;
  }
}

const ACTIONS: Record<string, () => void> = {
  j: () => goTo(neighbour(linesWithCost(), 1), "center"),
  k: () => goTo(neighbour(linesWithCost(), -1), "center"),
  n: () => goTo(neighbour(sections.filter(isShown), 1), "start"),
  p: () => goTo(neighbour(sections.filter(isShown), -1), "start"),
  h: goToHottest,
  o: () => {
    const details = current?.parentElement;
    if (details instanceof HTMLDetailsElement) details.open = !details.open;
  },
  a: () => toggleAll(current?.closest("section") ?? sections[0] ?? document),
  c: () => {
    const block = (current?.closest("section") ?? sections[0])?.querySelector("details");
    if (block) block.open = !block.open;
  },
  "/": () => filter.focus(),
  "?": () => {
    keys.hidden = !keys.hidden;
    if (!keys.hidden) keys.scrollIntoView({ block: "nearest" });
  },
  Escape: () => {
    keys.hidden = true;
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === filter) return;
  const act = Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : undefined;
  if (!act) return;
  event.preventDefault();
  act();
});

// Keys start from the element that was clicked or focused last.
document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLElement && target.closest("main section")) current = target;
});

/** Unfolds the line named in the address. */
function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
  const block = target?.closest("section")?.querySelector("details");
  if (block) block.open = true;
}
window.addEventListener("hashchange", openTarget);
openTarget();

const tools = document.getElementById("tools");
if (tools) setUp(tools);
