const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** `500m`, `1Gi`, `2e9`; NaN for what is no quantity. */
export function parseQuantity(text: string): number {
  const unit = /[a-zA-Z]+$/.exec(text)?.[0] ?? "";
  const factor = factors[unit];
  return factor === undefined ? Number(text) : Number(text.slice(0, -unit.length)) * factor;
}
