/** Modules that web/build.mjs makes up while it bundles the page. */

declare module "virtual:playbooks" {
  /**
   * Every *.raft file below playbooks/, sorted by path, as a list of `{ path, text }` named `playbooks`, and
   * the table `docs/tried.tsv`, named `tried`: as JSON, compressed by xz, in base64.
   */
  export const playbooks: string;
}

declare module "virtual:first" {
  /** The playbook that the page begins with, which is there at once. */
  export const first: string;
}

declare module "virtual:styles" {
  /** All style sheets of the page as one text, for pictures of it. */
  export const styles: string;
}

declare module "virtual:version" {
  /** The version of the whole site, which all of its parts have in common. */
  export const version: string;
}

/** The version of the page that runs. */
declare var raftVersion: string | undefined;

/** The version of each part that has been loaded, by its path. */
declare var raftLoaded: Readonly<Record<string, string>> | undefined;

/** What dist/playbooks.js leaves behind. */
declare var raftPlaybooks: string | undefined;

/** What dist/chinese.js leaves behind: what the page says, in Chinese. */
declare var raftChinese: typeof import("./i18n/zh").zh | undefined;

/** What dist/charts.js leaves behind. */
declare var raftCharts: { readonly chart: typeof import("./charts").chart } | undefined;

/** What dist/parts.js leaves behind. */
declare var raftParts: typeof import("./ui/parts").parts | undefined;
declare var raftMenus: typeof import("./ui/parts").menus | undefined;

/** What dist/editor.js leaves behind. */
declare var raftEditor: typeof import("./editor").TextEditor | undefined;

/** What dist/checker.js leaves behind. */
declare var raftChecker: typeof import("./checker").checking | undefined;

/** Leaves the modules that dist/parts.js uses in `globalThis.raftShared`. */
declare module "virtual:shared";

declare module "virtual:engine" {
  /**
   * What src/engine/main.ts exports. It is bundled by itself and refers to nothing outside of
   * itself, so that a worker can be made of its text.
   */
  export function engine(): typeof import("./engine/main");
}

declare module "virtual:checker" {
  /** What src/checker/main.ts exports, bundled as the engine is. */
  export function checker(): typeof import("./checker/main");
  /** raft_check_wasm_bg.wasm, as the engine's is in `virtual:wasm`. */
  export const wasm: string;
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
