import { execFile, type PromiseWithChild } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { shimFolder } from "./shims.ts";

const { PATH = "" } = process.env;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pai-shims-"));
});
afterAll(() => rm(folder, { recursive: true }));

type Environment = Readonly<Record<string, string>>;

const patient = { timeout: 15_000 };

const shim = (
  name: string,
  argv: readonly string[],
  env: Environment,
  input = "",
): PromiseWithChild<{ stdout: string; stderr: string }> => {
  const running = promisify(execFile)(path.join(shimFolder, name), argv, {
    env: { PATH: `${shimFolder}:${PATH}`, PAI_KUBECTL: "echo", PAI_NODE: "echo", PAI_SPOOL: folder, ...env },
  });
  if (input === "") running.child.stdin?.end();
  else running.child.stdin?.end(input);
  return running;
};
const output = async (name: string, ...argv: string[]): Promise<string> =>
  (await shim(name, argv, {})).stdout.trimEnd();

test.each([
  [["apply", "-f", "a b.yaml"], "apply -f a b.yaml --openapi-patch=false"],
  [["--context", "apply", "get", "pods"], "--context apply get pods"],
  [["--namespace=x", "apply", "-f", "-"], "--namespace=x apply -f - --openapi-patch=false"],
  [["apply", "view-last-applied", "pod", "p"], "apply view-last-applied pod p"],
  [["create", "configmap", "apply"], "create configmap apply"],
  [[], ""],
])("kubectl %j", async (argv, expected) => {
  expect(await output("kubectl", ...argv)).toBe(expected);
});

const refused = "The connection to the server a:1 was refused - did you specify the right host or port?";
const broken = 'error: failed to create configmap: Post "https://a:1/api": EOF';
const busy = "Error from server (TooManyRequests): the server has received too many requests";
const logged = 'E1127 17:37:44.76 1 memcache.go:265] "Unhandled Error" err="unable to handle the request"';

/** In place of kubectl: runs the text in a folder of its own. */
const standIn = async (text: string): Promise<{ readonly own: string; readonly env: Environment }> => {
  const own = await mkdtemp(path.join(folder, "own-"));
  // A program that is written here is "busy" while a process that was just started elsewhere has its descriptors.
  const program = path.join(import.meta.dirname, "fixtures/stand-in");
  return { own, env: { PAI_KUBECTL: program, PAI_SPOOL: own, STAND_IN: text } };
};

/** Fails once with the message, and then prints what it is given to read. */
const failingOnce = (message: string): ReturnType<typeof standIn> =>
  standIn(`
if [ -e "$PAI_SPOOL/failed" ]; then echo "whole $(cat)"; exit; fi
cat >"$PAI_SPOOL/failed"
echo '${message}' >&2
exit 4
`);

test.concurrent.each([
  ["get pods", refused, ""],
  ["apply -f -", broken, "manifest"],
  ["describe pod p", busy, ""],
  ["delete pod p --ignore-not-found", broken, ""],
  ["rollout status ds/d", "error: etcdserver: leader changed", ""],
  ["create --filename=-", refused, "manifest"],
])("kubectl %s is run again after %s", async (line, message, input) => {
  const { own, env } = await failingOnce(message);
  expect(await shim("kubectl", line.split(" "), env, input)).toEqual({
    stdout: `whole ${input}\n`,
    stderr: `kubectl tries again for up to 60 s: ${message}\n`,
  });
  expect(await readdir(own)).toEqual(["failed"]);
});

test.concurrent.each([
  ["create -f a.yaml", broken],
  ["create -f a.yaml", `${refused} - error from a previous attempt: EOF`],
  ["delete pod p", busy],
  ["exec p -- ls", refused],
  ["logs -f p", refused],
  ["get pods -w", refused],
  ["get pods --request-timeout=1s", refused],
  ["get pod p", `${logged}\nError from server (NotFound): pods "p" not found`],
  ["apply -f a.json", "error: error parsing a.json: unexpected EOF"],
])("kubectl %s is not run again after %s", async (line, message) => {
  const { env } = await failingOnce(message);
  const run = shim("kubectl", line.split(" "), env);
  await expect(run).rejects.toMatchObject({ code: 4, stdout: "", stderr: `${message}\n` });
});

test("what has printed something already is not sent again", async () => {
  const { env } = await standIn(`echo pod/a created\necho "${refused}" >&2\nexit 1\n`);
  const run = shim("kubectl", ["create", "-f", "two.yaml"], env);
  await expect(run).rejects.toMatchObject({ code: 1, stdout: "pod/a created\n", stderr: `${refused}\n` });
});

test("variables that a script has exported change nothing", async () => {
  const exported = { skip: "1", command: "apply", again: "always", shown: "1", input: "/none", ended: "1" };
  const { stdout } = await shim("kubectl", ["get", "pods"], exported);
  expect(stdout).toBe("get pods\n");
});

test.each([
  ["reaches kubectl", "exec sleep 60"],
  ["that kubectl has missed is sent again", "trap 'trap - TERM' TERM; while :; do sleep 0.1; done"],
])("a signal %s, and no second try follows", async (_, text) => {
  const { own, env } = await standIn(`echo $$ >"$PAI_SPOOL/pid"\n${text}\n`);
  const run = shim("kubectl", ["get", "pods"], env);
  const started = async (): Promise<number> => {
    const pid = await readFile(path.join(own, "pid"), "utf8");
    if (!pid.endsWith("\n")) throw new Error("not there yet");
    return Number(pid);
  };
  const pid = await vi.waitFor(started, patient);
  run.child.kill("SIGTERM");
  await expect(run).rejects.toMatchObject({ code: 143 });
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("a signal between two tries ends it, and no second try follows", async () => {
  const { own, env } = await failingOnce(refused);
  const run = shim("kubectl", ["get", "pods"], env);
  await vi.waitFor(() => readFile(path.join(own, "kubectl-trouble"), "utf8"), patient);
  run.child.kill("SIGTERM");
  await expect(run).rejects.toMatchObject({ code: 143, stdout: "" });
});

test.each([
  [["python3", "-c", "print('a b')"], "a b"],
  [["python", "-m", "platform", "--nonsense"], expect.stringContaining("Linux")],
  [
    ["python", "-m", "k8sPaiLibrary.monitorTool.check_pod_ready_status", "-w", "-v", "a b"],
    expect.stringMatching(/src\/ask\.ts pods-ready -w -v a b$/),
  ],
  [["python", "-m", "k8sPaiLibrary.monitorTool.check_node_label_exist", "-k", "a", "-v", "b"], ""],
  [
    "python2 -m k8sPaiLibrary.maintaintool.update_resource --operation delete --resource daemonset --name d --namespace n".split(
      " ",
    ),
    "delete daemonset d --namespace n --cascade=foreground --ignore-not-found",
  ],
])("%j", async ([name = "", ...argv], expected) => {
  expect(await output(name, ...argv)).toEqual(expected);
});

test("what the helpers cannot do is said", async () => {
  const argv = [
    "-m",
    "k8sPaiLibrary.maintaintool.update_resource",
    "--operation",
    "grow",
    "--resource",
    "pod",
  ];
  await expect(output("python", ...argv)).rejects.toMatchObject({
    code: 2,
    stderr: "update_resource: it can delete a daemonset or a statefulset, not grow a pod\n",
  });
});
