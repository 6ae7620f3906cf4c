/** The phases of a step in one line: what folds into one button, and when. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { foldsOf, groupFrom, phaseGroups } from "../../static/lib/phase_groups.js"

const phase = (lane, layer, ...made) => ({ lane, layer, writes: made.map((tensor) => ({ tensor, layer: 1 })) })
const step = (layers) => [
  ...Array.from({ length: layers }, (_, l) => [phase("forward", l + 1), phase("forward", l + 1)]).flat(),
  phase("loss", layers),
  ...Array.from({ length: layers }, (_, l) => [phase("backward", layers - l), phase("backward", layers - l), phase("backward", layers - l)]).flat(),
  phase("backward", 0),
  phase("update", 0, "mW_next"), phase("update", 0, "sW_next", "tW_next"), phase("update", 0, "W_next"),
]

test("every phase is in one group, a layer's part of a pass each, in order", () => {
  const groups = phaseGroups(step(3))
  assert.deepEqual(groups.map(({ lane, layer }) => `${lane} ${layer}`), ["forward 1", "forward 2", "forward 3", "loss 3", "backward 3", "backward 2", "backward 1", "backward 0", "update 0"])
  assert.deepEqual(groups.map(({ from }) => from), [0, ...groups.slice(0, -1).map(({ to }) => to)])
  assert.equal(groups.at(-1).to, step(3).length)
})

test("few phases stand side by side, and many or a narrow window fold the update first, then the forward pass, then both", () => {
  assert.deepEqual(foldsOf(step(2), 1000), { forward: false, backward: false, update: false })
  assert.deepEqual(foldsOf(step(2), 900), { forward: false, backward: false, update: true })
  assert.deepEqual(foldsOf(step(2), 800), { forward: true, backward: false, update: true })
  assert.deepEqual(foldsOf(step(2), 300), { forward: true, backward: true, update: true })
  assert.deepEqual(foldsOf(step(9), 1100), { forward: true, backward: true, update: true })
  const plain = step(2).slice(0, -2)
  assert.equal(foldsOf(plain, 300).update, false, "one phase is no shorter folded")
})

test("what there is room for is not folded", () => {
  const sgd = (layers) => [...step(layers).slice(0, -3), phase("update", 0, "W_next"), phase("update", 0, "b_next")]
  // of a line of 1286 and of 1126 pixels, as windows of 1440 and 1280 have them, without the two buttons
  assert.deepEqual(foldsOf(step(3), 1202), { forward: false, backward: false, update: true })
  assert.deepEqual(foldsOf(sgd(2), 1042), { forward: false, backward: false, update: false })
  assert.deepEqual(foldsOf(sgd(9), 1202), { forward: true, backward: true, update: false }, "the update is not folded because the passes are")
})

test("from layer to layer one comes to where the next part begins, and before the first to the whole step", () => {
  const groups = phaseGroups(step(2))
  assert.equal(groupFrom(groups, -1, 1), 0)
  assert.equal(groupFrom(groups, 1, 1), 2)
  assert.equal(groupFrom(groups, 3, -1), 0)
  assert.equal(groupFrom(groups, 0, -1), -1)
  assert.equal(groupFrom(groups, -1, -1), -1)
  assert.equal(groupFrom(groups, step(2).length - 1, 1), step(2).length - 1)
  assert.equal(groupFrom(groups, step(2).length - 1, -1), step(2).length - 4)
})
