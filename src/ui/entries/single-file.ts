// Starts a page that is a file, whose script is embedded in compressed form.
import { partText } from "../app/embedded.js";

void start();

async function start(): Promise<void> {
  try {
    const text = await partText("app");
    const script = document.createElement("script");
    script.src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    document.head.append(script);
  } catch (error) {
    const isOld = typeof DecompressionStream === "undefined";
    document.body.append(
      isOld ? "This report needs a newer browser." : String((error as Error).message),
    );
  }
}
