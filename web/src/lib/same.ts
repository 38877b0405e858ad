/**
 * Whether two things look the same. Every View is made anew, so that what looks the same is hardly
 * ever the same object.
 */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isObject(one) || !isObject(other)) return false;
  // What has a revision is the engine's, which knows what is shown of it.
  if ("revision" in one) return one.revision === other.revision;
  for (const key in one) if (!(key in other && isSame(one[key], other[key]))) return false;
  for (const key in other) if (!(key in one)) return false;
  return true;
}

interface Thing {
  readonly [field: string]: unknown;
  readonly revision?: unknown;
}

function isObject(value: unknown): value is Thing {
  return typeof value === "object" && value !== null;
}
