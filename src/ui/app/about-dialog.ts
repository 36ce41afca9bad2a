import type { SessionInfo } from "../../page/protocol.js";
import type { ProfileSummary } from "../../page/summary.js";
import { countText } from "../views/figures.js";
import { openDialog } from "../widgets/dialog.js";
import { h } from "../widgets/elements.js";

export function openAbout(info: SessionInfo, profile: ProfileSummary): void {
  const { counts, legend, docUrl, sampleTypes, tags, warnings } = profile;
  const rows: [string, string][] = [
    [
      "Contains",
      [
        countText(counts.samples, "sample"),
        countText(counts.locations, "location"),
        countText(counts.functions, "function"),
        countText(counts.mappings, "mapping"),
      ].join(", "),
    ],
    [
      "Sample types",
      sampleTypes.map(({ type, unit }) => (unit ? `${type} (${unit})` : type)).join(", "),
    ],
    ["Tags", tags.length === 0 ? "none" : tags.map(({ key }) => key).join(", ")],
  ];
  openDialog("About this profile", [
    h("p", { class: "mono" }, info.title),
    h(
      "ul",
      { class: "plain" },
      legend.map((line) => h("li", {}, line)),
    ),
    h(
      "dl",
      {},
      rows.map(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]),
    ),
    warnings.map((warning) => h("p", { class: "note" }, warning)),
    docUrl !== "" &&
      h(
        "p",
        {},
        h(
          "a",
          { href: docUrl, rel: "noreferrer noopener", target: "_blank" },
          "Documentation of this profile",
        ),
        h("span", { class: "note" }, ` (${new URL(docUrl).host})`),
      ),
    h("p", { class: "note" }, `tsprof ${info.version}. The profile does not leave this page.`),
  ]);
}
