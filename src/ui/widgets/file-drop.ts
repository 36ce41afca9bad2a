import { h } from "./elements.js";

/** Opens files that the user drops anywhere on the page, or chooses with {@link choose}. */
export function acceptFiles(open: (files: readonly File[]) => void): { choose(): void } {
  const overlay = h(
    "div",
    { class: "drop-overlay", hidden: true },
    "Drop profiles to open, merge or compare them",
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
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) open(files);
  });
  const input = h("input", {
    type: "file",
    hidden: true,
    multiple: true,
    "aria-label": "Profile",
  });
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length > 0) open(files);
  });
  document.body.append(input);
  return { choose: () => input.click() };
}
