import { type MenuItem, openMenuOf } from "../widgets/menu.js";
import { chooseTheme, chosenTheme, THEMES } from "../widgets/theme.js";

export interface MoreActions {
  /** The name of the open profile. */
  readonly title: string;
  readonly downloadUrl: string | undefined;
  /** The name of the profile that the page was opened with, if another one is open. */
  readonly servedTitle?: string;
  openFile(): void;
  /** Opens the profile that the page was opened with. */
  goBack?(): void;
  /** Swaps the base and the new profile of a comparison. */
  swap?(): void;
  openCopies(): void;
  openConfigs(): void;
  openOptions(): void;
  showProfile(): void;
  showHelp(): void;
}

/** Opens the menu of the page: everything that is not about one function. */
export function openMoreMenu(anchor: HTMLElement, actions: MoreActions): void {
  openMenuOf(anchor, itemsOf(anchor, actions), "More");
}

function itemsOf(anchor: HTMLElement, actions: MoreActions): MenuItem[] {
  const { title, downloadUrl } = actions;
  return [
    { label: "Open…", detail: "files stay on this computer", act: actions.openFile },
    ...(actions.swap ? [{ label: "Swap base and new", act: actions.swap }] : []),
    ...(actions.goBack ? [{ label: `Back to ${actions.servedTitle}`, act: actions.goBack }] : []),
    ...(downloadUrl === undefined
      ? []
      : [{ label: "Download", href: downloadUrl, download: downloadName(title) }]),
    { label: "About this profile", act: actions.showProfile },
    "separator",
    { label: "Copy or save…", detail: "link, command, picture, table", act: actions.openCopies },
    { label: "Print…", act: () => print() },
    "separator",
    { label: "Configs…", detail: "saved filters and options", act: actions.openConfigs },
    { label: "Options…", act: actions.openOptions },
    { label: "Theme…", act: () => openThemes(anchor) },
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

function openThemes(anchor: HTMLElement): void {
  const chosen = chosenTheme();
  const labels = { auto: "Same as system", light: "Light", dark: "Dark" };
  openMenuOf(
    anchor,
    THEMES.map((theme) => ({
      label: labels[theme],
      isChecked: theme === chosen,
      act: () => chooseTheme(theme),
    })),
    "Theme",
  );
}
