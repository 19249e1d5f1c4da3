import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Part } from "../parts.ts";
import type { Launch } from "../launch.ts";
import { programPart, type ProgramOptions } from "../programs.ts";
import { API_SERVER_URL, NODE_ADDRESS, POD_SUBNET, SERVICE_SUBNET, type Settings } from "../settings.ts";
import { checkHealthPage, getFromCluster } from "./api-client.ts";
import { kubernetesVersion } from "./binaries.ts";
import { ETCD_URL } from "./etcd.ts";
import { NODE_BOX } from "./node-box.ts";
import { clientConfig, pkiFiles } from "./pki.ts";

export function controlPlaneParts(settings: Settings): Part[] {
  return [apiServer(settings), controllerManager(settings), scheduler(settings)].map((options) =>
    programPart(settings, options),
  );
}

function apiServer(settings: Settings): ProgramOptions {
  const file = (name: string): string => pkiFiles(settings, name).certificate;
  const key = (name: string): string => pkiFiles(settings, name).key;
  const args = [
    `--etcd-servers=${ETCD_URL}`,
    `--etcd-cafile=${file("etcd-ca")}`,
    `--etcd-certfile=${file("etcd-client")}`,
    `--etcd-keyfile=${key("etcd-client")}`,
    `--advertise-address=${NODE_ADDRESS}`,
    "--secure-port=6443",
    `--tls-cert-file=${file("kube-apiserver")}`,
    `--tls-private-key-file=${key("kube-apiserver")}`,
    `--client-ca-file=${file("ca")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${key("service-accounts")}`,
    `--service-account-signing-key-file=${key("service-accounts")}`,
    `--service-cluster-ip-range=${SERVICE_SUBNET}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    "--kubelet-preferred-address-types=InternalIP",
    `--kubelet-certificate-authority=${file("ca")}`,
    `--kubelet-client-certificate=${file("kubelet-client")}`,
    `--kubelet-client-key=${key("kubelet-client")}`,
  ];
  return {
    name: "kube-apiserver",
    title: "kube-apiserver",
    needs: ["kubernetes", "etcd"],
    address: API_SERVER_URL,
    box: NODE_BOX,
    // After SIGTERM it waits for its watchers, for a minute; what it has confirmed is in etcd.
    graceMs: 0,
    // It looks for etcd at growing intervals: 1.6 times the last one.
    healsWithinMs: 30_000,
    launch: () =>
      launchOf(settings, "kube-apiserver", args, [
        file("kube-apiserver"),
        file("ca"),
        key("service-accounts"),
      ]),
    check: async (signal) => void (await getFromCluster(settings, "/readyz", signal)),
  };
}

function controllerManager(settings: Settings): ProgramOptions {
  const config = clientConfig(settings, "kube-controller-manager");
  const key = pkiFiles(settings, "service-accounts").key;
  const authority = pkiFiles(settings, "ca").certificate;
  const args = [
    ...serving(settings, config),
    `--service-account-private-key-file=${key}`,
    `--root-ca-file=${authority}`,
    `--cluster-cidr=${POD_SUBNET}`,
    "--use-service-account-credentials",
    `--flex-volume-plugin-dir=${path.join(settings.home, "kubelet/volume-plugins")}`,
  ];
  return {
    ...controller(settings, "kube-controller-manager", 10257),
    launch: () => launchOf(settings, "kube-controller-manager", args, [config, key, authority]),
  };
}

function scheduler(settings: Settings): ProgramOptions {
  const config = clientConfig(settings, "kube-scheduler");
  const args = serving(settings, config);
  return {
    ...controller(settings, "kube-scheduler", 10259),
    launch: () => launchOf(settings, "kube-scheduler", args, [config]),
  };
}

// Alone, neither needs to lead: with leases they would end whenever the API server does.
const serving = (settings: Settings, config: string): string[] => [
  `--kubeconfig=${config}`,
  "--leader-elect=false",
  `--bind-address=${NODE_ADDRESS}`,
  `--tls-cert-file=${pkiFiles(settings, "kube-apiserver").certificate}`,
  `--tls-private-key-file=${pkiFiles(settings, "kube-apiserver").key}`,
];

const controller = (settings: Settings, name: string, port: number): Omit<ProgramOptions, "launch"> => ({
  name,
  title: name,
  needs: ["kube-apiserver"],
  address: `https://${NODE_ADDRESS}:${port}`,
  box: NODE_BOX,
  graceMs: 2_000,
  check: async (signal) => {
    const ca = await readFile(pkiFiles(settings, "ca").certificate, "utf8");
    await checkHealthPage(`https://${NODE_ADDRESS}:${port}/healthz`, signal, ca);
  },
});

export async function launchOf(
  settings: Settings,
  name: string,
  args: readonly string[],
  reads: readonly string[],
): Promise<Launch> {
  return { command: path.join(settings.home, "bin", name), args, reads, version: await kubernetesVersion() };
}
