import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { Need } from "./packages.ts";

/** The node's address, inside its own network; the same on every machine, as `configuration/` names it. */
export const NODE_ADDRESS = "10.77.0.1";
/** The machine's end of the cable to the node. */
export const HOST_ADDRESS = "10.77.0.2";
export const NODE_NAME = "pai-local";
export const POD_SUBNET = "10.78.0.0/16";
export const SERVICE_SUBNET = "10.96.0.0/16";
export const REGISTRY_ADDRESS = "127.0.0.1:5077";
export const API_SERVER_URL = `https://${NODE_ADDRESS}:6443`;

export interface Settings {
  /** Data, logs, kubeconfig; survives `down`, goes with `purge`. */
  readonly home: string;
  /** Records of running programs; worthless after a reboot. */
  readonly runtime: string;
  /** Slow products, keyed by version; shared by all checkouts. */
  readonly cache: string;
  /** A registry to use instead of one of our own. */
  readonly registry?: string;
  /** A cluster to use instead of one of our own. */
  readonly kubeconfig?: string;
  /** A folder with kubelet, kube-apiserver and the others, used instead of a download or a build. */
  readonly kubernetesBinaries?: string;
  /** Packages that are needed beside those of the stack. */
  readonly extraPackages?: readonly Need[];
}

export function readSettings(env: NodeJS.ProcessEnv, given: Partial<Settings> = {}): Settings {
  return {
    home: path.resolve(env["PAI_LOCAL_HOME"] ?? "/var/lib/pai-local"),
    runtime: "/run/pai-local",
    cache: path.join(env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache"), "pai"),
    ...given,
  };
}

export function kubeconfigPath({ home, kubeconfig }: Settings): string {
  return kubeconfig ?? path.join(home, "kubeconfig");
}

export function logPath({ home }: Settings, name: string): string {
  return path.join(home, "logs", `${name}.log`);
}

const workFolder = ({ cache }: Settings): string => path.join(cache, "work");

/** A folder for unfinished products, on the cache's file system, so that a finished one can be renamed into place. */
export async function inWorkFolder<T>(settings: Settings, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(workFolder(settings), { recursive: true });
  const folder = await mkdtemp(path.join(workFolder(settings), "make-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a killed run has left. Only for who holds the lock. */
export async function clearWorkFolder(settings: Settings): Promise<void> {
  await rm(workFolder(settings), { recursive: true, force: true });
}
