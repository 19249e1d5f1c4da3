import path from "node:path";
import { findBox } from "../box.ts";
import type { Part } from "../parts.ts";
import { programPart, type ProgramOptions } from "../programs.ts";
import { NODE_ADDRESS, NODE_NAME, POD_SUBNET, type Settings } from "../settings.ts";
import { checkHealthPage, getFromCluster } from "./api-client.ts";
import { CONTAINERD_SOCKET } from "./containerd.ts";
import { launchOf } from "./control-plane.ts";
import { CGROUP } from "./cgroups.ts";
import { NODE_BOX } from "./node-box.ts";
import { clientConfig, pkiFiles } from "./pki.ts";

export function nodeParts(settings: Settings): Part[] {
  return [kubelet(settings), kubeProxy(settings)].map((options) => programPart(settings, options));
}

function kubelet(settings: Settings): ProgramOptions {
  const configFile = path.join(settings.home, "node/kubelet.json");
  const config = clientConfig(settings, "kubelet");
  const args = [
    `--config=${configFile}`,
    `--kubeconfig=${config}`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${NODE_ADDRESS}`,
    `--root-dir=${path.join(settings.home, "kubelet")}`,
    `--cert-dir=${path.join(settings.home, "kubelet/pki")}`,
  ];
  return {
    name: "kubelet",
    title: "kubelet",
    needs: ["kube-apiserver", "containerd"],
    address: `https://${NODE_ADDRESS}:10250`,
    box: NODE_BOX,
    graceMs: 2_000,
    // A node that was given up counts as ready with its next report, one in ten seconds.
    healsWithinMs: 15_000,
    launch: async () => ({
      ...(await launchOf(settings, "kubelet", args, [config, pkiFiles(settings, "ca").certificate])),
      files: { [configFile]: `${JSON.stringify(kubeletConfiguration(settings), undefined, 2)}\n` },
    }),
    check: async (signal) => {
      await checkHealthPage(`http://${NODE_ADDRESS}:10248/healthz`, signal);
      await checkNodeReady(settings, signal);
      await checkPodsReported(settings, signal);
    },
  };
}

async function checkNodeReady(settings: Settings, signal: AbortSignal): Promise<void> {
  const { body } = await getFromCluster(settings, `/api/v1/nodes/${NODE_NAME}`, signal);
  const { status } = JSON.parse(body) as {
    status?: { conditions?: { type: string; status: string; message?: string }[] };
  };
  const ready = status?.conditions?.find((condition) => condition.type === "Ready");
  if (ready?.status !== "True")
    throw new Error(`the node is not ready: ${ready?.message ?? "it has not reported yet"}`);
}

interface PodList {
  readonly items: readonly {
    readonly metadata: {
      readonly namespace: string;
      readonly name: string;
      readonly deletionTimestamp?: string;
    };
    readonly status?: {
      readonly containerStatuses?: readonly {
        readonly state?: { readonly running?: { readonly startedAt: string } };
      }[];
    };
  }[];
}

/** After a new start the cluster still says of each pod what was true before, until the kubelet has reported it. */
async function checkPodsReported(settings: Settings, signal: AbortSignal): Promise<void> {
  const init = await findBox(settings, NODE_BOX);
  const boxStart = Math.floor(Date.parse(init?.since ?? "") / 1000) * 1000;
  const { body } = await getFromCluster(
    settings,
    `/api/v1/pods?fieldSelector=spec.nodeName=${NODE_NAME}`,
    signal,
  );
  for (const { metadata, status } of (JSON.parse(body) as PodList).items) {
    if (metadata.deletionTimestamp) continue;
    for (const { state } of status?.containerStatuses ?? [])
      if (state?.running && Date.parse(state.running.startedAt) < boxStart)
        throw new Error(`pod ${metadata.namespace}/${metadata.name} has not been started again yet`);
  }
}

const kubeletConfiguration = (settings: Settings): object => {
  const { certificate, key } = pkiFiles(settings, "kubelet");
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pkiFiles(settings, "ca").certificate },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: certificate,
    tlsPrivateKeyFile: key,
    address: NODE_ADDRESS,
    healthzBindAddress: NODE_ADDRESS,
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${CGROUP}`,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: ["none"],
    localStorageCapacityIsolation: false,
    resolvConf: path.join(settings.home, "node/resolv.conf"),
    podLogsDir: path.join(settings.home, "logs/pods"),
    volumePluginDir: path.join(settings.home, "kubelet/volume-plugins"),
    serializeImagePulls: false,
    registryPullQPS: 0,
    // A full disk of the machine is not the node's to free: it would throw away images that pods need next.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
  };
};

function kubeProxy(settings: Settings): ProgramOptions {
  const config = clientConfig(settings, "kube-proxy");
  const args = [
    `--kubeconfig=${config}`,
    `--hostname-override=${NODE_NAME}`,
    `--cluster-cidr=${POD_SUBNET}`,
    "--proxy-mode=iptables",
    `--healthz-bind-address=${NODE_ADDRESS}:10256`,
    // These limits are the whole machine's.
    "--conntrack-max-per-core=0",
    "--conntrack-tcp-timeout-established=0s",
    "--conntrack-tcp-timeout-close-wait=0s",
  ];
  return {
    name: "kube-proxy",
    title: "kube-proxy",
    needs: ["kube-apiserver"],
    address: `http://${NODE_ADDRESS}:10256`,
    box: NODE_BOX,
    graceMs: 2_000,
    launch: () => launchOf(settings, "kube-proxy", args, [config]),
    check: (signal) => checkHealthPage(`http://${NODE_ADDRESS}:10256/healthz`, signal),
  };
}
