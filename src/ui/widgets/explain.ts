import { type Child, fill, h, newId } from "./elements.js";
import { layerFor, placeBox } from "./popup-position.js";

/** What a number or a word means: a sentence or two, and an example. */
export interface Explanation {
  readonly title: string;
  readonly text: string;
  /** What it means for a program that the reader can picture. */
  readonly example?: string;
}

/** Rests of the pointer that are no question, in milliseconds. */
const HOVER_DELAY = 350;
/** How long a pointer may take from what is explained to the explanation. */
const LEAVE_DELAY = 200;

/** The one explanation that is open. */
let open: { readonly anchor: HTMLElement; close(): void } | undefined;

/**
 * Has an element explain itself while the pointer rests on it or the keyboard's focus is on
 * it, and, where it does nothing else (`opensOnClick`), on a click or a tap. Escape closes
 * the explanation. The element must be one that can be focused. What is explained may
 * change: `explanation` is asked each time.
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
    if (event.pointerType !== "touch") later(show, HOVER_DELAY);
  });
  anchor.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") later(close, LEAVE_DELAY);
  });
  anchor.addEventListener("focus", () => {
    if (anchor.matches(":focus-visible")) show();
  });
  anchor.addEventListener("blur", close);
  if (opensOnClick) {
    let wasOpen = false;
    // A press focuses, too; what counts is what there was before it.
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
    // It did what it does: the explanation would lie in the way.
    anchor.addEventListener("click", close);
  }
  return anchor;
}

/** Words that explain themselves: dotted below, to be hovered, focused, or tapped. */
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
  // It can be pointed at, to select what it says.
  box.addEventListener("pointerenter", () => later(() => {}, 0));
  box.addEventListener("pointerleave", () => later(close, LEAVE_DELAY));
  const options = { capture: true, signal };
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape") return;
      // The first Escape is for the explanation, the next one for what lies below.
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
