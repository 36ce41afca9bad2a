/** A position in a drawing, in points (1/72 inch) from its left and top. */
export type Point = readonly [x: number, y: number];

/** `#rrggbb`, or `#rrggbbaa` with opacity. */
export type Color = string;

export interface Stroke {
  readonly color: Color;
  /** In points. */
  readonly width: number;
  readonly dash: "solid" | "dashed" | "dotted";
}

/** The style of a closed shape; without a fill it is hollow. */
interface Paint {
  readonly fill?: Color;
  readonly stroke: Stroke;
}

/** A part of a figure that is not text. */
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
  /** Connected Bézier curves: the start, then three points for each curve. */
  | (Paint & { readonly kind: "curve"; readonly points: readonly Point[] })
  | { readonly kind: "polyline"; readonly points: readonly Point[]; readonly stroke: Stroke };

export interface TextLine {
  readonly text: string;
  /** The position of the anchor on the baseline. */
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
  /** The size of the font, in points. */
  readonly size: number;
  /** The width in the layout. The text is scaled to it, whatever the font. */
  readonly width: number;
  readonly color: Color;
}

/** A part of a drawing, with text on top of its shapes. */
export interface Figure {
  /** The full name and value; empty if the text is complete. */
  readonly tooltip: string;
  readonly shapes: readonly Shape[];
  readonly lines: readonly TextLine[];
}

export interface Box extends Figure {
  /** A node of the graph, the value of a label, or the legend. */
  readonly kind: "node" | "tag" | "legend";
  /** The node's name in the DOT text. */
  readonly name: string;
}

export interface Arrow extends Figure {
  /** The indices of its boxes. */
  readonly from: number;
  readonly to: number;
}

/** A graph with its layout. The arrows lie under the boxes. */
export interface Drawing {
  readonly title: string;
  /** In points. */
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}
