import type { RegistryLogin } from "@pai/actions/build";
import { command } from "@pai/cli";
import { PaiError } from "@pai/core";
import { treeOf, treeOptions } from "./options.ts";

export const login = command({
  command: "login",
  describe: "show which credentials are known for the registries that are used, and whether they accept them",
  options: {
    ...treeOptions,
    check: {
      type: "boolean",
      default: false,
      describe: "ask each registry whether images can be pulled and pushed; ends with 1 when not",
    },
  },
  examples: [["pai-build login --check", "every registry of the configuration and of FROM lines"]],
  async run(options, { report, signal, output, print }) {
    if (!options.check) throw storesNothing();
    const { checkLogins } = await import("@pai/actions/build");
    const logins = await checkLogins({ ...treeOf(options), report, signal });
    if (output === "json") for (const each of logins) print(JSON.stringify({ type: "login", ...each }));
    else print(formatLogins(logins));
    return logins.every(({ pull, push = "accepted" }) => pull === "accepted" && push === "accepted") ? 0 : 1;
  },
});

function formatLogins(logins: readonly RegistryLogin[]): string {
  const rows = logins.map(({ registry, usedFor, source, pull, push }) => [
    registry,
    usedFor.join(", "),
    `pull ${pull}`,
    push === undefined ? "" : `push ${push}`,
    source === undefined ? "no credentials" : `credentials of ${source}`,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .flatMap((row, index) => [
      `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")}`.trimEnd(),
      ...(logins[index]?.reasons ?? []).map((reason) => `    ${reason}`),
    ])
    .join("\n");
}

function storesNothing(): PaiError {
  return new PaiError("USAGE", "pai-build login stores no credentials", {
    details: [
      "They are taken from, in this order:",
      "  services-configuration.yaml   cluster.docker-registry.username and password: ${env:NAME} or ${file:path}",
      "  the Docker client             docker login REGISTRY; its config.json, credential helpers and stores",
    ],
    hint: "to see what is known and whether it is accepted: pai-build login --check",
  });
}
