/** The phases of a step in one line: what folds into one button, and when. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { groupFrom, isTooLong, phaseGroups } from "../../static/lib/phase_groups.js"

const phase = (lane, layer) => ({ lane, layer })
const step = (layers) => [
  ...Array.from({ length: layers }, (_, l) => [phase("forward", l + 1), phase("forward", l + 1)]).flat(),
  phase("loss", layers),
  ...Array.from({ length: layers }, (_, l) => [phase("backward", layers - l), phase("backward", layers - l), phase("backward", layers - l)]).flat(),
  phase("backward", 0),
  phase("update", 0),
]

test("every phase is in one group, a layer's part of a pass each, in order", () => {
  const groups = phaseGroups(step(3))
  assert.deepEqual(groups.map(({ lane, layer }) => `${lane} ${layer}`), ["forward 1", "forward 2", "forward 3", "loss 3", "backward 3", "backward 2", "backward 1", "backward 0", "update 0"])
  assert.deepEqual(groups.map(({ from }) => from), [0, ...groups.slice(0, -1).map(({ to }) => to)])
  assert.equal(groups.at(-1).to, step(3).length)
})

test("few phases stand side by side, and many or a narrow window fold them", () => {
  assert.equal(isTooLong(step(2), 1100), false)
  assert.equal(isTooLong(step(2), 300), true)
  assert.equal(isTooLong(step(9), 1100), true)
})

test("from layer to layer one comes to where the next part begins, and before the first to the whole step", () => {
  const groups = phaseGroups(step(2))
  assert.equal(groupFrom(groups, -1, 1), 0)
  assert.equal(groupFrom(groups, 1, 1), 2)
  assert.equal(groupFrom(groups, 3, -1), 0)
  assert.equal(groupFrom(groups, 0, -1), -1)
  assert.equal(groupFrom(groups, -1, -1), -1)
  assert.equal(groupFrom(groups, step(2).length - 1, 1), step(2).length - 1)
})
