import assert from "node:assert/strict"
import { test } from "node:test"
import { phasesOf, shapeEquation, sourcesOf, twinOf } from "../../static/phases.js"
import { close, generator, makeTrace, numbers } from "./reference.js"

const trace = makeTrace([4, 5, 6, 3], { m: 7, seed: 2 })
const phases = phasesOf(trace)
const named = (key) => {
  const found = phases.find((phase) => phase.key === key)
  assert.ok(found, key)
  return found
}

test("the phases stand in the order of the derivation", () => {
  assert.deepEqual(phases.map(({ key }) => key), [
    "Z1", "A1", "Z2", "A2", "Z3", "A3", "loss",
    "dZ3", "dW3", "db3", "dA2", "dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1", "dA0", "update",
  ])
  assert.deepEqual([...new Set(phases.map(({ lane }) => lane))], ["forward", "loss", "backward", "update"])
})

test("nothing is read before it was written, and every tensor is written once", () => {
  const given = ["A0", "Y3", ...[1, 2, 3].flatMap((l) => [`W${l}`, `b${l}`])]
  const written = new Set(given)
  for (const { reads, writes } of phases) {
    for (const { tensor, layer } of reads) assert.ok(written.has(tensor + layer), tensor + layer)
    for (const { tensor, layer } of writes) {
      assert.ok(!written.has(tensor + layer))
      written.add(tensor + layer)
    }
  }
  for (const layer of trace.layers) {
    for (const tensor of ["A", "Z", "W", "b", "dA", "dZ", "dW", "db", "W_next", "b_next"]) {
      assert.equal(written.has(tensor + layer.index), Boolean(layer[tensor]), tensor + layer.index)
    }
  }
})

test("each equation names its place in the catalogue", () => {
  assert.deepEqual(named("A3").equation, { from: "outputs", name: "softmax_cross_entropy", tensor: "A", layer: 3 })
  assert.deepEqual(named("A1").equation, { from: "activations", name: "relu", tensor: "A", layer: 1 })
  assert.deepEqual(named("dZ3").equation, { from: "outputs", name: "softmax_cross_entropy", tensor: "dZ", layer: 3 })
  assert.deepEqual(named("dZ2").equation, { from: "activations", name: "relu", tensor: "dZ", layer: 2 })
  assert.deepEqual(named("dA1").equation, { from: "layers", name: "dense", tensor: "dA_prev", layer: 2 })
  assert.deepEqual(named("update").equation, { from: "optimizers", name: "sgd", tensor: "W_next", layer: 1 })
  assert.equal(phasesOf(trace, { optimizer: "adam" }).at(-1)?.equation.name, "adam")
})

test("without an update there is no phase for it", () => {
  assert.equal(phasesOf(makeTrace([2, 3, 2], { update: false })).at(-1)?.key, "dA0")
})

test("a loss that is differentiated apart has a phase for dA[L]", () => {
  const apart = makeTrace([2, 3, 2])
  const last = apart.layers[2]
  last.dA = last.dZ
  last.activation = "sigmoid"
  const keys = phasesOf(apart, { loss: "squared_error" }).map(({ key, equation }) => `${key} ${equation.from} ${equation.name}`)
  assert.deepEqual(keys.slice(4, 7), ["loss losses squared_error", "dA2 losses squared_error", "dZ2 activations sigmoid"])
})

test("twins are mutual, and absent where the trace has none", () => {
  for (const tensor of ["A", "Z", "W", "b", "dA", "dZ", "dW", "db"]) {
    const cell = { tensor, layer: 2, row: 1, col: 0 }
    const twin = twinOf(cell, trace)
    assert.ok(twin && twin.tensor !== tensor)
    assert.deepEqual(twinOf(twin, trace), cell)
  }
  assert.equal(twinOf({ tensor: "A", layer: 3, row: 0, col: 0 }, trace), null)
  assert.equal(twinOf({ tensor: "loss", layer: 3, row: 0, col: 0 }, trace), null)
  assert.equal(twinOf({ tensor: "A", layer: 0, row: 0, col: 0 }, trace)?.tensor, "dA")
})

test("the sources of a cell are enough to compute it", () => {
  const random = generator(9)
  const line = ({ tensor, layer, row, col }) => {
    const rows = tensor === "Y" ? numbers(trace.batch.Y) : numbers(trace.layers[layer][tensor])
    const kept = row === null ? rows : [rows[row]]
    return kept.flatMap((values) => (col === null ? values : [values[col]]))
  }
  const sum = (values) => values.reduce((total, value) => total + value, 0)
  const dot = (one, other) => { assert.equal(one.length, other.length); return sum(one.map((v, at) => v * other[at])) }
  const m = trace.batch.size
  const from = {
    Z: ([w, a, b]) => dot(w, a) + b[0],
    A: ([z], cell) => (cell.layer < 3 ? Math.max(0, z[0]) : Math.exp(z[cell.row]) / sum(z.map(Math.exp))),
    dZ: ([one, other], cell) => (cell.layer < 3 ? (other[0] > 0 ? one[0] : 0) : one[0] - other[0]),
    dW: ([dz, a]) => dot(dz, a) / m,
    db: ([dz]) => sum(dz) / m,
    dA: ([w, dz]) => dot(w, dz),
  }
  for (let round = 0; round < 400; round++) {
    const layer = Math.floor(random() * 4)
    for (const [tensor, compute] of Object.entries(from)) {
      const found = trace.layers[layer][tensor]
      if (!found || (tensor === "A" && layer === 0)) continue
      const [row, col] = found.shape.map((n) => Math.floor(random() * n))
      const cell = { tensor, layer, row, col }
      const value = compute(sourcesOf(cell, trace).map(line), cell)
      assert.ok(close(value, numbers(found)[row][col], 1e-9) || Math.abs(value) < 1e-12, `${tensor}${layer}[${row},${col}]`)
    }
  }
})

test("what a step is given has no sources", () => {
  for (const cell of [{ tensor: "A", layer: 0 }, { tensor: "W", layer: 1 }, { tensor: "b", layer: 2 }, { tensor: "Y", layer: 3 }]) {
    assert.deepEqual(sourcesOf({ ...cell, row: 0, col: 0 }, trace), [])
  }
})

test("shapes stand in the place of letters", () => {
  const digits = makeTrace([64, 32, 10], { m: 24 })
  const shapes = Object.fromEntries(phasesOf(digits).map((phase) => [phase.key, shapeEquation(phase, digits)]))
  assert.equal(shapes.Z1, "(32×64)·(64×24) + (32×1) = (32×24)")
  assert.equal(shapes.A1, "(32×24) → (32×24)")
  assert.equal(shapes.loss, "(10×24), (10×24) → 1")
  assert.equal(shapes.dZ2, "(10×24) − (10×24) = (10×24)")
  assert.equal(shapes.dZ1, "(32×24) ⊙ (32×24) = (32×24)")
  assert.equal(shapes.dW2, "(10×24)·(24×32) = (10×32)")
  assert.equal(shapes.db1, "(32×24) → (32×1)")
  assert.equal(shapes.dA1, "(32×10)·(10×24) = (32×24)")
  assert.equal(shapes.dA0, "(64×32)·(32×24) = (64×24)")
  assert.equal(shapes.update, "(32×64) − η·(32×64), (10×32) − η·(10×32)")
})
