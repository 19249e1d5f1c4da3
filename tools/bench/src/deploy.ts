// Time to deploy many objects, beside kubectl:  node tools/bench/src/deploy.ts [rounds]
// The objects: 500 ConfigMaps and 50 Deployments of no pods, in one namespace per tool. Every round all
// tools take their turns on the same machine; each turn is a process of its own, as a command would be. Of
// paictl the peak memory is told, too.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { kubeconfig, localHome, startLocalTree } from "./local-tree.ts";
import { packPrograms, treePrograms } from "./programs.ts";

const kubectl = path.join(localHome, "bin/kubectl");
const configMaps = 500;
const deployments = 50;
const rounds = Number(process.argv[2] ?? 3);

interface Tool {
  readonly name: string;
  /** The commands of one turn with the objects of `version`. */
  readonly apply: (version: number) => readonly (readonly string[])[];
  readonly remove: () => void;
}

const root = mkdtempSync(path.join(tmpdir(), "pai-bench-deploy-"));
const write = startLocalTree(root);
const id = `bench-${process.pid}`;
const tools: readonly Tool[] = [
  paictlTool("paictl, installed", packPrograms().paictl),
  paictlTool("paictl, from the tree", treePrograms.paictl),
  kubectlTool("kubectl apply --server-side", ["--server-side"]),
  kubectlTool("the same, then kubectl wait", ["--server-side"], true),
  kubectlTool("kubectl apply --openapi-patch=false", ["--openapi-patch=false"]),
  kubectlTool("kubectl apply", []),
];
const phases = ["first", "no change", "all changed"] as const;
const times = new Map<string, { readonly seconds: number; readonly cpu: number; readonly peak: number }[]>();
const peakMeter = path.join(root, "peak.cjs");
const peakFile = path.join(root, "peak");
writeFileSync(
  peakMeter,
  `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(peakFile)}, String(process.resourceUsage().maxRSS)))`,
);
try {
  for (let round = 0; round < rounds; round++) {
    for (const tool of tools) {
      for (const [index, phase] of phases.entries()) {
        // kubectl 1.34 compares every live object with the whole OpenAPI document: minutes, once is enough.
        const version = round * 10 + (index === 2 ? 1 : 0);
        if (tool.name === "kubectl apply" && (round > 0 || phase === "all changed")) continue;
        measure(tool, phase, version);
      }
      tool.remove();
    }
  }
  print();
} finally {
  rmSync(root, { recursive: true, force: true });
}

function measure(tool: Tool, phase: string, version: number): void {
  let [seconds, cpu] = [0, 0];
  for (const command of tool.apply(version)) {
    const started = performance.now();
    // bash tells what the child has used of the processors, which other work on the machine does not change.
    const timed = ["-c", 'TIMEFORMAT="%U %S"; time "$@"', "bash", ...command];
    const { status, stderr } = spawnSync("bash", timed, {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, KUBECONFIG: kubeconfig },
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(`${tool.name}, ${phase}: ${stderr}`);
    seconds += (performance.now() - started) / 1000;
    const [user = 0, system = 0] = stderr.trim().split("\n").at(-1)?.split(" ").map(Number) ?? [];
    cpu += user + system;
  }
  const key = `${tool.name} ${phase}`;
  const peak = takePeak();
  times.set(key, [...(times.get(key) ?? []), { seconds, cpu, peak }]);
  console.error(
    `${key}: ${seconds.toFixed(2)} s, ${cpu.toFixed(2)} s of CPU${peak > 0 ? `, ${peak} MB` : ""}`,
  );
}

/** Of the last command, in MB; 0 where it was not measured. */
function takePeak(): number {
  if (!existsSync(peakFile)) return 0;
  const peak = Math.round(Number(readFileSync(peakFile, "utf8")) / 1024);
  rmSync(peakFile);
  return peak;
}

function paictlTool(name: string, paictl: string): Tool {
  const namespace = `${id}-${nameOf(name)}`;
  write(`src/${namespace}/deploy/service.yaml`, "apply: [objects.yaml]\n");
  return {
    name,
    apply: (version) => {
      write(`src/${namespace}/deploy/objects.yaml`, manifests(namespace, version));
      const argv = [paictl, "service", "start", "-p", "configuration", "-n", namespace];
      return [[process.execPath, "--require", peakMeter, ...argv]];
    },
    remove: () => {
      run(process.execPath, paictl, "service", "delete", "--yes", "-p", "configuration", "-n", namespace);
      run(kubectl, "delete", "namespace", namespace);
    },
  };
}

/** paictl ends when everything is ready; kubectl does with a second command. */
function kubectlTool(name: string, flags: readonly string[], waits = false): Tool {
  const namespace = `${id}-${nameOf(name)}`;
  const file = path.join(root, `${namespace}.yaml`);
  return {
    name,
    apply: (version) => {
      writeFileSync(file, manifests(namespace, version));
      const wait = [
        "wait",
        "deployment",
        "--all",
        "-n",
        namespace,
        "--for=condition=Available",
        "--timeout=5m",
      ];
      return [[kubectl, "apply", ...flags, "-f", file], ...(waits ? [[kubectl, ...wait]] : [])];
    },
    remove: () => run(kubectl, "delete", "namespace", namespace),
  };
}

function nameOf(tool: string): string {
  return tool.replaceAll(/[^a-z]+/g, "-");
}

function run(command: string, ...argv: string[]): void {
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  const { status, stderr } = spawnSync(command, argv, { cwd: root, encoding: "utf8", env });
  if (status !== 0) throw new Error(`${command} ${argv.join(" ")}: ${stderr}`);
}

function print(): void {
  console.log(
    `| best time (CPU of the client, most memory) | ${phases.join(" | ")} |\n| --- | --- | --- | --- |`,
  );
  for (const { name } of tools) {
    const cells = phases.map((phase) => {
      const taken = (times.get(`${name} ${phase}`) ?? []).toSorted((a, b) => a.seconds - b.seconds);
      const cpu = Math.min(...taken.map((each) => each.cpu));
      const [best] = taken;
      const peak = Math.max(...taken.map((each) => each.peak));
      const memory = peak > 0 ? `, ${peak} MB` : "";
      return best ? `${best.seconds.toFixed(1)} s (${cpu.toFixed(1)}${memory})` : "-";
    });
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
}

function manifests(namespace: string, version: number): string {
  const objects: object[] = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }];
  for (let index = 0; index < configMaps; index++) {
    const data = { version: String(version), text: `line ${index}\n`.repeat(10) };
    objects.push({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: `c${index}`, namespace }, data });
  }
  for (let index = 0; index < deployments; index++) {
    const labels = { app: `d${index}` };
    const containers = [
      { name: "main", image: "example/none", env: [{ name: "V", value: String(version) }] },
    ];
    objects.push({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: `d${index}`, namespace },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    });
  }
  // JSON is YAML, too.
  return objects.map((object) => JSON.stringify(object)).join("\n---\n");
}
