import type { Page } from "playwright-core";

/** Drops files on a page; the first one is the oldest. */
export async function drop(page: Page, ...files: readonly [string, Uint8Array][]): Promise<void> {
  await page.evaluate(
    (given) => {
      const data = new DataTransfer();
      given.forEach(([file, text], lastModified) => {
        const content = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        data.items.add(new File([content], file, { lastModified }));
      });
      dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
    },
    files.map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")] as const),
  );
}

/** Presses a button of the dialog that asks what to do with files. */
export async function answerDrop(page: Page, button: string): Promise<void> {
  await page.getByRole("dialog").getByRole("button", { name: button, exact: true }).click();
}
