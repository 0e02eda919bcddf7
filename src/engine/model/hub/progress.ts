export interface DownloadProgress {
  /** `checking` reads what an earlier download left. */
  readonly phase: "checking" | "downloading";
  /** The file that is at work. */
  readonly file: string;
  /** Bytes that are in place, of all files. */
  readonly done: number;
  /** Bytes of all files. */
  readonly total: number;
  /** By the speed of the last while; undefined until there is one. */
  readonly secondsLeft: number | undefined;
}

/** A chunk comes every few kilobytes; nobody wants to know that often. */
const reportAfter = 100;

/** The speed counts over about this long, in milliseconds. */
const memory = 5_000;

/** Adds up what the files of a download report. */
export class ProgressMeter {
  private done = 0;
  private reportedAt = -Infinity;
  private file = "";
  private measuredAt = performance.now();
  private fresh = 0;
  private bytesPerMillisecond: number | undefined;

  constructor(
    private readonly total: number,
    private readonly report: (progress: DownloadProgress) => void,
  ) {}

  add(file: string, count: number, phase: DownloadProgress["phase"]): void {
    this.done += count;
    const now = performance.now();
    if (phase === "downloading") this.fresh += Math.max(count, 0);
    if (now - this.reportedAt < reportAfter && file === this.file && this.done < this.total) return;
    this.reportedAt = now;
    this.file = file;
    this.measure(now, phase);
    this.report({ phase, file, done: this.done, total: this.total, secondsLeft: this.secondsLeft(phase) });
  }

  private measure(now: number, phase: DownloadProgress["phase"]): void {
    const elapsed = now - this.measuredAt;
    this.measuredAt = now;
    if (phase === "downloading" && elapsed > 0) {
      const speed = this.fresh / elapsed;
      const weight = 1 - Math.exp(-elapsed / memory);
      const earlier = this.bytesPerMillisecond ?? speed;
      this.bytesPerMillisecond = earlier + weight * (speed - earlier);
    }
    this.fresh = 0;
  }

  private secondsLeft(phase: DownloadProgress["phase"]): number | undefined {
    const speed = this.bytesPerMillisecond;
    return phase === "downloading" && speed ? (this.total - this.done) / speed / 1000 : undefined;
  }
}
