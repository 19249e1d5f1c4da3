// `npm test`: the checks run beside the bring-up of the local stack, the integration tests on it afterwards.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { formatError, PaiError, type PaiErrorOptions } from "@pai/core";
import { runEdge } from "./edge.ts";
import { createProgress } from "./progress.ts";
import { runCommand } from "./run-command.ts";
import { readSettings } from "./settings.ts";
import type { Task } from "./tasks.ts";
import { readOutcome, type Outcome } from "./test-report.ts";
import { up } from "./up.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

const checks: readonly (readonly [title: string, ...argv: string[]])[] = [
  ["types", "npm", "run", "--silent", "types"],
  ["lint", "npm", "run", "--silent", "lint"],
  ["format", "npm", "run", "--silent", "format"],
  ["unused code", "npm", "run", "--silent", "unused"],
];

/** The templates are compared with what Python's own Jinja2 makes of them. */
const oracle = { command: "/usr/lib/python3/dist-packages/jinja2", package: "python3-jinja2" };

async function main(signal: AbortSignal): Promise<number> {
  const work = await mkdtemp(path.join(tmpdir(), "pai-test-"));
  try {
    return await runAll(work, signal);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function runAll(work: string, signal: AbortSignal): Promise<number> {
  const report = (project: string): string => path.join(work, `${project}.json`);
  const failures: unknown[] = [];
  const background: Promise<unknown>[] = [];
  const tasks = [
    ...oneAtATime([
      ...checks.map(([title, ...argv]) => checkTask(title, argv)),
      testTask("unit", report("unit")),
    ]),
    inBackground(testTask("offline", report("offline")), background),
  ];
  const progress = createProgress(process.stdout);
  const settings = readSettings(process.env, { extraPackages: [oracle] });
  const onWait = (): void =>
    void process.stdout.write("  another command works on the local stack; waiting for it\n");
  await up(settings, { report: progress.report, onWait, signal, beside: tasks }).catch((error: unknown) => {
    failures.push(...(error instanceof AggregateError ? (error.errors as unknown[]) : [error]));
  });
  progress.close();
  signal.throwIfAborted();
  const tell = (each: unknown): void => void process.stdout.write(`\n${formatError(each)}\n`);
  failures.forEach(tell);

  process.stdout.write("\n");
  const integration = vitest("integration", report("integration"), "default");
  if ((await runVisibly(integration, signal)) !== 0)
    failures.push(new TestsFailed("integration", { hint: "its output stands above" }));
  const late = (await Promise.allSettled(background)).flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  signal.throwIfAborted();
  late.forEach(tell);
  failures.push(...late);
  const outcomes = await Promise.all(
    ["unit", "offline", "integration"].map(
      async (project) => [project, await readOutcome(report(project), root)] as const,
    ),
  );
  return tellOutcome(new Map(outcomes), failures);
}

/** The last lines are all that some see of a long run: what failed is named once more just before the sum. */
function tellOutcome(outcomes: ReadonlyMap<string, Outcome>, failures: readonly unknown[]): number {
  const sum = (count: (outcome: Outcome) => number): number =>
    [...outcomes.values()].reduce((total, outcome) => total + count(outcome), 0);
  // A run can fail with no failed test, such as by an error outside of all of them.
  const others = failures.filter(
    (failure) =>
      !(failure instanceof TestsFailed) || (outcomes.get(failure.project)?.failed ?? []).length === 0,
  );
  const failed = [...[...outcomes.values()].flatMap((outcome) => outcome.failed), ...others.map(shortened)];
  process.stdout.write("\n");
  for (const each of failed) process.stdout.write(`failed: ${each}\n`);
  const skipped = sum((outcome) => outcome.skipped);
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  process.stdout.write(`${sum((outcome) => outcome.passed)} passed, ${failed.length} failed\n`);
  return failed.length === 0 ? 0 : 1;
}

/** Its first line and its last ones. */
function shortened(failure: unknown): string {
  const [first = "", ...rest] = formatError(failure).split("\n");
  return [first, ...rest.filter((line) => line.trim() !== "").slice(-30)].join("\n");
}

class TestsFailed extends PaiError {
  readonly project: string;

  constructor(project: string, options: PaiErrorOptions) {
    super("SCRIPT_FAILED", `the ${project} tests failed`, options);
    this.project = project;
  }
}

function checkTask(title: string, argv: readonly string[]): Task {
  return taskOfCommand(
    title,
    argv,
    (options) => new PaiError("SCRIPT_FAILED", `${argv.join(" ")} failed`, options),
  );
}

function testTask(project: string, report: string): Task {
  const task = taskOfCommand(
    `${project} tests`,
    vitest(project, report, "dot"),
    (options) => new TestsFailed(project, options),
  );
  return { ...task, needs: ["packages"] };
}

function taskOfCommand(
  title: string,
  argv: readonly string[],
  failure: (options: PaiErrorOptions) => PaiError,
): Task {
  return {
    name: title,
    title,
    needs: [],
    run: async ({ signal }) => {
      const lines: string[] = [];
      try {
        await runCommand(argv, { cwd: root, signal, onLine: (line) => lines.push(line) });
        return "passed";
      } catch (cause) {
        signal.throwIfAborted();
        throw failure({ cause, details: lines });
      }
    },
  };
}

/** Starts with the others and is awaited at the end: the tests on the stack mostly wait. */
function inBackground(task: Task, background: Promise<unknown>[]): Task {
  return {
    ...task,
    run: (step) => {
      const running = task.run({ ...step, say: () => undefined });
      running.catch(() => undefined);
      background.push(running);
      return Promise.resolve("started");
    },
  };
}

/** Two checkers on two cores, beside a compiler, only slow each other down. */
function oneAtATime(tasks: readonly Task[]): Task[] {
  let last: Promise<unknown> = Promise.resolve();
  return tasks.map((task) => ({
    ...task,
    run: (step) => {
      const turn = last.then(() => task.run(step));
      last = turn.catch(() => undefined);
      return turn;
    },
  }));
}

const vitest = (project: string, report: string, reporter: string): readonly string[] => {
  const reporters = [`--reporter=${reporter}`, "--reporter=json", `--outputFile.json=${report}`];
  return ["node_modules/.bin/vitest", "run", "--project", project, ...reporters];
};

async function runVisibly(
  [command = "", ...args]: readonly string[],
  signal: AbortSignal,
): Promise<number | null> {
  const child = spawn(command, args, { cwd: root, stdio: "inherit", signal });
  return new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
}

await runEdge(main);
