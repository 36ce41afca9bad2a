import { button, type Child, h, newId } from "./elements.js";

/** What can be done in a dialog, as a button. */
export interface DialogAction {
  readonly label: string;
  /** Whether it is what Enter does; at most one is. */
  readonly isMain?: boolean;
  /**
   * What happens; then the dialog closes. What it throws or rejects with is shown in the
   * dialog, which then stays.
   */
  act?(): void | Promise<void>;
}

/** A dialog that is open. */
export interface OpenDialog {
  readonly element: HTMLDialogElement;
  /** Closes it, if it still is open; focus returns to what had it. */
  close(): void;
  /** Says what is wrong, in the dialog; nothing ends that. */
  complain(message: string): void;
}

/**
 * Opens a dialog over the page. Escape, a click beside it, and any button close it. Without
 * actions it has a button to close it.
 */
export function openDialog(
  title: string,
  body: Child,
  actions: readonly DialogAction[] = [{ label: "Close", isMain: true }],
): OpenDialog {
  const titleId = newId("dialog");
  const problem = h("p", { class: "dialog-problem", role: "alert" });
  const run = async ({ act }: DialogAction) => {
    try {
      complain("");
      await act?.();
      element.close();
    } catch (error) {
      complain(error instanceof Error ? error.message : String(error));
    }
  };
  const complain = (message: string) => {
    problem.textContent = message;
    problem.hidden = message === "";
  };
  const buttons = actions.map((action) =>
    action.isMain
      ? h("button", { type: "submit", class: "main" }, action.label)
      : button(action.label, () => void run(action)),
  );
  const form = h(
    "form",
    {
      method: "dialog",
      onsubmit: (event) => {
        event.preventDefault();
        const main = actions.find(({ isMain }) => isMain);
        if (main) void run(main);
      },
    },
    h("h2", { id: titleId }, title),
    h("div", { class: "dialog-body" }, body),
    problem,
    h("div", { class: "dialog-actions" }, buttons),
  );
  const element = h("dialog", { class: "dialog", "aria-labelledby": titleId }, form);
  complain("");
  const before = document.activeElement;
  element.addEventListener("close", () => {
    element.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  });
  // The form fills the dialog: what hits the dialog itself was beside it.
  element.addEventListener("pointerdown", ({ target }) => target === element && element.close());
  // Keys are the dialog's own as long as it is there.
  element.addEventListener("keydown", (event) => event.stopPropagation());
  document.body.append(element);
  element.showModal();
  return { element, close: () => element.open && element.close(), complain };
}
