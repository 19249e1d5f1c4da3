import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import path from "node:path";
import { expect, test } from "vitest";

const example = path.join(import.meta.dirname, "run-cli.example.ts");

interface DemoOptions {
  readonly onOutput?: (kill: (signal: NodeJS.Signals) => void) => void;
  readonly env?: Readonly<Record<string, string>>;
}

async function demo(argv: readonly string[], { onOutput, env }: DemoOptions = {}) {
  // These tests run in CI as well, which is not what they are about.
  const { GITHUB_ACTIONS: _github, GITLAB_CI: _gitlab, ...own } = process.env;
  const child = spawn(process.execPath, [example, ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...own, ...env },
  });
  child.stdout.once("data", () => onOutput?.((signal) => void child.kill(signal)));
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { stdout, stderr, code: code as number };
}

test("results go to stdout, progress to stderr", async () => {
  expect(await demo(["greet", "--name", "you"])).toEqual({
    stdout: "hello you\n",
    stderr: "start: you\n",
    code: 0,
  });
});

test("--output json writes events as JSON lines", async () => {
  const { stdout } = await demo(["greet", "--name", "you", "--output", "json"]);
  expect(JSON.parse(stdout.split("\n")[0] ?? "")).toMatchObject({
    type: "planned",
    action: "start",
    services: ["you"],
  });
});

test("--progress json writes them to stderr, and leaves stdout to the result", async () => {
  const { stdout, stderr } = await demo(["greet", "--name", "you", "--progress", "json"]);
  expect(stdout).toBe("hello you\n");
  expect(JSON.parse(stderr)).toMatchObject({ type: "planned", services: ["you"] });
});

test("an expected failure prints its text and no stack, and ends with its exit code", async () => {
  expect(await demo(["break"])).toEqual({
    stdout: "",
    stderr: "error[CONFIG_INVALID]: read layout.yaml\n  --> layout.yaml:3\n  hint: write one\n",
    code: 2,
  });
});

test("on GitHub it is shown beside the line as well", async () => {
  const { stderr } = await demo(["break"], { env: { GITHUB_ACTIONS: "true" } });
  expect(stderr).toMatch(/\n::error file=layout\.yaml,line=3,title=CONFIG_INVALID::read layout\.yaml\n$/);
});

test("with --output json it is an object of its own", async () => {
  const { stdout } = await demo(["break", "--output", "json"]);
  expect(JSON.parse(stdout)).toEqual({
    type: "error",
    code: "CONFIG_INVALID",
    message: "read layout.yaml",
    details: [],
    hint: "write one",
    location: { file: "layout.yaml", line: 3 },
  });
});

test("a fault of the program shows its stack and ends with 1", async () => {
  const { stderr, code } = await demo(["bug"]);
  expect(stderr).toContain("internal error: TypeError: oops\n    at ");
  expect(code).toBe(1);
});

test.each([
  [["greet"], "Missing required argument: name"],
  [["gret", "--name", "x"], "Did you mean greet?"],
  [["greet", "--name", "x", "--nme", "x"], "Unknown argument: nme"],
  [["greet", "--name", "x", "--friends"], "Not enough arguments following: friends"],
  [[], "say what to do"],
  [["service"], "say what to do with service"],
])("bad usage %j ends with 2 and says %s", async (argv, message) => {
  const { stderr, code } = await demo(argv);
  expect(stderr).toContain("error[USAGE]: ");
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test("--help of a command shows its options and examples on stdout", async () => {
  const { stdout, code } = await demo(["greet", "--help"]);
  expect(stdout).toContain("greets you");
  expect(stdout).toContain("--name");
  expect(code).toBe(0);
});

test("--version prints the version", async () => {
  expect((await demo(["--version"])).stdout).toBe("1.2.3\n");
});

test.each([
  [["service", ""], "wait"],
  [["greet", "--na"], "--name"],
  [["greet", "--name", "w"], "world"],
  [["greet", "--root", "/tree", "--name", "/"], "/tree"],
])("a shell that completes %j is offered %s", async (words, expected) => {
  const { stdout, code } = await demo(["--get-yargs-completions", "demo", ...words]);
  expect(stdout.split("\n").map((line) => line.split(":")[0])).toContain(expected);
  expect(code).toBe(0);
});

test("completion prints a script for the shell", async () => {
  expect((await demo(["completion"])).stdout).toContain("demo --get-yargs-completions");
});

test("Ctrl-C aborts the command and ends with 130", async () => {
  const { stderr, code } = await demo(["wait"], { onOutput: (kill) => kill("SIGINT") });
  expect(stderr).toBe("error[INTERRUPTED]: demo: interrupted\n");
  expect(code).toBe(130);
});
