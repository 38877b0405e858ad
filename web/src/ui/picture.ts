/**
 * Pictures of the laboratory, as it is drawn: its elements with its own style sheet, in an SVG. The run
 * is inside as a link, so that a picture that is dropped on the page opens it at the same instant.
 */
import { styles } from "virtual:styles";
import { lang } from "../i18n";
import { dark, theme } from "../state/page";

/** What can be on a picture, and what that is drawn as. */
export const PARTS = { stage: ".stage", logs: ".logs", diagram: ".diagram", all: ".app" } as const;
export type Part = keyof typeof PARTS;

/** What a picture has no use for, or what hides it while something lies over the laboratory. */
const UNDRAWN = ".notices, .menu, .under-way, .hit, script";

/** The picture of a part, or of a stage by itself; undefined where that is not in sight. */
export function svgOf(lab: HTMLElement, part: Part, link: string): string | undefined {
  const app = lab.querySelector<HTMLElement>(".app");
  const seen = lab.querySelector(PARTS[part]);
  if (!app || !seen) return undefined;
  const { left, top } = lab.getBoundingClientRect();
  const box = seen.getBoundingClientRect();
  const [x, y, width, height] = [box.left - left, box.top - top, box.width, box.height].map(
    Math.round,
  );
  const isDark = theme.value === "auto" ? dark.value : theme.value === "dark";
  const inside = new XMLSerializer().serializeToString(copyOf(app));
  const size = `width:${lab.clientWidth}px;height:${lab.clientHeight}px`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}" data-theme="${isDark ? "dark" : "light"}" lang="${lang.value}">
<metadata>${escaped(link)}</metadata>
<style>${escaped(styles)}</style>
<foreignObject width="${lab.clientWidth}" height="${lab.clientHeight}"><div xmlns="http://www.w3.org/1999/xhtml" class="lab" style="${size}">${inside}</div></foreignObject>
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** A copy that looks the same without the page's scripts: what scripts have drawn or moved stays. */
function copyOf(app: HTMLElement): Element {
  const copy = app.cloneNode(true) as HTMLElement;
  copy.removeAttribute("inert");
  const [drawn, copied] = [app, copy].map((one) => [...one.querySelectorAll("*")]);
  for (const [i, element] of (drawn ?? []).entries()) {
    const twin = copied?.[i];
    if (!(twin instanceof Element)) continue;
    if (element instanceof HTMLCanvasElement) {
      const image = document.createElement("img");
      image.setAttribute("src", element.toDataURL());
      image.setAttribute("class", element.className);
      // By its object: the page's policy refuses the attribute.
      Object.assign(image.style, {
        width: `${element.clientWidth}px`,
        height: `${element.clientHeight}px`,
      });
      twin.replaceWith(image);
    } else if (element instanceof HTMLInputElement) twin.setAttribute("value", element.value);
    if (element.scrollLeft > 0 || element.scrollTop > 0) {
      const { scrollLeft, scrollTop } = element;
      for (const child of twin.children) {
        if (child instanceof HTMLElement)
          child.style.translate = `${-scrollLeft}px ${-scrollTop}px`;
      }
    }
  }
  for (const element of copy.querySelectorAll(UNDRAWN)) element.remove();
  return copy;
}

/** The same as a PNG, twice as large as on the screen. */
export async function pngOf(svg: string, link: string): Promise<Blob | undefined> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const plain = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (!plain) return undefined;
  const bytes = new Uint8Array(await plain.arrayBuffer());
  // Behind the signature and the header, which are 33 bytes long.
  return new Blob([bytes.slice(0, 33), textChunk(link), bytes.slice(33)], { type: "image/png" });
}

/** A chunk of a PNG that says where it comes from. */
function textChunk(text: string): Uint8Array<ArrayBuffer> {
  const data = new TextEncoder().encode(`tEXtSource\0${text}`);
  const chunk = new Uint8Array(data.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length - 4);
  chunk.set(data, 4);
  view.setUint32(data.length + 4, crc32(data));
  return chunk;
}

/** The checksum of a chunk (PNG specification, annex D). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
