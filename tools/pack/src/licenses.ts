import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const fileName = "LICENSES-OF-OTHERS.txt";

/** The licenses of all packages that went into a bundle, as theirs ask for. */
export function writeLicenses(folder: string, modules: readonly string[]): void {
  const packages = new Set(modules.flatMap((module) => packageOf(module) ?? []));
  const texts = [...packages].toSorted().map(licenseOf);
  writeFileSync(path.join(folder, fileName), texts.join(`\n${"-".repeat(80)}\n`));
}

function packageOf(module: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(module)?.[0];
}

function licenseOf(directory: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(directory, "package.json"), "utf8"),
  ) as {
    name: string;
    version: string;
    license?: string;
  };
  const file = readdirSync(directory).find((each) => /^licen[cs]e/i.test(each));
  const text = file === undefined ? "" : `\n${readFileSync(path.join(directory, file), "utf8").trim()}\n`;
  return `${name} ${version} (${license ?? "see its text"})\n${text}`;
}
