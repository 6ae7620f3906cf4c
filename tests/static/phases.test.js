import assert from "node:assert/strict"
import { test } from "node:test"
import { phasesOf, sourcesOf, twinOf } from "../../static/phases.js"
import { close, generator, makeTrace, numbers, toldPhases } from "./reference.js"

const trace = makeTrace([4, 5, 6, 3], { m: 7, seed: 2 })
const phases = phasesOf(toldPhases(3), trace)
const named = (key) => {
  const found = phases.find((phase) => phase.key === key)
  assert.ok(found, key)
  return found
}

test("the phases stand in the order in which the session tells them, the loss as one, and of the update each kind of tensor", () => {
  assert.deepEqual(phases.map(({ key }) => key), [
    "Z1", "A1", "Z2", "A2", "Z3", "A3", "loss",
    "dZ3", "dW3", "db3", "dA2", "dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1", "dA0", "W_next1", "b_next1",
  ])
  assert.deepEqual([...new Set(phases.map(({ lane }) => lane))], ["forward", "loss", "backward", "update"])
})

test("a phase of several equations reads and writes what they do, but not what they hand to each other", () => {
  assert.deepEqual(named("loss").parts.map(({ key }) => key), ["losses3", "loss3"])
  assert.deepEqual(named("loss").reads.map(({ tensor }) => tensor), ["Y", "A"])
  assert.deepEqual(named("loss").writes.map(({ tensor }) => tensor), ["losses", "loss"])
  assert.deepEqual(named("b_next1").writes.map(({ tensor, layer }) => tensor + layer), ["b_next1", "b_next2", "b_next3"])
  assert.deepEqual(named("b_next1").reads.map(({ tensor, layer }) => tensor + layer), ["b1", "db1", "b2", "db2", "b3", "db3"])
  assert.equal(named("b_next1").layer, 0)
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

test("without an update there is no phase for it", () => {
  assert.equal(phasesOf(toldPhases(2), makeTrace([2, 3, 2], { update: false })).at(-1)?.key, "dA0")
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
