import { type Child, fill, h, newId } from "./elements.js";
import { layerFor, placeBox } from "./popup-position.js";

/** An explanation of a number or a term: a sentence or two, and an example. */
export interface Explanation {
  readonly title: string;
  readonly text: string;
  readonly example?: string;
}

/** The pointer must rest this long on an element to open its explanation. */
const HOVER_DELAY_MS = 350;
/** The time that the pointer has to move from an element to its explanation. */
const LEAVE_DELAY_MS = 200;

/** The open explanation; there is at most one. */
let open: { readonly anchor: HTMLElement; close(): void } | undefined;

/**
 * Explains an element, which must be focusable, in a popup. The popup opens while the pointer
 * rests on the element or the keyboard's focus is on it, and with `opensOnClick` on a click or
 * tap. Escape closes it. A function is called each time the popup opens.
 */
export function explain<E extends HTMLElement>(
  anchor: E,
  explanation: Explanation | (() => Explanation | undefined),
  { opensOnClick = false } = {},
): E {
  const get = typeof explanation === "function" ? explanation : () => explanation;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (act: () => void, delay: number) => {
    clearTimeout(timer);
    timer = setTimeout(act, delay);
  };
  const isOpen = () => open?.anchor === anchor;
  const show = () => {
    clearTimeout(timer);
    const current = get();
    if (current && anchor.isConnected && !isOpen()) openFor(anchor, current, later);
  };
  const close = () => {
    clearTimeout(timer);
    if (isOpen()) open?.close();
  };
  anchor.addEventListener("pointerenter", (event) => {
    if (event.pointerType !== "touch") later(show, HOVER_DELAY_MS);
  });
  anchor.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") later(close, LEAVE_DELAY_MS);
  });
  anchor.addEventListener("focus", () => {
    if (anchor.matches(":focus-visible")) show();
  });
  anchor.addEventListener("blur", close);
  if (opensOnClick) {
    let wasOpen = false;
    // Pressing focuses the element and may open the popup, so remember the state before.
    anchor.addEventListener("pointerdown", () => {
      wasOpen = isOpen();
    });
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      if (wasOpen) close();
      else show();
      wasOpen = isOpen();
    });
  } else {
    // The popup would cover what the click has changed.
    anchor.addEventListener("click", close);
  }
  return anchor;
}

/** Creates text with a dotted underline that explains itself. */
export function explained(content: Child, explanation: Explanation): HTMLButtonElement {
  const words = h("button", { type: "button", class: "explained" }, content);
  return explain(words, explanation, { opensOnClick: true });
}

function openFor(
  anchor: HTMLElement,
  { title, text, example }: Explanation,
  later: (act: () => void, delay: number) => void,
): void {
  open?.close();
  const box = h("div", { class: "explanation", role: "tooltip", id: newId("explanation") });
  fill(box, h("b", {}, title), h("p", {}, text), example && h("p", { class: "example" }, example));
  const controller = new AbortController();
  const { signal } = controller;
  const described = anchor.getAttribute("aria-describedby");
  const close = () => {
    if (signal.aborted) return;
    controller.abort();
    box.remove();
    if (described === null) anchor.removeAttribute("aria-describedby");
    else anchor.setAttribute("aria-describedby", described);
    open = undefined;
  };
  // The pointer can enter the popup, so that its text can be selected.
  box.addEventListener("pointerenter", () => later(() => {}, 0));
  box.addEventListener("pointerleave", () => later(close, LEAVE_DELAY_MS));
  const options = { capture: true, signal };
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape") return;
      // Escape closes only the popup, not the dialog or the zoom behind it.
      event.preventDefault();
      event.stopPropagation();
      close();
    },
    options,
  );
  document.addEventListener(
    "pointerdown",
    ({ target }) => {
      const isInside = target instanceof Node && (box.contains(target) || anchor.contains(target));
      if (!isInside) close();
    },
    options,
  );
  document.addEventListener("scroll", ({ target }) => target !== box && close(), options);
  layerFor(anchor).append(box);
  placeBox(box, anchor.getBoundingClientRect(), 6);
  anchor.setAttribute("aria-describedby", [described, box.id].filter(Boolean).join(" "));
  open = { anchor, close };
}
