/** An image of the own registry that a manifest names. */
export interface ManifestImage {
  /** As written: `127.0.0.1:5077/pai/hbase:latest`. */
  readonly reference: string;
  readonly line: number;
}

/** Every `image:` of the text whose value begins with the prefix, in the order of the text. */
export function findImages(text: string, prefix: string): ManifestImage[] {
  return text
    .split("\n")
    .flatMap((content, index) =>
      [...content.matchAll(imageKey)]
        .map(({ groups }) => ({ reference: groups?.["reference"] ?? "", line: index + 1 }))
        .filter(({ reference }) => reference.startsWith(prefix)),
    );
}

/** Appends the digest to each image of the map; all other text stays as it is, byte for byte. */
export function pinImages(text: string, digests: ReadonlyMap<string, string>): string {
  return text.replaceAll(imageKey, (whole, reference: string) => {
    const digest = digests.get(reference);
    return digest === undefined || reference.includes("@") ? whole : `${whole}@${digest}`;
  });
}

// An `image` key in block or flow YAML, its value plain or quoted; never inside a longer key or a comment.
const imageKey =
  /(?<=^(?:[^#\n]|(?<=\S)#)*)(?<![\w.-])["']?image["']?[ \t]*:[ \t]*["']?(?<reference>\w[\w./:@-]*)/gm;
