import { h } from "./elements.js";

/** Opens files that the user drops anywhere on the page, or chooses with {@link choose}. */
export function acceptFiles(open: (file: File) => void): { choose(): void } {
  const overlay = h(
    "div",
    { class: "drop-overlay", hidden: true },
    "Drop the profile to open it here",
  );
  document.body.append(overlay);
  const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    overlay.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    // The event also fires between two elements of the page; only then it has a related target.
    if (event.relatedTarget === null) overlay.hidden = true;
  });
  addEventListener("drop", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    overlay.hidden = true;
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
