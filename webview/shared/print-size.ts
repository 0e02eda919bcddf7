/** How wide an exported picture is. */
export interface PrintSize {
  /** What it is called in the list of widths. */
  readonly label: string;
  /** The width that it is drawn at, in pixels of which 96 are an inch: letters of 11 of them have 8.25 points. */
  readonly drawn: number;
  /** The width that an SVG file says it has, in millimetres or pixels. */
  readonly width: number;
  readonly unit: "mm" | "px";
  /** The width of a PNG file in its own pixels, and how many of them are an inch; of a slide nothing is said. */
  readonly pixels: number;
  readonly perInch?: number;
}

const INCH = 25.4;
/** What journals ask of pictures, in pixels to an inch. */
const PRINT = 300;

function inPrint(label: string, millimetres: number): PrintSize {
  return {
    label: `${label}, ${millimetres} mm`,
    drawn: (millimetres / INCH) * 96,
    width: millimetres,
    unit: "mm",
    pixels: Math.round((millimetres / INCH) * PRINT),
    perInch: PRINT,
  };
}

/** The widths that can be chosen, by what the names of files call them: columns of a paper, and a slide. */
export const printSizes = {
  "85mm": inPrint("One column", 85),
  "174mm": inPrint("Two columns", 174),
  slide: { label: "Slide, 1920 pixels", drawn: 768, width: 1920, unit: "px", pixels: 1920 },
} as const satisfies Readonly<Record<string, PrintSize>>;

/** The name of a width. */
export type PrintSizeName = keyof typeof printSizes;
