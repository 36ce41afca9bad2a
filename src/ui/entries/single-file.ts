// Starts a page that is a file, whose scripts are embedded in compressed form.
import { embeddedScriptUrl, readScripts } from "../app/embedded.js";

try {
  if (typeof DecompressionStream === "undefined")
    throw new Error("This report needs a newer browser.");
  readScripts();
  const script = document.createElement("script");
  script.src = embeddedScriptUrl("app");
  document.head.append(script);
} catch (error) {
  document.body.append((error as Error).message);
}
