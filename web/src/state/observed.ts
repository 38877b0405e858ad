/** Objects that note who reads which of their fields: what is drawn follows them. */
import { signal } from "@preact/signals";

/** An object of the same fields, each of which notes who reads it. */
export function observed<Fields extends object>(fields: Fields): Fields {
  const described: PropertyDescriptorMap = {};
  for (const [name, first] of Object.entries(fields)) {
    const field = signal<unknown>(first);
    described[name] = {
      enumerable: true,
      get: () => field.value,
      set: (next: unknown) => {
        field.value = next;
      },
    };
  }
  return Object.defineProperties({}, described) as Fields;
}
