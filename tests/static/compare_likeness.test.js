import assert from "node:assert/strict"
import { test } from "node:test"
import { canBeForced, inStepWords, stepsApartWords, unlikenessOf, unlikenessWords } from "../../static/lib/compare_likeness.js"
import { equationsOf, mergePhases, plainName, tensorsAt, tensorsOfPhase } from "../../static/lib/compare_phases.js"
import { countCells, tableColumns, tableRows, toldRows } from "../../static/lib/compare_table.js"

const side = (step, ...sizes) => ({ step, sizes: sizes.length ? sizes : [2, 4, 2] })

test("a difference can be read where layers, step and, for what is of the examples, the batch are the same", () => {
  assert.equal(unlikenessOf(side(5), side(5), true, "dW"), null)
  assert.equal(unlikenessOf(side(5), side(5), null, "dW"), null)
  assert.equal(unlikenessOf(side(5), side(4), true, "W"), "step")
  assert.equal(unlikenessOf(side(5), side(0), null, "W"), "start")
  assert.equal(unlikenessOf(side(5), side(4, 2, 3, 2), null, "W"), "layers")
  // parameters and states stand before the batch is looked at
  for (const tensor of ["W", "b", "gamma", "mW", "W_next"]) assert.equal(unlikenessOf(side(5), side(5), false, tensor), null, tensor)
  for (const tensor of ["A", "Z", "dZ", "dW", "db", "dgamma", "Zhat", undefined]) assert.equal(unlikenessOf(side(5), side(5), false, tensor), "batch", tensor)
  assert.deepEqual(["layers", "start", "step", "batch", null].filter(canBeForced), ["step", "batch"])
})

test("why there is no difference is said in the letters of the runs", () => {
  const words = (kind, tensor = "A") => unlikenessWords(kind, ["A", "C"], side(30), side(25), tensor)
  assert.equal(words("step"), "Not the same step: A is at step 30, C at step 25.")
  assert.equal(words("batch"), "Not the same batch: the columns of A and C are of other examples.")
  assert.equal(words("batch", "dW"), "Not the same batch: C learned from other examples than A.")
  assert.equal(stepsApartWords([{ letter: "A", step: 40 }, { letter: "B", step: 43 }, { letter: "C", step: 40 }]), "B at step 43; A and C at step 40")
})

test("that runs are not equally far matters from where one of them has no step; and who can't be stepped is told of all", () => {
  const runs = (keys, ...steps) => steps.map((step, at) => ({ letter: "ABCD"[at], step, hasKey: keys[at] === "k" }))
  assert.equal(inStepWords(runs("kk", 4, 4), 4), null)
  const early = inStepWords(runs("----", 6, 6, 9, 4), 4)
  assert.deepEqual([early.isApart, early.lead, early.words], [false, "All are shown at step 4;", "the newest that each has taken: C at step 9; A and B at step 6; D at step 4."])
  assert.equal(early.keys, "This browser has no key to step any of them.")
  const late = inStepWords(runs("k---", 6, 6, 9, 4), 5)
  assert.deepEqual([late.isApart, late.lead], [true, "Not in step:"])
  assert.equal(late.keys, "This browser has no key to step B, C and D.") // C is the farthest, and has none either
  assert.equal(inStepWords(runs("k-", 4, 9), 4).keys, "") // A can be brought to where B is
})

const phase = (key, tensor, layer, lane, reads = [], whole = key) => ({ key, tensor, layer, lane, reads: reads.map(([tensor, layer]) => ({ tensor, layer })), whole, title: key })
const shallow = [phase("Z1", "Z", 1, "forward", [["W", 1], ["A", 0]]), phase("A1", "A", 1, "forward", [["Z", 1]], "relu"), phase("losses1", "losses", 1, "loss", [["Y", 1]]), phase("dZ1", "dZ", 1, "backward", [["A", 1], ["Y", 1]])]
const deep = [phase("Z1", "Z", 1, "forward", [["W", 1], ["A", 0]]), phase("N1", "N", 1, "forward", [["gamma", 1]]), phase("A1", "A", 1, "forward", [["N", 1]], "tanh"), phase("Z2", "Z", 2, "forward"), phase("dA1", "dA", 1, "backward"), phase("dZ1", "dZ", 1, "backward", [["dA", 1]]), phase("mW_next1", "mW_next", 1, "update", [["mW", 1]])]

test("the phases of unlike runs are one derivation, each run's in its own order", () => {
  const merged = mergePhases([shallow, deep])
  assert.deepEqual(merged.map(({ key }) => key), ["Z1", "N1", "A1", "Z2", "dA1", "dZ1", "mW_next1"])
  for (const run of [shallow, deep]) {
    const own = run.filter(({ lane }) => lane !== "loss").map(({ key }) => key)
    assert.deepEqual(merged.map(({ key }) => key).filter((key) => own.includes(key)), own)
  }
  // what any of them reads is shown, but for the targets, which are no tensor of a layer
  assert.deepEqual(tensorsOfPhase(merged.find(({ key }) => key === "A1")).map(({ tensor }) => tensor), ["A", "Z", "N"])
  assert.deepEqual(tensorsOfPhase(merged.find(({ key }) => key === "dZ1")).map(({ tensor }) => tensor), ["dZ", "A", "dA"])
})

test("only tensors that one of the runs has in the layer are offered", () => {
  const merged = mergePhases([shallow, deep])
  assert.deepEqual(tensorsAt(merged, 1), { usual: ["W", "Z", "A", "dZ", "dA", "gamma", "N"], others: ["mW_next", "mW"] })
  assert.deepEqual(tensorsAt(merged, 2), { usual: ["Z"], others: [] })
  assert.deepEqual(tensorsAt(merged, 0), { usual: ["A"], others: [] })
})

test("a phase's equation is told of each run, and of those together that have the same", () => {
  assert.deepEqual(equationsOf([shallow, deep, shallow], "A1").map(({ latex, positions }) => [latex, positions]), [["relu", [0, 2]], ["tanh", [1]]])
  assert.deepEqual(equationsOf([shallow, deep], "N1").map(({ latex, positions }) => [latex, positions]), [[null, [0]], ["N1", [1]]])
})

test("where no markup can stand, names have the letters of the equations", () => {
  assert.deepEqual([plainName("dgamma", 2), plainName("Zhat", 1), plainName("mbeta_next", 1), plainName("W")], ["dγ[2]", "Ẑ[1]", "mβ′[1]", "W"])
})

test("a table has a row a cell, by place or with the largest difference first", () => {
  const [values, apart] = [[[[1, 2], [3, 4]], [[1, 5], [3, "NaN"]]], [null, [[0, 3], [0, "NaN"]]]]
  const rows = tableRows(values, apart, { rows: 2, cols: 2 }, "place")
  assert.deepEqual(rows.map(({ row, col }) => [row, col]), [[0, 0], [0, 1], [1, 0], [1, 1]])
  assert.deepEqual(rows[1], { row: 0, col: 1, numbers: [2, 5], apart: [null, 3] })
  assert.deepEqual(tableRows(values, apart, { rows: 2, cols: 2 }, "difference").map(({ row, col }) => [row, col]), [[1, 1], [0, 1], [0, 0], [1, 0]])
  // a run of another shape has no number there; a part begins where it begins
  assert.deepEqual(tableRows([[[1, 2]], [[1]]], [null, null], { rows: 1, cols: 2, row: 7 }, "place")[1], { row: 7, col: 1, numbers: [2, null], apart: [null, null] })
  assert.deepEqual(tableColumns(rows, ["A", "B"], [false, true]), { header: ["row", "column", "A", "B", "B - A"], columns: [[0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 3, 4], [1, 5, 3, "NaN"], [0, 3, 0, "NaN"]] })
})

test("cells in the order of the service stand under their own runs; what is not subtracted has no difference", () => {
  const told = { rows: [7, 0], cols: [1, 2], sessions: [{ values: [1, 2], differences: null }, { values: [4, "NaN"], differences: [3, "NaN"] }, { values: [9, null], differences: [8, 7] }] }
  // B has no such tensor, and was not asked for; D is of another step
  assert.deepEqual(toldRows(told, [0, 2, 3], 4, [false, false, true, false]), [
    { row: 7, col: 1, numbers: [1, null, 4, 9], apart: [null, null, 3, null] },
    { row: 0, col: 2, numbers: [2, null, "NaN", null], apart: [null, null, "NaN", null] },
  ])
})

test("in the order of the service there are no more cells than the first run has; else as many as the largest", () => {
  assert.equal(countCells([[4, 3], null, [9, 2]], false), 27)
  assert.equal(countCells([[4, 3], null, [9, 2]], true), 12)
  assert.equal(countCells([null, [9, 2]], true), 0)
})
