import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { PackOptions } from "./bundle.ts";

/** Declarations of the modules that index.d.ts exports from, and of what these import. */
export async function writeTypes({ root, folder, description }: PackOptions): Promise<void> {
  const types = path.join(folder, "types");
  const emitted = path.join(folder, "emitted");
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  const config = path.join(folder, "tsconfig.types.json");
  writeFileSync(
    config,
    JSON.stringify({
      extends: path.join(root, "tsconfig.base.json"),
      compilerOptions: {
        noEmit: false,
        // npm run types has looked for mistakes.
        noCheck: true,
        declaration: true,
        emitDeclarationOnly: true,
        rewriteRelativeImportExtensions: true,
        rootDir: root,
        outDir: emitted,
        types: [],
        typeRoots: [path.join(root, "node_modules/@types")],
      },
      files: description.types.map(({ from }) => path.join(root, from)),
    }),
  );
  await promisify(execFile)(process.execPath, [compiler, "-p", config], { cwd: root });
  const modules = description.types.map(({ from }) => declarationOf(path.join(emitted, from)));
  for (const module of reachable(modules)) {
    const target = path.join(types, path.relative(emitted, module));
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(module, target);
  }
  const lines = description.types.map(
    ({ from, names }) => `export type { ${names.join(", ")} } from "./${from.replace(/\.ts$/, ".js")}";`,
  );
  writeFileSync(path.join(types, "index.d.ts"), `${lines.join("\n")}\n`);
  rmSync(emitted, { recursive: true });
  rmSync(config);
}

/** The given declarations and those that they import; packages may not be among these. */
function reachable(modules: readonly string[]): ReadonlySet<string> {
  const found = new Set(modules);
  for (const module of found) {
    for (const [, specifier = ""] of readFileSync(module, "utf8").matchAll(/from "([^"]+)"/g)) {
      if (!specifier.startsWith("."))
        throw new Error(`${module} has types of ${specifier}, which is not packed`);
      found.add(declarationOf(path.resolve(path.dirname(module), specifier)));
    }
  }
  return found;
}

function declarationOf(module: string): string {
  return module.replace(/\.[jt]s$/, ".d.ts");
}
