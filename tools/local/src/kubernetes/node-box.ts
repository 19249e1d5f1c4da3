// The node is a box with a network of its own, joined to the machine by a virtual cable: pods on the host network
// never meet the machine's ports, and bridges, rules and mounts end with the box.
import { mkdir, readFile, readdir, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import { endBox, findBox, makeBox, runInBox, type Box } from "../box.ts";
import type { Part } from "../parts.ts";
import { makeCgroups, removeCgroups } from "./cgroups.ts";
import { poll } from "../poll.ts";
import type { ProcessRecord } from "../processes.ts";
import { runCommand } from "../run-command.ts";
import { HOST_ADDRESS, NODE_ADDRESS, NODE_NAME, SERVICE_SUBNET, type Settings } from "../settings.ts";

export const NODE_BOX: Box = { name: "node-box", ownNetwork: true };
const LINK = "pai-local";

export function nodeBoxPart(settings: Settings): Part {
  return {
    name: NODE_BOX.name,
    title: "node",
    needs: ["packages"],
    look: async () => {
      const init = await findBox(settings, NODE_BOX);
      if (!init) return { state: "stopped" };
      if (!(await hasAddress())) return { state: "unhealthy", reason: `no link holds ${HOST_ADDRESS}` };
      return { state: "healthy", origin: "ours", since: init.since, address: NODE_ADDRESS };
    },
    bring: async ({ signal }) => {
      await endBox(settings, NODE_BOX);
      await requireNoLink(signal);
      await requireFreeAddress();
      await writeNodeFiles(settings);
      await makeCgroups();
      const init = await makeBox(settings, NODE_BOX, signal);
      await mountInside(settings, init);
      await connect(init);
      return "made";
    },
  };
}

export async function endNodeBox(settings: Settings): Promise<void> {
  await endBox(settings, NODE_BOX);
  await removeCgroups();
  for (const folder of privateFolders) await rmdir(folder).catch(() => undefined);
}

/** The node's programs write here whatever they are told; the box has empty ones of its own. */
const privateFolders = ["/var/lib/cni", "/var/lib/kubelet"];

const nodeFile = ({ home }: Settings, name: string): string => path.join(home, "node", name);

/** The kubelet writes these on start; they are the whole machine's, so the box gets files in their place. */
const sysctls: Readonly<Record<string, string>> = {
  "vm/overcommit_memory": "1",
  "vm/panic_on_oom": "0",
  "kernel/panic": "10",
  "kernel/panic_on_oops": "1",
  "kernel/keys/root_maxkeys": "1000000",
  "kernel/keys/root_maxbytes": "25000000",
};

async function writeNodeFiles(settings: Settings): Promise<void> {
  await mkdir(nodeFile(settings, "log"), { recursive: true });
  await writeFile(nodeFile(settings, "hosts"), `127.0.0.1 localhost\n${NODE_ADDRESS} ${NODE_NAME}\n`);
  // Read here: behind /run, which the box has an empty one of, it may be a link.
  await writeFile(
    nodeFile(settings, "resolv.conf"),
    await readFile("/etc/resolv.conf", "utf8").catch(() => ""),
  );
  for (const [key, value] of Object.entries(sysctls)) {
    const file = nodeFile(settings, path.join("sys", key));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `${value}\n`);
  }
}

async function mountInside(settings: Settings, init: ProcessRecord): Promise<void> {
  const inside = (...argv: string[]): Promise<string> => runInBox(init, NODE_BOX, argv);
  await inside("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run");
  await inside("mount", "--bind", nodeFile(settings, "hosts"), "/etc/hosts");
  await inside("mount", "--bind", nodeFile(settings, "log"), "/var/log");
  for (const folder of privateFolders) {
    await mkdir(folder, { recursive: true });
    await inside("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", folder);
  }
  for (const key of Object.keys(sysctls))
    await inside("mount", "--bind", nodeFile(settings, path.join("sys", key)), `/proc/sys/${key}`);
}

async function connect(init: ProcessRecord): Promise<void> {
  const inside = (...argv: string[]): Promise<string> => runInBox(init, NODE_BOX, argv);
  await runCommand([
    "ip",
    "link",
    "add",
    LINK,
    "type",
    "veth",
    "peer",
    "name",
    "eth0",
    "netns",
    String(init.pid),
  ]);
  await runCommand(["ip", "addr", "add", HOST_ADDRESS, "peer", `${NODE_ADDRESS}/32`, "dev", LINK]);
  await runCommand(["ip", "link", "set", LINK, "up"]);
  await inside("hostname", NODE_NAME);
  await inside("ip", "link", "set", "lo", "up");
  await inside("ip", "addr", "add", NODE_ADDRESS, "peer", `${HOST_ADDRESS}/32`, "dev", "eth0");
  await inside("ip", "link", "set", "eth0", "up");
  // Without a route the kernel refuses service addresses before kube-proxy's rules see them.
  await inside("ip", "route", "add", SERVICE_SUBNET, "via", HOST_ADDRESS);
}

/** The link goes with the box that holds its other end, a moment later. */
async function requireNoLink(signal: AbortSignal): Promise<void> {
  const gone = async (): Promise<true | undefined> =>
    (await readdir("/sys/class/net")).includes(LINK) ? undefined : true;
  try {
    await poll(gone, { intervalMs: 50, signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
  } catch (cause) {
    signal.throwIfAborted();
    throw new PaiError(
      "LOCAL_STACK",
      `make the network of the node: this machine has a link ${LINK} already`,
      {
        cause,
        hint: "a node whose record was removed may still run with this data: look for its processes (ps ax | grep kube-apiserver) and end them; the link goes with them",
      },
    );
  }
}

async function hasAddress(): Promise<boolean> {
  const links = await runCommand(["ip", "-o", "-4", "addr", "show", "dev", LINK]).catch(() => "");
  return links.includes(HOST_ADDRESS);
}

async function requireFreeAddress(): Promise<void> {
  const holders = (await runCommand(["ip", "-o", "-4", "addr", "show", "to", `${NODE_ADDRESS}/24`]))
    .split("\n")
    .map((line) => line.split(/\s+/)[1])
    .filter((device) => device && device !== LINK);
  if (holders.length > 0)
    throw new PaiError(
      "LOCAL_STACK",
      `give ${NODE_ADDRESS} to the node: ${holders.join(", ")} of this machine has an address of that network`,
      {
        hint: "use another cluster: pai-local up --kubeconfig FILE",
      },
    );
}
