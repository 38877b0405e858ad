/** A host may ask that addresses of scripts be vouched for: those given here are the page's own. */

interface Policy {
  readonly createScriptURL: (url: string) => string;
}
interface Policies {
  readonly createPolicy: (name: string, rules: Policy) => Policy;
}

let policy: Policy | undefined;

export function trusted(url: string): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: Policies };
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy("raft-lab", { createScriptURL: (known) => known });
  return policy.createScriptURL(url);
}
