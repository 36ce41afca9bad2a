/** What an element may hold: nodes and texts; what is missing or false is left out. */
export type Child = Node | string | number | undefined | null | false | readonly Child[];

type Handlers = {
  readonly [Name in keyof HTMLElementEventMap as `on${Name}`]?: (
    event: HTMLElementEventMap[Name],
  ) => void;
};

/**
 * Attributes by their names, and what is called on events (`onclick`). An attribute that is
 * false or undefined is left out, one that is true is empty. There is no `style`: the page's
 * policy forbids it, and `element.style.x = …` does the same.
 */
export type Attributes = Handlers & {
  readonly style?: never;
  readonly [name: `data-${string}` | `aria-${string}`]: string | number | boolean | undefined;
} & { readonly [name in AttributeName]?: string | number | boolean | undefined };

type AttributeName =
  | "class"
  | "id"
  | "title"
  | "role"
  | "tabindex"
  | "type"
  | "name"
  | "value"
  | "placeholder"
  | "href"
  | "target"
  | "rel"
  | "download"
  | "for"
  | "label"
  | "checked"
  | "disabled"
  | "hidden"
  | "selected"
  | "readonly"
  | "multiple"
  | "min"
  | "max"
  | "step"
  | "list"
  | "spellcheck"
  | "autocomplete"
  | "autocapitalize"
  | "inputmode"
  | "enterkeyhint"
  | "autofocus"
  | "width"
  | "height"
  | "colspan"
  | "rowspan"
  | "scope"
  | "method"
  | "sandbox"
  | "open"
  | "dir"
  | "lang"
  | "popover";

/**
 * Makes an element. Texts become text and never markup, whatever is in them, so names from
 * a profile may be handed in as they are; addresses (`href`) are to be those of the page.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    // Its type says which event it takes, which is that of its name.
    if (typeof value === "function")
      element.addEventListener(name.slice(2), value as (event: Event) => void);
    else if (name.startsWith("aria-") && value !== undefined) {
      element.setAttribute(name, String(value));
    } else if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

/** A button that does something in the page; its text is its name. */
export function button(
  text: Child,
  act: (event: MouseEvent) => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  return h("button", { type: "button", ...attributes, onclick: act }, text);
}

/** Puts these in the place of all that an element holds. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    if (isList(child)) append(element, child);
    else element.append(child instanceof Node ? child : String(child));
  }
}

function isList(child: Child): child is readonly Child[] {
  return Array.isArray(child);
}

let serial = 0;

/** An id that no other element of the page has. */
export function newId(prefix: string): string {
  serial++;
  return `${prefix}-${serial}`;
}

/** Whether a click on a link is to open it in another tab or window, as browsers have it. */
export function opensElsewhere(event: MouseEvent): boolean {
  return event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}
