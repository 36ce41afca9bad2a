/** What a mouse, fingers and a wheel ask for; points are in CSS pixels from the corner of the element. */
export interface InputHandlers {
  hover(x: number, y: number): void;
  leave(): void;
  /** Pressed and let go in one place; not the second time of a double click. */
  click(x: number, y: number): void;
  doubleClick(): void;
  /** Dragged, or scrolled: what was under the pointer goes along. */
  drag(dx: number, dy: number): void;
  /** Above 1: in. */
  zoom(factor: number, x: number): void;
  /** A wheel without a key that zooms. Whether there was anything to scroll. */
  scroll(dx: number, dy: number): boolean;
  menu(x: number, y: number): void;
}

/** A pointer that moved less than so many pixels did not drag. */
const STILL = 4;
/** For so long a finger rests until that asks for a menu, in milliseconds. */
const LONG = 550;
/** How much one step of a wheel zooms: its pixels are divided by this. */
const WHEEL_STEP = 300;
/** The height of a line and of a page, for wheels that count in these. */
const LINE = 20;
const PAGE = 400;

/** Listens to an element. A wheel scrolls; with Ctrl, Alt or ⌘ it zooms, as pinching does. */
export function listen(element: HTMLElement, handlers: InputHandlers): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let start: { x: number; y: number } | undefined;
  let drags = false;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const point = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const end = () => {
    clearTimeout(rest);
    start = undefined;
    drags = false;
    element.classList.remove("flame-drags");
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const at = point(event);
    pointers.set(event.pointerId, at);
    element.setPointerCapture(event.pointerId);
    clearTimeout(rest);
    if (pointers.size > 1) {
      start = undefined;
      return;
    }
    start = at;
    drags = false;
    if (event.pointerType === "mouse") return;
    rest = setTimeout(() => {
      if (!start || drags) return;
      start = undefined;
      handlers.menu(at.x, at.y);
    }, LONG);
  });

  element.addEventListener("pointermove", (event) => {
    const at = point(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      handlers.hover(at.x, at.y);
      return;
    }
    if (pointers.size === 2) {
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1] ?? at;
      const [was, is] = [distance(before, other), distance(at, other)];
      handlers.drag((at.x - before.x) / 2, (at.y - before.y) / 2);
      if (was > 8 && is > 8) handlers.zoom(is / was, (at.x + other.x) / 2);
    } else if (pointers.size === 1 && (drags || (start && distance(start, at) > STILL))) {
      if (!drags) {
        drags = true;
        element.classList.add("flame-drags");
        handlers.leave();
      }
      handlers.drag(at.x - before.x, at.y - before.y);
    } else {
      return;
    }
    pointers.set(event.pointerId, at);
  });

  element.addEventListener("pointerup", (event) => {
    if (!pointers.delete(event.pointerId)) return;
    const clicked = start && !drags ? point(event) : undefined;
    end();
    if (clicked && event.button === 0) pressed = clicked;
  });
  element.addEventListener("pointercancel", (event) => {
    pointers.delete(event.pointerId);
    end();
  });
  element.addEventListener("pointerleave", () => handlers.leave());

  // A click knows whether it is the second of two.
  let pressed: { x: number; y: number } | undefined;
  element.addEventListener("click", ({ detail }) => {
    if (pressed && detail <= 1) handlers.click(pressed.x, pressed.y);
    pressed = undefined;
  });
  element.addEventListener("dblclick", () => handlers.doubleClick());

  element.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    // What a key or a resting finger asks for is answered elsewhere.
    if (event.button !== 2) return;
    const { x, y } = point(event);
    handlers.menu(x, y);
  });

  element.addEventListener(
    "wheel",
    (event) => {
      const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? PAGE : 1;
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
      if (event.ctrlKey || event.metaKey || event.altKey) {
        event.preventDefault();
        // Pinching on a touchpad comes as a wheel with Ctrl, in small steps.
        const step = event.ctrlKey && Math.abs(dy) < 40 ? WHEEL_STEP / 3 : WHEEL_STEP;
        handlers.zoom(Math.exp(-dy / step), point(event).x);
        return;
      }
      // With Shift a wheel goes sideways, also where the browser does not say so itself.
      const sideways = event.shiftKey && dx === 0;
      if (handlers.scroll(sideways ? dy : dx, sideways ? 0 : dy)) event.preventDefault();
    },
    { passive: false },
  );
}

function distance(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
