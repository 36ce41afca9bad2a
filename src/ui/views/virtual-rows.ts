import { fill, h } from "../widgets/elements.js";

/** Rows kept in the page above and below the visible ones. */
const SPARE_ROWS = 12;

const MAX_PRINTED_ROWS = 20_000;

/** A long list of rows of equal height, of which only the visible ones are in the page. */
export class VirtualRows {
  readonly #scroller: HTMLElement;
  readonly #body: HTMLElement;
  readonly #make: (index: number) => HTMLElement;
  #count = 0;
  #height = 28;
  #first = 0;
  #last = 0;
  #isPrinting = false;
  #frame = 0;

  /** `scroller` contains `body` and scrolls; `make` creates a row. */
  constructor(scroller: HTMLElement, body: HTMLElement, make: (index: number) => HTMLElement) {
    this.#scroller = scroller;
    this.#body = body;
    this.#make = make;
    scroller.addEventListener("scroll", () => this.#drawSoon(), { passive: true });
    new ResizeObserver(() => this.#drawSoon()).observe(scroller);
    window.addEventListener("beforeprint", () => this.#print(true));
    window.addEventListener("afterprint", () => this.#print(false));
  }

  show(count: number): void {
    this.#count = count;
    this.#draw(true);
    this.#draw(false);
  }

  /** Returns the element of a row if it is in the page. */
  row(index: number): HTMLElement | undefined {
    const at = index - this.#first + 1;
    const isThere = index >= this.#first && index < this.#last;
    return isThere ? (this.#body.children[at] as HTMLElement) : undefined;
  }

  /** The number of rows that fit into the window, at least 1. */
  get perPage(): number {
    return Math.max(1, Math.floor(this.#room / this.#height) - 1);
  }

  get #room(): number {
    return this.#scroller.clientHeight - this.#head;
  }

  /** The height of the table's head, which stays at the top. */
  get #head(): number {
    const head = this.#body.previousElementSibling;
    return head instanceof HTMLElement ? head.offsetHeight : 0;
  }

  /** Scrolls just far enough to show a row. */
  reveal(index: number): void {
    const scroller = this.#scroller;
    const top = index * this.#height;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    const bottom = top + this.#height;
    if (bottom > scroller.scrollTop + this.#room) scroller.scrollTop = bottom - this.#room;
    this.#draw(false);
  }

  #drawSoon(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw(false));
  }

  #print(isPrinting: boolean): void {
    this.#isPrinting = isPrinting;
    this.#draw(true);
  }

  #draw(anew: boolean): void {
    this.#measure();
    const { scrollTop, clientHeight } = this.#scroller;
    const inSight = Math.floor(scrollTop / this.#height);
    const end = Math.ceil((scrollTop + Math.max(clientHeight, 100)) / this.#height);
    const first = this.#isPrinting ? 0 : Math.max(0, Math.min(inSight, this.#count) - SPARE_ROWS);
    const last = this.#isPrinting
      ? Math.min(MAX_PRINTED_ROWS, this.#count)
      : Math.min(this.#count, end + SPARE_ROWS);
    if (!anew && first === this.#first && last === this.#last) return;
    const rows: HTMLElement[] = [];
    for (let index = first; index < last; index++) {
      rows.push((anew ? undefined : this.row(index)) ?? this.#make(index));
    }
    this.#first = first;
    this.#last = last;
    fill(this.#body, this.#space(first), rows, this.#space(this.#count - last));
  }

  /** Rows are higher in narrow windows. */
  #measure(): void {
    const row = this.#body.children[1];
    const height = row instanceof HTMLElement && row.role === "row" ? row.offsetHeight : 0;
    if (height > 0) this.#height = height;
  }

  #space(rows: number): HTMLElement {
    const space = h("tr", { class: "space", role: "presentation" });
    space.style.height = `${this.#isPrinting ? 0 : rows * this.#height}px`;
    return space;
  }
}
