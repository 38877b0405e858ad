import assert from "node:assert/strict";
import { test } from "node:test";
import { agreeUpTo, backUp, mayVote } from "./worked-logs";

test("the four cases of the fast back-up", () => {
  const refused = (leader: number[], follower: number[]) => backUp(leader, follower);
  assert.deepEqual(refused([4, 6, 6, 6], [4, 5, 5]), {
    refusals: [
      { at: 4, length: 4 },
      { at: 3, term: 5, index: 2 },
    ],
    from: 2,
  });
  assert.deepEqual(refused([4, 6, 6, 6], [4, 4, 4]), {
    refusals: [
      { at: 4, length: 4 },
      { at: 3, term: 4, index: 1 },
    ],
    from: 2,
  });
  assert.deepEqual(refused([4, 6, 6, 6], [4]), { refusals: [{ at: 4, length: 2 }], from: 2 });
  assert.deepEqual(refused([1, 2], [1, 2, 2]), { refusals: [], from: 3 });
  assert.deepEqual(refused([2], [1]), { refusals: [{ at: 1, term: 1, index: 1 }], from: 1 });
});

test("logs agree up to the last index of one term, and votes follow the end of the log", () => {
  assert.equal(agreeUpTo([4, 5, 5], [4, 6, 6, 6]), 1);
  assert.equal(agreeUpTo([1, 1], [1, 1, 2]), 2);
  assert.equal(agreeUpTo([3], [4]), 0);
  assert.equal(mayVote([4, 5, 5], [4, 6]), true);
  assert.equal(mayVote([4, 6], [4, 5, 5]), false);
  assert.equal(mayVote([4, 5, 5], [4, 5]), false);
  assert.equal(mayVote([4, 5], [4, 5]), true);
});
