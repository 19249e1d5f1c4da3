import type { Report } from "@pai/core";

/** Shows the events of one run, on stderr unless it says otherwise. */
export interface View {
  readonly report: Report;
  /** Once the command has ended, in whatever way and before its error is printed. */
  readonly end: () => void;
}
