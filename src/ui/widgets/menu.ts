import { type Child, h, opensElsewhere } from "./elements.js";
import { layerFor, placeBox } from "./popup-position.js";

export type MenuItem = MenuAction | MenuHeading | "separator";

export interface MenuAction {
  readonly label: string;
  /** An explanation, or the value that the action sets; shown below the label. */
  readonly detail?: string;
  /** The key for the same action, shown at the right. */
  readonly key?: string;
  /** Makes the item a choice that is selected (true) or not (false). */
  readonly isChecked?: boolean;
  readonly isDisabled?: boolean;
  /** A link target, for items that can open in another tab. */
  readonly href?: string;
  /** The name of the file that the link downloads. */
  readonly download?: string;
  /** Acts on the item. An item with `href` and without `act` follows the link. */
  act?(): void;
}

/** A line above a group of items, such as the name of a function. */
export interface MenuHeading {
  readonly heading: string;
}

export interface OpenMenu {
  readonly element: HTMLElement;
  /** Closes the menu if it is open. */
  close(): void;
}

let current: OpenMenu | undefined;

/** Letters typed within this time form one word. */
const TYPING_PAUSE_MS = 700;

/**
 * Opens a menu at a point of the window, instead of an open one, and focuses its first item, or the selected
 * one.
 * Arrows, Home, End and letters move; Enter and Space choose. Escape, Tab, a click or the wheel
 * outside close the menu. The focus then returns to `returnFocusTo`.
 */
export function openMenu(
  items: readonly MenuItem[],
  at: { readonly x: number; readonly y: number },
  returnFocusTo: Element | null = document.activeElement,
  label = "Actions",
): OpenMenu {
  current?.close();
  const choices: HTMLElement[] = [];
  const element = h("div", { class: "menu", role: "menu", "aria-label": label, tabindex: -1 });
  const { signal, abort } = aborter();

  const close = (returnsFocus: boolean) => {
    if (signal.aborted) return;
    abort();
    // Removing the focused element moves the focus to the body.
    const hadFocus = element.contains(document.activeElement);
    element.remove();
    if (current === menu) current = undefined;
    const focusable = returnFocusTo instanceof HTMLElement || returnFocusTo instanceof SVGElement;
    if (focusable && (returnsFocus || hadFocus)) returnFocusTo.focus({ preventScroll: true });
  };
  const menu: OpenMenu = { element, close: () => close(true) };

  for (const item of items) {
    if (item === "separator") {
      element.append(h("div", { role: "separator" }));
    } else if ("heading" in item) {
      element.append(h("div", { class: "menu-heading", role: "presentation" }, item.heading));
    } else {
      const choice = choiceOf(item, () => close(true));
      choices.push(choice);
      element.append(choice);
    }
  }
  followKeys(element, choices, () => close(true));
  closeOutside(element, signal, close);
  layerFor(returnFocusTo).append(element);
  placeBox(element, { left: at.x, right: at.x, top: at.y, bottom: at.y }, 2);
  current = menu;
  const chosen = choices.find((choice) => choice.getAttribute("aria-checked") === "true");
  (chosen ?? choices[0] ?? element).focus({ preventScroll: true });
  return menu;
}

/** The last menu of each button. */
const openers = new WeakMap<HTMLElement, HTMLElement>();

export function openMenuOf(button: HTMLElement, items: readonly MenuItem[], label?: string): void {
  const { left, bottom } = button.getBoundingClientRect();
  button.setAttribute("aria-expanded", "true");
  const { element } = openMenu(items, { x: left, y: bottom }, button, label);
  openers.set(button, element);
  const watch = new MutationObserver(() => {
    if (element.isConnected) return;
    watch.disconnect();
    // An item of the menu may have opened another menu of the same button.
    if (openers.get(button) === element) button.setAttribute("aria-expanded", "false");
  });
  if (element.parentNode) watch.observe(element.parentNode, { childList: true });
}

function choiceOf(item: MenuAction, close: () => void): HTMLElement {
  const { label, detail, key, isChecked, isDisabled = false, href, download } = item;
  const content: Child = [
    h(
      "span",
      { class: "menu-text" },
      h("span", { class: "menu-label" }, label),
      detail && h("span", { class: "menu-detail" }, detail),
    ),
    key && h("kbd", {}, key),
  ];
  const attributes = {
    role: isChecked === undefined ? "menuitem" : "menuitemradio",
    tabindex: -1,
    "aria-checked": isChecked,
    "aria-disabled": isDisabled || undefined,
  };
  const choose = (event: MouseEvent) => {
    if (isDisabled) {
      event.preventDefault();
      return;
    }
    // The link opens in another tab; this page stays as it is.
    if (href !== undefined && (opensElsewhere(event) || !item.act)) {
      // The browser does not follow a link that was removed during the click.
      setTimeout(close);
      return;
    }
    event.preventDefault();
    close();
    item.act?.();
  };
  return href === undefined || isDisabled
    ? h("div", { ...attributes, onclick: choose }, content)
    : h("a", { ...attributes, href, download, onclick: choose }, content);
}

function followKeys(element: HTMLElement, choices: readonly HTMLElement[], close: () => void) {
  let typed = "";
  let typedAt = 0;
  const focusAt = (index: number) =>
    choices[(index + choices.length) % choices.length]?.focus({ preventScroll: false });
  element.addEventListener("keydown", (event) => {
    const at = choices.indexOf(document.activeElement as HTMLElement);
    const isLetter = event.key.length === 1 && event.key !== " ";
    if (event.key === "ArrowDown") focusAt(at + 1);
    else if (event.key === "ArrowUp") focusAt(at < 0 ? -1 : at - 1);
    else if (event.key === "Home") focusAt(0);
    else if (event.key === "End") focusAt(-1);
    else if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key === "Enter" || event.key === " ") choices[at]?.click();
    else if (isLetter && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const now = performance.now();
      typed = now - typedAt > TYPING_PAUSE_MS ? event.key : typed + event.key;
      typedAt = now;
      // A repeated letter moves on to the next item that begins with it.
      const isSame = typed.split("").every((letter) => letter === typed[0]);
      const wanted = (isSame ? typed[0] : typed).toLowerCase();
      const order = choices.map((_, i) => (at + i + (isSame ? 1 : 0)) % choices.length);
      const found = order.find((i) => textOf(choices[i]).startsWith(wanted));
      if (found !== undefined) focusAt(found);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener("pointermove", ({ target }) => {
    const choice = target instanceof Element && choices.find((one) => one.contains(target));
    if (choice && choice !== document.activeElement) choice.focus({ preventScroll: true });
  });
  element.addEventListener("contextmenu", (event) => event.preventDefault());
}

function textOf(choice: HTMLElement): string {
  return (choice.querySelector(".menu-label")?.textContent ?? "").toLowerCase();
}

function closeOutside(
  element: HTMLElement,
  signal: AbortSignal,
  close: (returnsFocus: boolean) => void,
): void {
  const isInside = ({ target }: Event) => target instanceof Node && element.contains(target);
  const options = { capture: true, signal };
  document.addEventListener("pointerdown", (event) => !isInside(event) && close(false), options);
  document.addEventListener("wheel", (event) => !isInside(event) && close(true), {
    ...options,
    passive: true,
  });
  document.addEventListener("focusin", (event) => !isInside(event) && close(false), options);
  window.addEventListener("blur", () => close(true), { signal });
  window.addEventListener("resize", () => close(true), { signal });
  window.addEventListener("popstate", () => close(false), { signal });
}

function aborter(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
