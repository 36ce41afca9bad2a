import { type CanvasTheme, readTheme } from "../flame-canvas/theme.js";

/** The colours and font of a timeline, from the style of the page. */
export interface ChartTheme extends CanvasTheme {
  readonly panel: string;
  readonly line: string;
  readonly accent: string;
}

export function readChartTheme(element: HTMLElement): ChartTheme {
  const theme = readTheme(element);
  const style = getComputedStyle(element);
  const color = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
  return {
    ...theme,
    panel: color("--panel", theme.background),
    line: color("--line", theme.muted),
    accent: color("--accent", theme.text),
  };
}
