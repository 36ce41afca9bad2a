import { h } from "../widgets/elements.js";

export function toolButton(text: string, title: string): HTMLButtonElement {
  const label = /^\p{L}/u.test(text) ? {} : { "aria-label": title };
  return h("button", { type: "button", class: "flame-button", title, ...label }, text);
}

export function toggle(text: string, title: string): HTMLButtonElement {
  const made = toolButton(text, title);
  setPressed(made, false);
  return made;
}

export function isPressed(element: HTMLElement): boolean {
  return element.getAttribute("aria-pressed") === "true";
}

export function setPressed(element: HTMLElement, pressed: boolean): void {
  element.setAttribute("aria-pressed", String(pressed));
}
