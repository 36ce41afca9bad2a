/** A place in a drawing: points (1/72 inch) from its left and from its top. */
export type Point = readonly [x: number, y: number];

/** `#rrggbb`, or `#rrggbbaa` with opacity. */
export type Color = string;

/** How a line is drawn. */
export interface Stroke {
  readonly color: Color;
  /** In points. */
  readonly width: number;
  readonly dash: "solid" | "dashed" | "dotted";
}

/** How an outline is drawn; without a fill it is hollow. */
interface Paint {
  readonly fill?: Color;
  readonly stroke: Stroke;
}

/** Something without words. */
export type Shape =
  | (Paint & {
      readonly kind: "rectangle";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    })
  | (Paint & { readonly kind: "polygon"; readonly points: readonly Point[] })
  | (Paint & {
      readonly kind: "ellipse";
      readonly cx: number;
      readonly cy: number;
      readonly rx: number;
      readonly ry: number;
    })
  /** Bézier curves end to end: a start, then three points for each. */
  | (Paint & { readonly kind: "curve"; readonly points: readonly Point[] })
  | { readonly kind: "polyline"; readonly points: readonly Point[]; readonly stroke: Stroke };

/** One line of text. */
export interface TextLine {
  readonly text: string;
  /** Of the anchor, on the line that letters stand on. */
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
  /** Of the font, in points. */
  readonly size: number;
  /** What the layout holds free for it. Whatever the font, the text fits in. */
  readonly width: number;
  readonly color: Color;
}

/** A part of a drawing, with its words on top of its shapes. */
export interface Figure {
  /** What it is in full; empty where its text says all. */
  readonly tooltip: string;
  readonly shapes: readonly Shape[];
  readonly lines: readonly TextLine[];
}

export interface Box extends Figure {
  /** A place of the profile, the value of a label, or what the graph is about. */
  readonly kind: "node" | "tag" | "legend";
  /** As the DOT text calls it. */
  readonly name: string;
}

export interface Arrow extends Figure {
  /** Indices of boxes. */
  readonly from: number;
  readonly to: number;
}

/** A graph that was laid out. Arrows lie under the boxes. */
export interface Drawing {
  readonly title: string;
  /** In points. */
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}
