import type { Instruction } from "@pai/model";
import type { Builder } from "../build-options.ts";

/** The name of a step as BuildKit gives it: `[2/4] RUN make`, `[build 2/4] COPY . .` */
export interface StepName {
  readonly stage: string;
  readonly number: number;
  readonly total: number;
  /** The instruction, variables expanded. */
  readonly text: string;
}

export function parseStepName(name: string): StepName | undefined {
  const [, stage = "", number, total, text = ""] = /^\[(?:([^\]]+) )?(\d+)\/(\d+)\] (.*)$/s.exec(name) ?? [];
  if (number === undefined) return undefined;
  return { stage, number: Number(number), total: Number(total), text };
}

/** Undefined where the step's count does not fit the Dockerfile: no line is better than a wrong one. */
export function locateStep(
  instructions: readonly Instruction[],
  step: StepName,
  builder: Builder = "buildkit",
): Instruction | undefined {
  const keyword = /^\w+/.exec(step.text)?.[0].toUpperCase();
  const lists =
    builder === "classic" ? classicSteps(instructions, step.stage) : [stepsOf(instructions, step.stage)];
  return lists.map((steps) => steps[step.number - 1]).find((found) => found?.keyword === keyword);
}

/** The classic builder counts every instruction, Docker's through all stages, Podman's from a FROM on. */
function classicSteps(instructions: readonly Instruction[], stage: string): (readonly Instruction[])[] {
  const froms = instructions.flatMap(({ keyword }, index) => (keyword === "FROM" ? [index] : []));
  const number = /^stage-(\d+)$/.exec(stage)?.[1];
  const fromStage = instructions.slice(froms[Number(number ?? 0)] ?? instructions.length);
  return number === undefined ? [instructions, fromStage] : [fromStage];
}

function stepsOf(instructions: readonly Instruction[], wanted: string): readonly Instruction[] {
  const stages = stagesOf(instructions);
  const stage =
    stages.find(({ name }) => name === wanted.toLowerCase()) ?? (stages.length === 1 ? stages[0] : undefined);
  return stage?.steps ?? [];
}

// The instructions that BuildKit counts; the others do not make a layer.
const counted: ReadonlySet<string> = new Set(["ADD", "COPY", "RUN", "WORKDIR"]);

interface Stage {
  readonly name: string;
  readonly steps: Instruction[];
}

function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    const [image = "", as, name] = instruction.words;
    if (instruction.keyword === "FROM") {
      // A stage on nothing, or on an earlier stage, starts without a step of its own.
      const own = image === "scratch" || stages.some((stage) => stage.name === image.toLowerCase());
      stages.push({
        name: as?.toUpperCase() === "AS" && name ? name.toLowerCase() : `stage-${stages.length}`,
        steps: own ? [] : [instruction],
      });
    } else if (counted.has(instruction.keyword)) stages.at(-1)?.steps.push(instruction);
  }
  return stages;
}
