import path from "node:path";
import { call } from "../http.ts";
import type { Part } from "../parts.ts";
import { programPart } from "../programs.ts";
import { runCommand } from "../run-command.ts";
import { NODE_ADDRESS, NODE_NAME, type Settings } from "../settings.ts";
import { NODE_BOX } from "./node-box.ts";
import { pkiFiles } from "./pki.ts";

export const ETCD_URL = `https://${NODE_ADDRESS}:2379`;
const METRICS_URL = `http://${NODE_ADDRESS}:2381`;
const PEER_URL = "http://127.0.0.1:2380";

export function etcdPart(settings: Settings): Part {
  const { certificate, key } = pkiFiles(settings, "etcd");
  const authority = pkiFiles(settings, "etcd-ca").certificate;
  return programPart(settings, {
    name: "etcd",
    title: "etcd",
    needs: [NODE_BOX.name, "certificates"],
    address: ETCD_URL,
    box: NODE_BOX,
    graceMs: 5_000,
    launch: async () => ({
      command: "etcd",
      args: [
        `--name=${NODE_NAME}`,
        `--data-dir=${path.join(settings.home, "etcd")}`,
        `--listen-client-urls=${ETCD_URL}`,
        `--advertise-client-urls=${ETCD_URL}`,
        `--listen-peer-urls=${PEER_URL}`,
        `--initial-advertise-peer-urls=${PEER_URL}`,
        `--initial-cluster=${NODE_NAME}=${PEER_URL}`,
        `--listen-metrics-urls=${METRICS_URL}`,
        `--cert-file=${certificate}`,
        `--key-file=${key}`,
        "--client-cert-auth",
        `--trusted-ca-file=${authority}`,
        "--logger=zap",
        "--log-level=warn",
      ],
      // Debian's 3.4 asks for this on processors other than amd64.
      env: process.arch === "x64" ? {} : { ETCD_UNSUPPORTED_ARCH: process.arch },
      reads: [certificate, authority],
      version: await runCommand(["etcd", "--version"]).then((text) => /\d+\.\d+\.\d+/.exec(text)?.[0] ?? ""),
    }),
    check: async (signal) => {
      const { status, body } = await call(`${METRICS_URL}/health`, { signal });
      if (status !== 200) throw new Error(`${METRICS_URL}/health answers ${status}: ${body}`);
    },
  });
}
