import type { CalibrationDocument } from "../engine/document/document";
import { calibrationTable } from "../format/result-table";
import type { CommonRequest } from "../pages/run";
import type { Asked } from "./asked";
import type { Kind } from "./kind";

interface CalibrationTypes {
  asked: Asked;
  document: CalibrationDocument;
  figure: never;
  about: object;
  from: CommonRequest;
  more: never;
}

/** What texts are worth as calibration of a pruning. */
export const calibrationKind: Kind<CalibrationTypes> = {
  format: "paramscope.calibration",
  page: "calibration",
  schema: async () => (await import("../engine/document/calibration")).calibrationDocument,
  heading: ({ model }) => `What to calibrate ${model.name} with`,
  table: calibrationTable,
  readable: calibrationTable,
};
