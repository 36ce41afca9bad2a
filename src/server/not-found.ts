import { VIEWS } from "../page/protocol.js";
import { escapeControls } from "../render/controls.js";
import { escapeXml } from "../render/xml.js";
import type { Answer } from "./answer.js";

/** Returns a page for an unknown URL, with links to all views. */
export function notFoundPage(path: string): Answer {
  const views = VIEWS.map((view) => `<li><a href="/ui/${view}">${view}</a></li>`).join("\n");
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not found: tsprof</title>
</head>
<body>
<h1>Page not found</h1>
<p>tsprof has no page ${escapeXml(escapeControls(path))}. Its pages are:</p>
<ul>
${views}
</ul>
</body>
</html>
`;
  return { status: 404, headers: { "Content-Type": "text/html; charset=utf-8" }, body };
}
