import path from "node:path";
import { expect, test, vi } from "vitest";
import { localKubeconfig, makeDeployTree } from "./support/cluster.ts";
import { imageSuite } from "./support/image-suite.ts";
import { runOnTerminal, type TerminalRun } from "./support/terminal.ts";

const program = (file: string): string => path.join(import.meta.dirname, "..", file);
const paiBuild = program("tools/pai-build/src/bin.js");

const suite = imageSuite("terminal");
const { shell, treeOf } = suite;

function build(root: string, size: { readonly columns: number; readonly rows: number }): TerminalRun {
  return runOnTerminal([process.execPath, paiBuild, "build", "--root", root], { cwd: root, ...size });
}

/** Without the prefix of the tree's own names, and with one space where there are more. */
function shown(run: TerminalRun, prefix: string): string[] {
  return run.screen().map((line) => line.replaceAll(prefix, "").trim().replaceAll(/ +/g, " "));
}

test("a build with a failing image: what runs is drawn live, and a clean picture stays", async () => {
  const tree = await treeOf({
    "src/{ok}/build/{ok}.dockerfile": `FROM ${shell}:1\nRUN echo fine\n`,
    "src/{bad}/build/{bad}.dockerfile": `FROM ${shell}:1\nRUN echo ${"first; sleep 5; echo last"}; exit 7\n`,
    "src/{user}/build/{user}.dockerfile": "FROM {bad}\nRUN echo never\n",
  });
  const run = build(tree.root, { columns: 100, rows: 30 });
  await run.waitFor("│ first");
  // A picture may arrive in two pieces.
  await vi.waitFor(() => {
    expect(run.isCursorVisible()).toBe(false);
    expect(shown(run, tree.name("")).join("\n")).toContain("user waits for bad");
  }, 4_000);
  expect(await run.ended).toBe(1);
  const lines = shown(run, tree.name(""));
  expect(lines.filter((line) => line.startsWith("bad "))).toEqual([
    expect.stringMatching(/^bad failed bad: step 2\/2 ended with exit code 7 \d+\.\d s$/),
  ]);
  expect(lines.filter((line) => line.startsWith("ok "))).toEqual([
    expect.stringMatching(/^ok built c-\w+.* \d+\.\d s$/),
  ]);
  expect(lines.filter((line) => line.startsWith("user "))).toEqual(["user skipped bad failed"]);
  expect(lines.join("\n")).toContain("error[BUILD_FAILED]: bad: step 2/2 ended with exit code 7");
  expect(lines.slice(-2)).toEqual([
    "not built because of it: user",
    "hint: correct the step and build again: the steps before it come from the engine's cache",
  ]);
  expect(run.isCursorVisible()).toBe(true);
});

test("Ctrl-C on a small terminal that changes its size: what ran is named, the cursor comes back", async () => {
  const tree = await treeOf(
    Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => `s${"abcdefghijkl"[index]}`).map((name) => [
        `src/{${name}}/build/{${name}}.dockerfile`,
        `FROM ${shell}:1\nRUN echo ${name} && sleep 60\n`,
      ]),
    ),
  );
  const run = build(tree.root, { columns: 70, rows: 9 });
  await run.waitFor("step 2/2");
  await run.waitFor("more wait");
  run.resize({ columns: 50, rows: 7 });
  await run.waitFor("… and 8 more wait");
  run.type("\u0003");
  expect(await run.ended).toBe(130);
  const lines = shown(run, tree.name(""));
  expect(lines.filter((line) => / interrupted \d/.test(line))).toHaveLength(4);
  expect(lines.join("\n")).not.toContain("more wait");
  expect(lines.at(-1)).toBe("error[INTERRUPTED]: pai-build: interrupted");
  expect(run.isCursorVisible()).toBe(true);
});

test("a service that is not ready is drawn with the reason and with what waits for it", async () => {
  const deployed = await makeDeployTree();
  try {
    const container =
      "readinessProbe: {exec: {command: [sh, -c, echo no leader yet; exit 1]}, periodSeconds: 1, timeoutSeconds: 20}";
    await deployed.addService("a", { container });
    await deployed.addService("b", { needs: ["a"] });
    const argv = ["service", "start", "--root", deployed.root, "-p", "configuration", "-c", localKubeconfig];
    const run = runOnTerminal([process.execPath, program("tools/paictl/src/bin.js"), ...argv], {
      cwd: deployed.root,
    });
    await run.waitFor("no leader yet");
    await vi.waitFor(() => {
      const text = shown(run, deployed.name("")).join(" ");
      expect(text).toMatch(/a not ready DaemonSet .*: readiness probe fails: no leader yet/);
      expect(text).toMatch(/1 service waits for it b waits for a$/);
    }, 10_000);
    run.type("\u0003");
    expect(await run.ended).toBe(130);
    const lines = shown(run, deployed.name(""));
    expect(lines.filter((line) => /^a interrupted \d/.test(line))).toHaveLength(1);
    expect(lines.join("\n")).toContain("error[INTERRUPTED]: start: interrupted");
    expect(lines.join("\n")).not.toContain("waits for a");
  } finally {
    await deployed.remove();
  }
});

test("a crash leaves a visible cursor and its stack below what was drawn", async () => {
  const run = runOnTerminal([process.execPath, program("libs/cli/src/run-cli.example.ts"), "crash"], {
    cwd: import.meta.dirname,
  });
  await run.waitFor("starting");
  expect(run.isCursorVisible()).toBe(false);
  expect(await run.ended).toBe(1);
  expect(run.isCursorVisible()).toBe(true);
  expect(run.screen().join("\n")).toMatch(/hbase +starting[^]*Error: nobody catches this/);
});
