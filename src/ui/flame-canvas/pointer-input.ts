/** A drag or a turn of the wheel. */
export interface Gesture {
  readonly x: number;
  /** The point where the drag began. */
  readonly startX: number;
  readonly startY: number;
  readonly isTouch: boolean;
  readonly shiftKey: boolean;
}

/** Handlers of pointer and wheel events. Points are CSS pixels from the element's top left. */
export interface InputHandlers {
  hover(x: number, y: number): void;
  leave(): void;
  /** Called after a press and release without a drag, but once for a double click. */
  click(x: number, y: number): void;
  doubleClick(): void;
  /** Called for a finger instead of {@link click} and {@link doubleClick}. */
  tap?(x: number, y: number): void;
  doubleTap?(x: number, y: number): void;
  /** Called while the pointer drags, with the distance since the last call. */
  drag(dx: number, dy: number, gesture: Gesture): void;
  /** Called at the end of a drag. */
  drop?(): void;
  /** A factor above 1 zooms in. */
  zoom(factor: number, x: number): void;
  /** Called for a wheel without a zoom key; returns whether anything scrolled. */
  scroll(dx: number, dy: number, gesture: Gesture): boolean;
  menu(x: number, y: number): void;
}

/** A pointer that moves less than this, in pixels, does not drag. */
const MAX_CLICK_MOVE_PX = 4;
/** A finger that rests this long opens the menu. */
const LONG_PRESS_MS = 550;
/** Two taps within this time and distance are a double tap. */
export const DOUBLE_TAP_MS = 350;
const MAX_DOUBLE_TAP_PX = 30;
/** The wheel distance, in pixels, that zooms by a factor of e. */
const WHEEL_PX_PER_E = 300;
/** Pixels per line and per page, for wheels that count in these units. */
const PX_PER_LINE = 20;
const PX_PER_PAGE = 400;

/** The wheel scrolls; with Ctrl, Alt or ⌘ it zooms, as pinching does. */
export function listen(element: HTMLElement, handlers: InputHandlers): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let start: { x: number; y: number } | undefined;
  let drags = false;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const point = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const gesture = (event: MouseEvent): Gesture => {
    const { x, y } = point(event);
    const { x: startX, y: startY } = start ?? { x, y };
    const isTouch = "pointerType" in event && event.pointerType === "touch";
    return { x, startX, startY, isTouch, shiftKey: event.shiftKey };
  };
  const end = () => {
    clearTimeout(rest);
    if (drags) handlers.drop?.();
    start = undefined;
    drags = false;
    element.classList.remove("flame-drags");
  };

  /** The tap before, until another pointer than a finger is used. */
  let lastTap: { x: number; y: number; time: number } | undefined;
  const tap = (at: { x: number; y: number }, time: number) => {
    const isDouble =
      lastTap !== undefined &&
      time - lastTap.time < DOUBLE_TAP_MS &&
      distance(lastTap, at) < MAX_DOUBLE_TAP_PX;
    lastTap = { ...at, time: isDouble ? Number.NEGATIVE_INFINITY : time };
    if (isDouble && handlers.doubleTap) handlers.doubleTap(at.x, at.y);
    else if (isDouble) handlers.doubleClick();
    else if (handlers.tap) handlers.tap(at.x, at.y);
    else handlers.click(at.x, at.y);
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (event.pointerType !== "touch") lastTap = undefined;
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
    }, LONG_PRESS_MS);
  });

  element.addEventListener("pointermove", (event) => {
    const at = point(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") handlers.hover(at.x, at.y);
      return;
    }
    if (pointers.size === 2) {
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1] ?? at;
      const [was, is] = [distance(before, other), distance(at, other)];
      handlers.drag((at.x - before.x) / 2, (at.y - before.y) / 2, gesture(event));
      if (was > 8 && is > 8) handlers.zoom(is / was, (at.x + other.x) / 2);
    } else if (
      pointers.size === 1 &&
      (drags || (start && distance(start, at) > MAX_CLICK_MOVE_PX))
    ) {
      if (!drags) {
        drags = true;
        element.classList.add("flame-drags");
        handlers.leave();
      }
      handlers.drag(at.x - before.x, at.y - before.y, gesture(event));
    } else {
      return;
    }
    pointers.set(event.pointerId, at);
  });

  element.addEventListener("pointerup", (event) => {
    if (!pointers.delete(event.pointerId)) return;
    const clicked = start && !drags ? point(event) : undefined;
    end();
    if (!clicked || event.button !== 0) return;
    if (event.pointerType === "touch") tap(clicked, event.timeStamp);
    else pressed = clicked;
  });
  element.addEventListener("pointercancel", (event) => {
    pointers.delete(event.pointerId);
    end();
  });
  element.addEventListener("pointerleave", () => handlers.leave());

  // Set on release; the click event that follows knows whether it is the second of a double click.
  let pressed: { x: number; y: number } | undefined;
  element.addEventListener("click", ({ detail }) => {
    if (pressed && detail <= 1) handlers.click(pressed.x, pressed.y);
    pressed = undefined;
  });
  element.addEventListener("dblclick", () => {
    if (!lastTap) handlers.doubleClick();
  });

  element.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    // Menus opened by a key or a long press are handled elsewhere.
    if (event.button !== 2) return;
    const { x, y } = point(event);
    handlers.menu(x, y);
  });

  element.addEventListener(
    "wheel",
    (event) => {
      const unit = event.deltaMode === 1 ? PX_PER_LINE : event.deltaMode === 2 ? PX_PER_PAGE : 1;
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
      if (event.ctrlKey || event.metaKey || event.altKey) {
        event.preventDefault();
        // Pinching on a touchpad arrives as small wheel steps with Ctrl.
        const step = event.ctrlKey && Math.abs(dy) < 40 ? WHEEL_PX_PER_E / 3 : WHEEL_PX_PER_E;
        handlers.zoom(Math.exp(-dy / step), point(event).x);
        return;
      }
      // Some browsers report Shift with the wheel as vertical scrolling.
      const sideways = event.shiftKey && dx === 0;
      if (handlers.scroll(sideways ? dy : dx, sideways ? 0 : dy, gesture(event))) {
        event.preventDefault();
      }
    },
    { passive: false },
  );
}

function distance(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
