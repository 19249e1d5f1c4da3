// From a fresh clone to a served write: the local stack, all images, the services, and a write as proof.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { PaiError } from "@pai/core";
import { whichCommand } from "./commands.ts";
import { runEdge } from "./edge.ts";
import { createProgress, formatDuration } from "./progress.ts";
import { registryAddress, registryPart } from "./registry.ts";
import { runCommand } from "./run-command.ts";
import { kubeconfigPath, readSettings, type Settings } from "./settings.ts";
import type { Task } from "./tasks.ts";
import { up } from "./up.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const nx = path.join(root, "node_modules/.bin/nx");

const HELP = `npm run quickstart -- [OPTIONS]

Brings up what this machine lacks (engine, registry, one-node Kubernetes), builds and pushes the images of src/,
deploys HBase on HDFS on ZooKeeper, and writes a row.

Options
  --kubeconfig FILE           deploy to this cluster instead of one made here
  --registry HOST[:PORT]      push to this registry instead of one made here
  --kubernetes-binaries DIR   take kubelet, kube-apiserver, ... from this folder
  --help
`;

async function main(signal: AbortSignal): Promise<number> {
  const settings = readOptions(process.argv.slice(2));
  if (!settings) {
    process.stdout.write(HELP);
    return 0;
  }
  await requireConfiguredRegistry(settings);
  const start = performance.now();
  const steps: [title: string, ms: number][] = [];
  const timed = async <T>(title: string, work: () => Promise<T>): Promise<T> => {
    const begin = performance.now();
    const result = await work();
    steps.push([title, performance.now() - begin]);
    return result;
  };

  process.stdout.write("npm run quickstart\n");
  const progress = createProgress(process.stdout);
  const onWait = (): void =>
    void process.stdout.write("  another command works on the local stack; waiting for it\n");
  await timed("local stack and images", () =>
    up(settings, { report: progress.report, onWait, signal, beside: [imagesTask(settings)] }),
  ).finally(progress.close);

  await timed("deployment", () => runVisibly([nx, "run", "hbase:deploy"], settings, signal));
  const served = await timed("write", () => canary(settings, signal));

  const total = performance.now() - start;
  process.stdout.write(
    `\n${[...steps, ["together", total] as const].map(([title, ms]) => `  ${title.padEnd(28)}${formatDuration(ms).padStart(14)}`).join("\n")}\n`,
  );
  process.stdout.write(`\n${served}\n${NEXT}`);
  return 0;
}

const NEXT = `  look around    npx paictl service status        npx nx graph
  change it      edit src/hbase/…, then  npx nx run hbase:deploy
  stop it        npm run local -- down            (keeps data; purge removes it)
`;

function readOptions(args: readonly string[]): Settings | undefined {
  try {
    const options = {
      kubeconfig: { type: "string" },
      registry: { type: "string" },
      "kubernetes-binaries": { type: "string" },
      help: { type: "boolean", short: "h" },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return undefined;
    return readSettings(process.env, {
      ...(values.registry ? { registry: values.registry } : {}),
      ...(values.kubeconfig ? { kubeconfig: path.resolve(values.kubeconfig) } : {}),
      ...(values["kubernetes-binaries"] ? { kubernetesBinaries: values["kubernetes-binaries"] } : {}),
    });
  } catch (cause) {
    throw new PaiError("USAGE", "read the options of npm run quickstart", {
      cause,
      hint: "npm run quickstart -- --help",
    });
  }
}

/** Images are pushed where the configuration says, so that has to be the registry that is meant. */
async function requireConfiguredRegistry(settings: Settings): Promise<void> {
  const file = "configuration/services-configuration.yaml";
  const text = await readFile(path.join(root, file), "utf8");
  const configured = /^\s*domain:\s*["']?([^\s"'#]+)/m.exec(text)?.[1];
  const wanted = registryAddress(settings);
  if (configured === wanted) return;
  throw new PaiError(
    "CONFIG_INVALID",
    `push to ${wanted}: ${file} names the registry ${configured ?? "of none"}`,
    {
      hint: `set cluster.docker-registry.domain to ${wanted}, or name it: npm run quickstart -- --registry ${configured ?? "HOST"}`,
    },
  );
}

/** Images need no cluster: they are built and pushed while Kubernetes is still compiling. */
function imagesTask(settings: Settings): Task {
  return {
    name: "images",
    title: "images of src/",
    needs: ["registry", "base-image"],
    run: async ({ say, signal }) => {
      await requireOwnRegistry(settings, signal);
      const lines: string[] = [];
      try {
        await runCommand([nx, "run-many", "-t", "push", "--output-style=stream"], {
          cwd: root,
          env: environment(settings),
          signal,
          onLine: (line) => {
            lines.push(line);
            if (line.trim()) say(line.trim().replaceAll(/\s+/g, " "));
          },
        });
      } catch (cause) {
        signal.throwIfAborted();
        throw new PaiError("BUILD_FAILED", "build and push the images of src/", {
          cause,
          details: lines.slice(-40),
        });
      }
      return "built and pushed";
    },
  };
}

async function requireOwnRegistry(settings: Settings, signal: AbortSignal): Promise<void> {
  const look = await registryPart(settings).look(signal);
  if (settings.registry || (look.state === "healthy" && look.origin === "ours")) return;
  const address = registryAddress(settings);
  throw new PaiError("USAGE", `push to ${address}: that registry was not made by the local stack`, {
    hint: `if it is meant: npm run quickstart -- --registry ${address}`,
  });
}

async function canary(settings: Settings, signal: AbortSignal): Promise<string> {
  const local = path.join(settings.home, "bin/kubectl");
  const kubectl = (await whichCommand(local)) ?? "kubectl";
  const argv = [
    kubectl,
    "--kubeconfig",
    kubeconfigPath(settings),
    "exec",
    "daemonset/hbase-master",
    "--",
    "/usr/local/bin/hbase-canary",
  ];
  const output = await runCommand(argv, { signal, name: "hbase-canary" }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new PaiError("NOT_READY", "write a row into HBase and read it back", {
      cause,
      hint: "what it is doing: npx paictl service status",
    });
  });
  return output.trim().split("\n").at(-1) ?? "";
}

const environment = (settings: Settings): NodeJS.ProcessEnv => ({
  ...process.env,
  KUBECONFIG: kubeconfigPath(settings),
  NX_TUI: "false",
  // A daemon would outlive the quickstart, and a clone that is removed.
  NX_DAEMON: "false",
});

async function runVisibly(
  [command = "", ...args]: readonly string[],
  settings: Settings,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(command, args, { cwd: root, stdio: "inherit", env: environment(settings), signal });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("close", resolve).once("error", reject),
  );
  if (code !== 0)
    throw new PaiError("NOT_READY", "deploy HBase: nx run hbase:deploy failed", {
      hint: "see the lines above; then again: npx nx run hbase:deploy",
    });
}

await runEdge(main);
