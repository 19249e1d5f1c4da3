export interface StepLine {
  /** Empty where the builder counts through all stages; else `stage-0`, `stage-1` … */
  readonly stage: string;
  readonly number: number;
  /** Without the steps that the builder adds to set labels. */
  readonly total: number;
  readonly text: string;
}

/** The first line of a step as Docker's classic builder says it, or Podman's. `labels`: how many are set. */
export function parseStepLine(line: string, labels: number): StepLine | undefined {
  const [, number, total, text] = /^Step (\d+)\/(\d+) : (.*)$/.exec(line) ?? [];
  if (text !== undefined) return { stage: "", number: Number(number), total: Number(total) - labels, text };
  return parsePodmanLine(line, labels);
}

/** Podman counts per stage, and sets the labels at the end of the last. */
function parsePodmanLine(line: string, labels: number): StepLine | undefined {
  const [, stage, stages, number, total, text] =
    /^(?:\[(\d+)\/(\d+)\] )?STEP (\d+)\/(\d+): (.*)$/.exec(line) ?? [];
  if (text === undefined) return undefined;
  const isLast = stage === stages;
  return {
    stage: stage === undefined ? "" : `stage-${Number(stage) - 1}`,
    number: Number(number),
    total: Number(total) - (isLast ? labels : 0),
    text,
  };
}
