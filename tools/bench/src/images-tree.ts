// Trees of small services on one base of their own, for the bench of images.
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface ImagesTree {
  readonly root: string;
  readonly base: string;
  /** Names of services and of their images. */
  readonly services: readonly string[];
  /** Gives a file of these services new content, so that nothing of an earlier build fits. */
  readonly touch: (services: readonly string[]) => void;
  readonly remove: () => void;
}

export interface ImagesTreeOptions {
  /** Before every name: images have one name space in an engine. */
  readonly prefix: string;
  readonly services: number;
  /** `host:port` */
  readonly registry: string;
  /** A static binary that is a shell when it is called `sh`. */
  readonly busybox: string;
}

export function writeImagesTree({
  prefix,
  services: count,
  registry,
  busybox,
}: ImagesTreeOptions): ImagesTree {
  const root = mkdtempSync(path.join(tmpdir(), "pai-bench-images-"));
  const write = (file: string, content: string | Buffer): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  };
  const base = `${prefix}-base`;
  const services = Array.from({ length: count }, (_, index) => `${prefix}-service-${index}`);
  write(
    "configuration/layout.yaml",
    'kubernetes: {api-servers-url: "https://127.0.0.1:1"}\nmachine-list:\n- {hostname: m1, hostip: 127.0.0.1, pai-master: "true"}\n',
  );
  write(
    "configuration/services-configuration.yaml",
    `cluster:\n  docker-registry: {domain: "${registry}", namespace: ${prefix}, tag: latest, secret-name: s}\n`,
  );
  write(`src/${base}/build/${base}.dockerfile`, "FROM scratch\nCOPY build/busybox /bin/sh\n");
  copyFileSync(busybox, path.join(root, `src/${base}/build/busybox`));
  const touch = (names: readonly string[]): void => {
    for (const name of names) write(`src/${name}/build/files/0`, randomBytes(1000).toString("hex"));
  };
  for (const name of services) {
    write(
      `src/${name}/build/${name}.dockerfile`,
      `FROM ${base}\nCOPY build/files/ /app/\nRUN echo built > /app/built\n`,
    );
    for (let file = 1; file < 5; file++) write(`src/${name}/build/files/${file}`, `${name} ${file}\n`);
  }
  touch(services);
  return { root, base, services, touch, remove: () => rmSync(root, { recursive: true }) };
}

/** A service whose context is 10,000 files of 10 kB, of which the image takes one folder. */
export function addLargeService({ root, base }: ImagesTree, name: string): void {
  const folder = path.join(root, `src/${name}/build`);
  for (let index = 0; index < 100; index++) {
    mkdirSync(path.join(folder, `files/${index}`), { recursive: true });
    for (let file = 0; file < 100; file++)
      writeFileSync(path.join(folder, `files/${index}/${file}`), randomBytes(10_000));
  }
  writeFileSync(path.join(folder, `${name}.dockerfile`), `FROM ${base}\nCOPY build/files/ /app/\n`);
}
