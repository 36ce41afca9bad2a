/** The attribute of buttons that show more. {@link showForPrint} presses them. */
export const PRINTED_WHOLE = { "data-more": true } as const;

/** Shows everything that buttons of a view hide, because paper has no buttons. */
export function showForPrint(view: Element): void {
  for (const more of view.querySelectorAll<HTMLElement>("[data-more]")) more.click();
}
