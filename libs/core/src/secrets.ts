export const mask = "***";

/**
 * Replaces every occurrence of the secrets in a text. Longer secrets go first, so that one that holds
 * another leaves nothing of itself; those under four characters are left alone, as masking them would
 * destroy ordinary text and tell more than it hides.
 */
export function createMask(secrets: Iterable<string>): (text: string) => string {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= 4)
    .toSorted((a, b) => b.length - a.length);
  if (known.length === 0) return (text) => text;
  return (text) => known.reduce((masked, secret) => masked.replaceAll(secret, mask), text);
}
