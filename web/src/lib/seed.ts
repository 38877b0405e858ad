/** A seed by the browser's own chance, as whole and as large as a number holds exactly. */
export function freshSeed(): number {
  const [high = 0, low = 0] = globalThis.crypto.getRandomValues(new Uint32Array(2));
  return (high % 2 ** 21) * 2 ** 32 + low;
}
