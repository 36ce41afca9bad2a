import { button, type Child, h, newId } from "./elements.js";

export interface DialogAction {
  readonly label: string;
  /** Whether Enter triggers the action; at most one action has it. */
  readonly isMain?: boolean;
  /** Acts on a click; then the dialog closes. It stays open and shows the error if this fails. */
  act?(): void | Promise<void>;
}

export interface OpenDialog {
  readonly element: HTMLDialogElement;
  /** Closes the dialog if it is open. The focus returns to the element that had it. */
  close(): void;
  showError(message: string): void;
}

/** Opens a dialog. Escape, a click outside and every button close it; by default it has one. */
export function openDialog(
  title: string,
  body: Child,
  actions: readonly DialogAction[] = [{ label: "Close", isMain: true }],
): OpenDialog {
  const titleId = newId("dialog");
  const problem = h("p", { class: "dialog-problem", role: "alert" });
  const run = async ({ act }: DialogAction) => {
    try {
      showError("");
      await act?.();
      element.close();
    } catch (error) {
      showError(error instanceof Error ? error.message : String(error));
    }
  };
  const showError = (message: string) => {
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
  showError("");
  const before = document.activeElement;
  element.addEventListener("close", () => {
    element.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  });
  // The form fills the dialog, so a target that is the dialog itself is its backdrop.
  element.addEventListener("pointerdown", ({ target }) => target === element && element.close());
  // Keep keys from the page while the dialog is open.
  element.addEventListener("keydown", (event) => event.stopPropagation());
  document.body.append(element);
  element.showModal();
  return { element, close: () => element.open && element.close(), showError };
}
