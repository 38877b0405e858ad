/** What servers can do besides plain Raft, as the engine knows it. */
import { signal } from "@preact/signals";
import type { FeatureView } from "../engine/types";
import { askFeatures } from "./engine";

export const features = signal<readonly FeatureView[]>([]);

export async function readFeatures(): Promise<void> {
  features.value = (await askFeatures()) ?? [];
}
