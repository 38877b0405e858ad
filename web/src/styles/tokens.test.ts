import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

/** The tests run from web/, wherever they are bundled to. */
const sheet = readFileSync(join(process.cwd(), "src/styles/tokens.css"), "utf8");
const colors = new Map<string, readonly [string, string]>();
for (const found of sheet.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)) {
  const [, name, light, dark] = found;
  if (name && light && dark) colors.set(name, [light, dark]);
}

function luminance(color: string): number {
  const part = (at: number): number => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function check(front: string, back: string, least: number): void {
  const [light, dark] = colors.get(front) ?? ["#000000", "#000000"];
  const [underLight, underDark] = colors.get(back) ?? ["#000000", "#000000"];
  for (const [over, under, theme] of [
    [light, underLight, "light"],
    [dark, underDark, "dark"],
  ] as const) {
    const ratio = contrast(over, under);
    assert.ok(ratio >= least, `${front} on ${back}, ${theme}: ${ratio.toFixed(2)}`);
  }
}

test("words can be read on every ground, in both themes", () => {
  assert.ok(colors.size >= 20, "the palette is found");
  for (const front of ["ink", "dim", "accent", "refusal", "assent"]) {
    for (const back of ["ground", "card"]) check(front, back, 4.5);
  }
  check("ink", "lit", 7);
  check("dim", "lit", 4.5);
  check("accent", "lit", 4.5);
  check("on-accent", "accent", 4.5);
});

test("a term's colour carries its words, and stands on the ground", () => {
  for (let term = 0; term <= 16; term++) {
    check("on-term", `term-${term}`, 4.5);
    check(`term-${term}`, "card", 4.5);
    check(`term-${term}`, "ground", 4.5);
  }
});
