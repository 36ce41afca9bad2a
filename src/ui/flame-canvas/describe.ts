import { type FrameDetails, frameDetails, share } from "../../render/flame/details.js";
import { add } from "../../units/int64.js";
import type { Scene } from "./scene.js";

/** A value of a frame, with its label and its meaning. */
export interface Figure {
  readonly label: string;
  readonly text: string;
  readonly meaning: string;
}

export interface Description extends Omit<FrameDetails, "figures"> {
  readonly figures: readonly Figure[];
}

/** Labels and meanings, by the labels that reports use. */
const LABELS: Readonly<Record<string, readonly [label: string, meaning: string]>> = {
  takes: ["Total (cum)", "what it takes with all that it calls"],
  "by itself": ["Self (flat)", "what it takes without what it calls"],
  "of its caller": ["Of its caller", "its share of what the frame that calls it takes"],
  "of what it calls": ["Of what it calls", "its share of all calls of the frame next to it"],
  base: ["Base", "what it took in the base"],
  new: ["New", "what it takes now"],
  change: ["Change", "what it takes now, less what it took in the base"],
  more: ["More", "the sum of the values above 0"],
  less: ["Less", "the sum of the values below 0"],
  together: ["Together", "the sum of all values"],
};

/** Describes a frame; `zoomed` is the frame that fills the width. */
export function describe(scene: Scene, frame: number, zoomed: number): Description {
  const { page } = scene;
  const parent = scene.parentOf(frame);
  const amounts = scene.amounts(frame);
  const { name, notes, figures } = frameDetails(
    page,
    scene.tree.places[frame],
    amounts,
    parent < 0
      ? undefined
      : {
          label: scene.isCaller(frame) ? "of what it calls" : "of its caller",
          amounts: scene.amounts(parent),
        },
  );
  const told: Figure[] = figures.map(({ label, text }) => {
    const [shown, meaning] = LABELS[label] ?? [label, ""];
    return { label: shown, text, meaning };
  });
  if (zoomed !== scene.root && zoomed !== frame && scene.covers(zoomed, frame)) {
    const whole = scene.amounts(zoomed);
    told.push({
      label: "Of what is zoomed",
      text: share(add(amounts.plus, amounts.minus), add(whole.plus, whole.minus)),
      meaning: "its share of the frame that fills the width",
    });
  }
  return { name, notes, figures: told };
}

/** Returns a description in one line, for screen readers. */
export function spoken({ name, notes, figures }: Description): string {
  return [name, ...figures.map(({ label, text }) => `${label} ${text}`), ...notes].join(", ");
}
