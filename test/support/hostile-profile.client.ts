import type { Page } from "playwright-core";
import type { VIEWS } from "../../src/page/protocol.js";
import { encodeProfile } from "../../src/profile/wire/encode.js";
import { profileOf } from "./text-profile.js";

/** Names of functions, files and tags that have an effect if a page does not treat them as text. */
const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  '"><script>alert(2)</script>',
  "a\u001b[31mred",
  "rtl\u202egnp.exe",
  "javascript:alert(3)",
  "__proto__",
];

/** Returns a profile.proto in which every name is hostile. */
export function hostileProfile(): Uint8Array {
  const lines = HOSTILE.map((name, i) => {
    const text = JSON.stringify(name);
    return `main;${text}@${text}:3 ${i + 1} {${text}=${text}}`;
  });
  return encodeProfile(profileOf(lines.join("\n"), { comments: HOSTILE }));
}

/** The queries of view URLs that make the views show these names. */
export const HOSTILE_SEARCHES: Partial<Record<(typeof VIEWS)[number], string>> = {
  peek: "?q=.",
  source: "?q=.",
  text: "?report=raw",
  sandwich: `?p=${encodeURIComponent(HOSTILE[4])}`,
};

const STEERING = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u;

/** Returns the effects of such names on a page: elements, and invisible control characters. */
export async function doneByNames(page: Page): Promise<string[]> {
  const { elements, text } = await page.locator("body").evaluate((body) => {
    const made = body.querySelectorAll("img, script, [onerror], a[href^='javascript:']");
    const isOwn = (element: Element) =>
      element.matches("script") && !/^alert/.test(element.textContent ?? "");
    const copy = body.cloneNode(true) as Element;
    for (const script of copy.querySelectorAll("script")) script.remove();
    return {
      elements: Array.from(made)
        .filter((element) => !isOwn(element))
        .map((element) => element.outerHTML.slice(0, 100)),
      text: copy.textContent ?? "",
    };
  });
  return [...elements, ...(STEERING.exec(text) ?? [])];
}

/** A hostile name that appears in all views that write names into the page. */
export const A_HOSTILE_NAME = HOSTILE[4];
