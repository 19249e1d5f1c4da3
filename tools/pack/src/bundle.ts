import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { rolldown, type Plugin } from "rolldown";
import type { PackageDescription } from "./packages.ts";

export interface PackOptions {
  readonly root: string;
  /** Of the package. */
  readonly folder: string;
  readonly description: PackageDescription;
}

/**
 * All modules of a package end in one folder, so that what lies beside one of them lies beside each. Returns
 * the modules that went into it.
 */
export async function bundle({ root, folder, description }: PackOptions): Promise<string[]> {
  const { entries, external } = description;
  const input = Object.fromEntries(
    Object.entries(entries).map(([file, module]) => [path.parse(file).name, path.join(root, module)]),
  );
  const missing = Object.values(input).filter((module) => !existsSync(module));
  if (missing.length > 0) throw new Error(`${description.name}: there is no ${missing.join(", ")}`);
  const build = await rolldown({
    input,
    platform: "node",
    external: [...external],
    // Of the Kubernetes client three of some eight hundred modules are used; none does anything when imported.
    treeshake: { moduleSideEffects: (id) => !id.includes("/@kubernetes/client-node/") },
    plugins: [besideModules(), schemasOfPackage(), withoutUnusedClients()],
    logLevel: "silent",
  });
  const { output } = await build.write({
    dir: path.join(folder, "dist"),
    format: "esm",
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name]-[hash].mjs",
  });
  await build.close();
  return output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
}

/** Files that a module names by a URL relative to itself: modules become entries, others are copied. */
function besideModules(): Plugin {
  return {
    name: "beside-modules",
    transform(code, id) {
      if (!id.endsWith(".ts")) return undefined;
      return code.replaceAll(/new URL\("(?:\.\/)?([\w.-]+)", import\.meta\.url\)/g, (_, name: string) => {
        const file = path.join(path.dirname(id), name);
        const fileName = name.replace(/\.ts$/, ".mjs");
        if (name.endsWith(".ts")) this.emitFile({ type: "chunk", id: file, fileName });
        else this.emitFile({ type: "asset", fileName, source: readFileSync(file) });
        return `new URL("./${fileName}", import.meta.url)`;
      });
    },
  };
}

/** docs/schemas is four folders above in the repository, and one in the package. */
function schemasOfPackage(): Plugin {
  const inRepository = 'import.meta.dirname, "../../../.."';
  return {
    name: "schemas-of-package",
    transform(code, id) {
      if (!id.endsWith("/actions/src/config/generate.ts")) return undefined;
      if (!code.includes(inRepository)) throw new Error(`${id} looks for docs/schemas elsewhere`);
      return code.replace(inRepository, 'import.meta.dirname, ".."');
    },
  };
}

/**
 * dockerode loads clients for ssh and gRPC, a megabyte and a half, which pai never lets it use: ssh is the
 * machine's own, and the session with BuildKit is pai's.
 */
function withoutUnusedClients(): Plugin {
  const unused = new Set(["ssh2", "@grpc/grpc-js", "@grpc/proto-loader", "protobufjs"]);
  const empty = "\0unused-client";
  return {
    name: "without-unused-clients",
    resolveId: (source) => (unused.has(source) ? empty : undefined),
    load: (id) => (id === empty ? "export {};" : undefined),
  };
}
