import path from "node:path";
import { parseArgs } from "node:util";
import { PaiError } from "@pai/core";
import packageJson from "../package.json" with { type: "json" };
import { down } from "./down.ts";
import { runEdge } from "./edge.ts";
import { createProgress } from "./progress.ts";
import { purge } from "./purge.ts";
import { kubeconfigPath, readSettings, type Settings } from "./settings.ts";
import { formatStatus, status } from "./status.ts";
import { up } from "./up.ts";

const HELP = `pai-local COMMAND [OPTIONS]

A Docker engine, a registry and a one-node Kubernetes on this machine, as far as there is none yet.
In a checkout of pai: npm run local -- COMMAND

Commands
  up         bring up what is missing; leaves alone what runs
  status     what runs, version, address, since when; exit code 1 unless all is healthy
  down       end all that up has started; data stays
  purge      down, then remove the data: images, cluster state, volumes

Options
  --kubernetes-binaries DIR   up: take kubelet, kube-apiserver, ... from this folder
  --kubeconfig FILE           up, status: use this cluster instead of one of the local stack (also: KUBECONFIG)
  --registry HOST[:PORT]      up, status: use this registry instead of one of the local stack
  --output json               status: for scripts
  --yes                       purge: do not ask
  --cache                     purge: remove the cache of slow products too (Kubernetes, base image)
  --version                   show the version
  --help

The engine is that of DOCKER_HOST, of the Docker context, or at /var/run/docker.sock, if one answers there.
Data and logs are in /var/lib/pai-local (PAI_LOCAL_HOME), slow products in ~/.cache/pai (XDG_CACHE_HOME).

Examples
  pai-local up
  pai-local status --output json
  pai-local up --kubernetes-binaries /opt/kubernetes/bin
  pai-local purge --yes
`;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "kubernetes-binaries": { type: "string" },
        kubeconfig: { type: "string" },
        registry: { type: "string" },
        output: { type: "string" },
        yes: { type: "boolean" },
        cache: { type: "boolean" },
        version: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (cause) {
    throw new PaiError("USAGE", "read the options of pai-local", {
      hint: "pai-local --help",
      cause,
    });
  }
}

async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args);
  const [command, ...rest] = positionals;
  if (values.version) {
    process.stdout.write(`${packageJson.version}\n`);
    return 0;
  }
  if (values.help || command === undefined || command === "help") {
    process.stdout.write(HELP);
    return values.help || command ? 0 : 2;
  }
  if (rest.length > 0)
    throw new PaiError("USAGE", `${command} takes no argument: ${rest.join(" ")}`, {
      hint: "pai-local --help",
    });
  const settings = readSettings(process.env, {
    ...(values.registry ? { registry: values.registry } : {}),
    ...namedCluster(values.kubeconfig ?? process.env["KUBECONFIG"]),
    ...(values["kubernetes-binaries"] ? { kubernetesBinaries: values["kubernetes-binaries"] } : {}),
  });
  switch (command) {
    case "up":
      return runUp(settings, signal);
    case "status":
      return runStatus(settings, { output: values.output, signal });
    case "down":
      await withProgress((watch) => down(settings, { ...watch, signal }));
      return 0;
    case "purge":
      await withProgress((watch) =>
        purge(settings, { ...watch, signal, yes: values.yes ?? false, cache: values.cache ?? false }),
      );
      return 0;
    default:
      throw new PaiError("USAGE", `there is no command "${command}"`, {
        hint: "up, status, down or purge; pai-local --help",
      });
  }
}

/** A KUBECONFIG that is the local stack's own names no other cluster. */
function namedCluster(kubeconfig: string | undefined): Partial<Settings> {
  if (!kubeconfig || path.resolve(kubeconfig) === kubeconfigPath(readSettings(process.env))) return {};
  return { kubeconfig };
}

async function withProgress(
  work: (watch: { report: ReturnType<typeof createProgress>["report"]; onWait: () => void }) => Promise<void>,
): Promise<void> {
  const progress = createProgress(process.stderr);
  try {
    await work({
      report: progress.report,
      onWait: () => process.stderr.write("  another command works on the local stack; waiting for it\n"),
    });
  } finally {
    progress.close();
  }
}

async function runUp(settings: Settings, signal: AbortSignal): Promise<number> {
  await withProgress((watch) => up(settings, { ...watch, signal }));
  process.stdout.write(`kubeconfig  ${kubeconfigPath(settings)}\nlogs        ${settings.home}/logs\n`);
  return 0;
}

async function runStatus(
  settings: Settings,
  options: { output: string | undefined; signal: AbortSignal },
): Promise<number> {
  if (options.output !== undefined && options.output !== "json")
    throw new PaiError("USAGE", `status has no output "${options.output}"`, { hint: "--output json" });
  const parts = await status(settings, options.signal);
  process.stdout.write(
    `${options.output === "json" ? JSON.stringify(parts, undefined, 2) : formatStatus(parts, new Date())}\n`,
  );
  return parts.every((part) => part.state === "healthy") ? 0 : 1;
}

await runEdge((signal) => main(process.argv.slice(2), signal));
