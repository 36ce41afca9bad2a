import { h } from "./elements.js";

/** Opens files that the user drops anywhere on the page, or chooses with {@link choose}. */
export function acceptFiles(open: (file: File) => void): { choose(): void } {
  const sign = h("div", { class: "drop-sign", hidden: true }, "Drop the profile to open it here");
  document.body.append(sign);
  const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    sign.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    // The event also fires between two elements of the page; only then it has a related target.
    if (event.relatedTarget === null) sign.hidden = true;
  });
  addEventListener("drop", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    sign.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (file) open(file);
  });
  const input = h("input", { type: "file", hidden: true, "aria-label": "Profile" });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) open(file);
    input.value = "";
  });
  document.body.append(input);
  return { choose: () => input.click() };
}
