/** Modules that web/build.mjs makes up while it bundles the page. */

declare module "virtual:playbooks" {
  /** One playbook file: its path below playbooks/, such as "seeds/backup.raft", and its text. */
  export interface PlaybookFile {
    readonly path: string;
    readonly text: string;
  }
  /** Every *.raft file, sorted by path. */
  export const playbooks: readonly PlaybookFile[];
}

/** What dist/playbooks.js leaves behind. */
declare var raftPlaybooks: readonly { readonly path: string; readonly text: string }[] | undefined;

declare module "virtual:engine" {
  /**
   * Serves the engine on a worker's scope or on a port. It is bundled by itself and refers to
   * nothing outside of itself, so that a worker can be made of its text.
   */
  export function engine(scope: import("./engine/host").Scope): void;
}

declare module "virtual:wasm" {
  /**
   * raft_wasm_bg.wasm, compressed by xz, in base64. Decode it, read it through
   * `new XzReadableStream(…)`, and hand the bytes to
   * `init({ module_or_path: bytes })`.
   */
  export const wasm: string;
}

/** Style sheets are imported for esbuild to gather them into dist/app.css. */
declare module "*.css";
