import type { MenuItem } from "../widgets/menu.js";

export interface MoreActions {
  /** The name of the open profile. */
  readonly title: string;
  readonly downloadUrl: string | undefined;
  openFile(): void;
  openConfigs(): void;
  openThemes(): void;
  openOptions(): void;
  showProfile(): void;
  showHelp(): void;
}

/** Returns the menu of the page: everything that is not about one view or one function. */
export function moreItems(actions: MoreActions): MenuItem[] {
  const { title, downloadUrl } = actions;
  return [
    { label: "Open…", detail: "files stay on this computer", act: actions.openFile },
    ...(downloadUrl === undefined
      ? []
      : [{ label: "Download", href: downloadUrl, download: downloadName(title) }]),
    { label: "About this profile", act: actions.showProfile },
    "separator",
    { label: "Configs…", detail: "saved filters and options", act: actions.openConfigs },
    { label: "Options…", act: actions.openOptions },
    { label: "Theme…", act: actions.openThemes },
    { label: "Help", key: "?", act: actions.showHelp },
  ];
}

/** Returns the file name for a download: the opened file's if it has a known extension. */
function downloadName(title: string): string {
  const last =
    title
      .replace(/[?#].*$/, "")
      .split(/[/\\]/)
      .at(-1) ?? "";
  return /\.(pb|gz|prof|pprof)$/.test(last) ? last : "profile.pb.gz";
}
