import assert from "node:assert/strict";
import { test } from "node:test";
import { asTest } from "./as-test.ts";

test("a playbook becomes a test of that name", () => {
  const text = asTest("Figure 8 (2C/3C) · My own", "timeout S1\n");
  assert.ok(text.includes("#[test]\nfn plays_figure_8_2c_3c_my_own() {\n"));
  assert.ok(text.includes('let playbook = r"timeout S1\n";\n'));
  assert.ok(asTest("图八", "").includes("fn plays_a_playbook()"));
});

test("nothing in the playbook ends its text", () => {
  assert.ok(asTest("", 'caption "So"## it is').includes('r###"caption "So"## it is"###;'));
  assert.ok(asTest("", 'caption "So" it is').includes('r#"caption "So" it is"#;'));
});
