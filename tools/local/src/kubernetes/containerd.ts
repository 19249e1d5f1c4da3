import path from "node:path";
import { findBox, runInBox } from "../box.ts";
import type { Part, Step } from "../parts.ts";
import { programPart } from "../programs.ts";
import { runCommand } from "../run-command.ts";
import { POD_SUBNET, type Settings } from "../settings.ts";
import { PROXY_PORT } from "./gateway-part.ts";
import { NODE_BOX } from "./node-box.ts";
import { ensurePauseArchive, PAUSE_IMAGE } from "./pause-image.ts";

/** Inside the box, where /run is empty at each start. */
export const CONTAINERD_SOCKET = "/run/containerd/containerd.sock";

export function containerdPart(settings: Settings): Part {
  const configFile = path.join(settings.home, "node/containerd.toml");
  const networks = path.join(settings.home, "node/cni");
  const program = programPart(settings, {
    name: "containerd",
    title: "containerd",
    needs: ["gateway"],
    box: NODE_BOX,
    graceMs: 5_000,
    launch: async () => ({
      command: "containerd",
      args: ["--config", configFile],
      env: { HTTPS_PROXY: `http://127.0.0.1:${PROXY_PORT}`, NO_PROXY: "127.0.0.1,localhost" },
      files: {
        [configFile]: configuration({ root: path.join(settings.home, "containerd"), networks }),
        [path.join(networks, "10-pods.conflist")]: JSON.stringify(podNetwork, undefined, 2),
      },
      version: await runCommand(["containerd", "--version"]).then(
        (text) => /\d+\.\d+\.\d+/.exec(text)?.[0] ?? "",
      ),
    }),
    check: async (signal) => void (await containerdClient(settings, ["images", "list", "-q"], signal)),
  });

  const hasPauseImage = async (signal: AbortSignal): Promise<boolean> => {
    const images = await containerdClient(settings, ["images", "list", "-q"], signal).catch(() => "");
    return images.split("\n").includes(PAUSE_IMAGE);
  };
  return {
    ...program,
    look: async (signal) => {
      const state = await program.look(signal);
      if (state.state !== "healthy" || (await hasPauseImage(signal))) return state;
      return { state: "unhealthy", reason: `the image ${PAUSE_IMAGE} is missing` };
    },
    bring: async (step: Step) => {
      const done = await program.bring(step);
      if (!(await hasPauseImage(step.signal))) {
        step.say("importing the pause image");
        await containerdClient(
          settings,
          ["images", "import", await ensurePauseArchive(settings, step.signal)],
          step.signal,
        );
      }
      return done;
    },
  };
}

async function containerdClient(
  settings: Settings,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const init = await findBox(settings, NODE_BOX);
  if (!init) throw new Error("the node does not run");
  return runInBox(init, NODE_BOX, ["ctr", "-a", CONTAINERD_SOCKET, "-n", "k8s.io", ...args], { signal });
}

const configuration = ({ root, networks }: { root: string; networks: string }): string => `version = 2
root = "${root}"
state = "/run/containerd"

[grpc]
  address = "${CONTAINERD_SOCKET}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  # Without CAP_SYS_RESOURCE no process may lower its score, and no pod would start.
  restrict_oom_score_adj = true
  # A profile would be loaded into the machine's kernel and stay there.
  disable_apparmor = true

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${networks}"
`;

const podNetwork = {
  cniVersion: "0.4.0",
  name: "pods",
  plugins: [
    {
      type: "bridge",
      bridge: "pods",
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: {
        type: "host-local",
        ranges: [[{ subnet: POD_SUBNET }]],
        routes: [{ dst: "0.0.0.0/0" }],
        dataDir: "/run/cni",
      },
    },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
};
