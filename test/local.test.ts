import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, readlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";

const HOME = process.env["PAI_LOCAL_HOME"] ?? "/var/lib/pai-local";
const RUNTIME = "/run/pai-local";
const program = path.join(import.meta.dirname, "../tools/local/src/main.ts");

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (command: string, args: readonly string[]): Promise<Result> =>
  new Promise((resolve) => {
    execFile(command, args, { maxBuffer: 1e8 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
const local = (...args: string[]): Promise<Result> => run(process.execPath, [program, ...args]);
const kubectl = (...args: string[]): Promise<Result> =>
  run(path.join(HOME, "bin/kubectl"), ["--kubeconfig", path.join(HOME, "kubeconfig"), ...args]);

async function succeed(result: Promise<Result>): Promise<string> {
  const { code, stdout, stderr } = await result;
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

interface PartStatus {
  readonly name: string;
  readonly state: string;
  readonly version?: string;
  readonly address?: string;
  readonly since?: string;
  readonly origin?: string;
}

async function status(): Promise<{ code: number; parts: Map<string, PartStatus> }> {
  const { code, stdout } = await local("status", "--output", "json");
  return { code, parts: new Map((JSON.parse(stdout) as PartStatus[]).map((part) => [part.name, part])) };
}

/** All parts, as soon as each has answered in time: the pods that start again beside them keep the node busy. */
function healthy(): ReturnType<typeof status> {
  const look = async (): ReturnType<typeof status> => {
    const all = await status();
    expect([...all.parts.values()].filter((part) => part.state !== "healthy")).toEqual([]);
    return all;
  };
  return vi.waitFor(look, { timeout: 60_000 });
}

async function pids(): Promise<Record<string, number>> {
  const files = (await readdir(RUNTIME)).filter((file) => file.endsWith(".json"));
  const records = files.map(async (file): Promise<[string, number]> => {
    const { pid } = JSON.parse(await readFile(path.join(RUNTIME, file), "utf8")) as { pid: number };
    return [path.basename(file, ".json"), pid];
  });
  return Object.fromEntries(await Promise.all(records));
}

const isOurEngine = existsSync(path.join(RUNTIME, "engine.json"));

// Other test files find the stack up, whatever has failed here.
afterAll(async () => {
  await succeed(local("up"));
});

describe("the local stack", () => {
  test("tells what runs, its version, address and since when", async () => {
    const { code, parts } = await healthy();
    expect(code).toBe(0);
    expect(parts.get("kube-apiserver")).toMatchObject({ origin: "ours", address: "https://10.77.0.1:6443" });
    expect(parts.get("kube-apiserver")?.version).toMatch(/^1\.\d+\.\d+$/);
    expect(Date.parse(parts.get("registry")?.since ?? "")).toBeLessThan(Date.now());
  });

  test("changes nothing when it is up already", async () => {
    const before = await pids();
    await succeed(local("up"));
    expect(await pids()).toEqual(before);
  });

  test("lets two that bring it up at once wait for each other", async () => {
    const before = await pids();
    await Promise.all([succeed(local("up")), succeed(local("up")), succeed(local("up"))]);
    expect(await pids()).toEqual(before);
  });

  test("names the commands when asked for one that it does not have", async () => {
    const { code, stderr } = await local("start");
    expect(code).toBe(2);
    expect(stderr).toContain('error[USAGE]: there is no command "start"');
    expect(stderr).toContain("up, status, down or purge");
  });

  test("removes no data without being told so", async () => {
    const { code, stderr } = await local("purge");
    expect(code).toBe(2);
    expect(stderr).toContain("purge --yes");
  });
});

describe("a part that was killed", () => {
  const parts = [
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kube-proxy",
    "kubelet",
  ];
  const own = ["containerd", "registry", "gateway", ...(isOurEngine ? ["engine"] : [])];

  test.each([...parts, ...own])("%s comes back, alone", async (name) => {
    const before = await pids();
    process.kill(before[name] ?? 0, "SIGKILL");
    const broken = await status();
    expect(broken.code).toBe(1);
    expect(broken.parts.get(name)?.state).not.toBe("healthy");

    await succeed(local("up"));
    await healthy();
    const after = await pids();
    expect(after[name]).not.toBe(before[name]);
    // The engine's box goes with it.
    const others = Object.keys(before).filter((other) => other !== name && other !== "engine-box");
    for (const other of others) expect(after).toHaveProperty(other, before[other]);
  });

  test("comes back with all the others when all were killed at once", async () => {
    const all = Object.entries(await pids());
    // Boxes last: what is in one ends with it.
    const boxesLast = all.toSorted(([a], [b]) => Number(a.endsWith("-box")) - Number(b.endsWith("-box")));
    for (const [, pid] of boxesLast) process.kill(pid, "SIGKILL");
    await succeed(local("up"));
    expect((await healthy()).code).toBe(0);
  });
});

describe("down", () => {
  const id = randomUUID().slice(0, 8);

  test("leaves nothing, and up brings the data back", async () => {
    const image = `127.0.0.1:5077/pai-local-test/${id}:1`;
    await succeed(kubectl("create", "configmap", `kept-${id}`, "--from-literal=key=value"));
    await pushBaseImage(id);
    await succeed(
      kubectl("run", `kept-${id}`, `--image=${image}`, "--restart=Always", "--", "sleep", "1000"),
    );
    await succeed(kubectl("wait", "--for=condition=Ready", `pod/kept-${id}`, "--timeout=120s"));
    const rules = await packetFilterRules();

    await succeed(local("down"));
    expect(await leftProcesses()).toEqual([]);
    expect(await leftMounts()).toEqual([]);
    // The kernel takes a network namespace apart after its last process has ended.
    const link = (): Promise<Result> => run("ip", ["link", "show", "dev", "pai-local"]);
    await expect.poll(link, { timeout: 10_000 }).toMatchObject({ code: 1 });
    expect(await leftControlGroups()).toEqual([]);
    expect(await packetFilterRules()).toBe(rules);
    expect((await status()).code).toBe(1);

    await succeed(local("up"));
    expect(await succeed(kubectl("get", "configmap", `kept-${id}`, "-o", "jsonpath={.data.key}"))).toBe(
      "value",
    );
    const { ok } = await fetch(`http://127.0.0.1:5077/v2/pai-local-test/${id}/manifests/1`, {
      headers: manifestTypes,
    });
    expect(ok).toBe(true);
    await succeed(kubectl("wait", "--for=condition=Ready", `pod/kept-${id}`, "--timeout=120s"));
    await succeed(kubectl("exec", `kept-${id}`, "--", "true"));
  });

  afterAll(async () => {
    await succeed(local("up"));
    await succeed(kubectl("delete", "pod,configmap", `kept-${id}`, "--now", "--ignore-not-found"));
  });

  test("does nothing when nothing runs", async () => {
    await succeed(local("down"));
    expect(await succeed(local("down"))).toBe("");
    await succeed(local("up"));
  });

  test("ends no process that has taken the number of one of ours", async () => {
    const stranger = spawn("sleep", ["1000"]);
    try {
      await succeed(local("down"));
      const record = await identity(process.pid);
      await writeFile(path.join(RUNTIME, "registry.json"), JSON.stringify({ ...record, pid: stranger.pid }));
      await succeed(local("down"));
      expect(stranger.exitCode).toBe(null);
      expect(stranger.signalCode).toBe(null);
    } finally {
      stranger.kill();
    }
    await succeed(local("up"));
  });
});

test("an interrupted up is finished by the next one", async () => {
  await succeed(local("down"));
  const interrupted = spawn(process.execPath, [program, "up"], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  interrupted.stderr.on("data", (chunk: Buffer) => {
    const before = said;
    said += chunk.toString();
    if (said.includes(" etcd ") && !before.includes(" etcd ")) interrupted.kill("SIGINT");
  });
  const code = await new Promise<number | null>((resolve) => void interrupted.once("close", resolve));
  expect(code).toBe(130);
  expect(said).toContain("error[INTERRUPTED]");
  await succeed(local("up"));
  expect((await healthy()).code).toBe(0);
});

const manifestTypes = { accept: "application/vnd.docker.distribution.manifest.v2+json" };

async function pushBaseImage(name: string): Promise<void> {
  const target = `127.0.0.1:5077/pai-local-test/${name}`;
  await succeed(engine("POST", `/images/debian:bookworm-slim/tag?repo=${target}&tag=1`));
  const pushed = await succeed(engine("POST", `/images/${target}/push?tag=1`));
  expect(pushed).not.toContain('"error"');
}

const engine = (method: string, target: string): Promise<Result> =>
  run("curl", [
    "-sS",
    "-X",
    method,
    "-H",
    "X-Registry-Auth: e30=",
    "--unix-socket",
    "/var/run/docker.sock",
    `http://engine${target}`,
  ]);

async function identity(pid: number): Promise<object> {
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return { pid, startTime: `${stat.split(" ")[21]}0`, boot, since: new Date().toISOString() };
}

/** Processes that name our folders, or that live in namespaces of ours. */
async function leftProcesses(): Promise<string[]> {
  const own = await readlink("/proc/self/ns/pid");
  const all = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const left = await Promise.all(
    all.map(async (pid) => {
      const command = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
      const namespace = await readlink(`/proc/${pid}/ns/pid`).catch(() => own);
      return namespace !== own || command.includes(HOME) || command.includes(RUNTIME)
        ? [`${pid} ${command}`]
        : [];
    }),
  );
  return left.flat();
}

async function leftMounts(): Promise<string[]> {
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n");
  return mounts.filter((line) => /pai-local|docker|containerd|kubelet|\/cni/.test(line));
}

async function leftControlGroups(): Promise<string[]> {
  const folders = await readdir("/sys/fs/cgroup", { recursive: true }).catch(() => []);
  return folders.filter((folder) => folder.includes("pai-local") || folder.includes("kubepods"));
}

async function packetFilterRules(): Promise<string> {
  const { stdout } = await run("iptables-save", []);
  return stdout.replaceAll(/^#.*\n/gm, "").replaceAll(/\[\d+:\d+\]/g, "");
}
