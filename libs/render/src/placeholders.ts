// Scripts of OpenPAI replace %NAME% by sed; a value cannot begin with % in YAML.

export function hidePlaceholders(text: string): string {
  return text.replaceAll(/%([A-Z][A-Z0-9_]*)%/g, "pai-placeholder-$1-end");
}

export function showPlaceholders(text: string): string {
  return text.replaceAll(/pai-placeholder-([A-Z0-9_]+)-end/g, "%$1%");
}
