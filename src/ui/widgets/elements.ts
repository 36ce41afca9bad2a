/** Content of an element. Undefined, null and false add nothing. */
export type Child = Node | string | number | undefined | null | false | readonly Child[];

type Handlers = {
  readonly [Name in keyof HTMLElementEventMap as `on${Name}`]?: (
    event: HTMLElementEventMap[Name],
  ) => void;
};

/**
 * Attributes and event listeners (`onclick`) by name. False or undefined leaves one out; true makes
 * it empty. The page's content security policy forbids `style`: use `element.style`.
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

/** Creates an element. Strings become text, never markup. An `href` must lie within the page. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    // The type Attributes pairs each listener with the event of its name.
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

export function button(
  text: Child,
  act: (event: MouseEvent) => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  return h("button", { type: "button", ...attributes, onclick: act }, text);
}

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

/** Returns an id that is unique in the page. */
export function newId(prefix: string): string {
  serial++;
  return `${prefix}-${serial}`;
}

/** Returns whether a click on a link opens another tab or window. */
export function opensElsewhere(event: MouseEvent): boolean {
  return event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}

/** Returns whether keys at a target are text: the page must not act on them. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select, [role=textbox]"))
  );
}
