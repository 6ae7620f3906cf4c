import assert from "node:assert/strict"
import { test } from "node:test"
import { defaults, flowGeometry, unitEdges } from "../../static/draw/ribbons.js"
import { close, generator, makeTrace, numbers, tensor } from "./reference.js"

const magnitude = (row) => row.reduce((sum, value) => sum + Math.abs(value), 0)
const EDGE = 0.02 // paths are rounded to hundredths of a pixel

/** A trace with a mask, a leaking slope and something behind it that changes sizes by `gain`. */
function changed(trace, { keep, leak, gain }) {
  const random = generator(17)
  for (const layer of trace.layers.slice(1, -1)) {
    const each = (of) => tensor(layer.dA.values.map((row, j) => row.map((_, i) => of(j, i))))
    const D = (layer.D = each(() => (random() < keep ? 1 / keep : 0)))
    const dG = (layer.dG = each((j, i) => layer.dA.values[j][i] * D.values[j][i]))
    const dN = (layer.dN = each((j, i) => dG.values[j][i] * (layer.Z.values[j][i] > 0 ? 1 : leak)))
    layer.dZ = each((j, i) => gain * (dN.values[j][i] - 0.1))
  }
  return trace
}

/** @param {any} trace @param {any} options */
function flow(trace, options = {}) {
  const { geometry, reason } = flowGeometry(trace, { width: 1000, height: 360, ...options })
  assert.equal(reason, null)
  assert.ok(geometry)
  return geometry
}

/** All x and y of a path of M, H, V, L, C and Z in absolute numbers. */
function pointsOf(path) {
  const xs = [], ys = []
  for (const [, letter, rest] of path.matchAll(/([MHVC])([^MHVCZ]*)/g)) {
    const values = rest.trim().split(/[\s,]+/).map(Number)
    assert.ok(values.every(Number.isFinite), path)
    if (letter === "H") xs.push(...values)
    else if (letter === "V") ys.push(...values)
    else values.forEach((value, at) => (at % 2 ? ys : xs).push(value))
  }
  return { xs, ys }
}

const labelBox = ({ text, x, y, anchor }) => {
  const w = text.length * defaults.charWidth
  const left = anchor === "start" ? x : anchor === "end" ? x - w : x - w / 2
  return { left, right: left + w, top: y - defaults.fontSize, bottom: y }
}

/** Everything is inside the picture and nothing that must be told apart overlaps. */
function checkLayout(geometry) {
  const { width, height } = geometry
  const inside = ({ xs, ys }) => {
    assert.ok(Math.min(...xs) >= -EDGE && Math.max(...xs) <= width + EDGE, `x ${Math.min(...xs)} ${Math.max(...xs)}`)
    assert.ok(Math.min(...ys) >= -EDGE && Math.max(...ys) <= height + EDGE, `y ${Math.min(...ys)} ${Math.max(...ys)}`)
  }
  const labels = [geometry.loss.label, ...geometry.columns.flatMap(({ heading, units }) =>
    [heading, ...units.flatMap(({ label }) => (label ? [label] : []))])].filter(({ text }) => text !== "")
  for (const label of labels) {
    const { left, right, top, bottom } = labelBox(label)
    inside({ xs: [left, right], ys: [top, bottom] })
  }
  for (const [at, label] of labels.entries()) {
    for (const other of labels.slice(at + 1)) {
      const [a, b] = [labelBox(label), labelBox(other)]
      assert.ok(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top, `${label.text} / ${other.text}`)
    }
  }
  for (const { path } of geometry.ribbons) inside(pointsOf(path))
  for (const { units } of geometry.columns) {
    for (const [at, unit] of units.entries()) {
      inside({ xs: [unit.x, unit.x + unit.w], ys: [unit.y, unit.y + unit.h] })
      assert.ok(close(unit.passed.h + unit.stopped.h, unit.h, 1e-9) || unit.h === 0)
      const next = units[at + 1]
      if (next) assert.ok(unit.y + unit.h <= next.y + 1e-9)
      if (unit.norm) inside(pointsOf(unit.norm.path))
      for (const { path, cap } of unit.stops) {
        const [stub, end] = [pointsOf(path), pointsOf(cap)]
        inside(stub)
        inside(end)
        if (next) assert.ok(Math.max(...stub.ys, ...end.ys) <= next.y + EDGE)
        assert.ok(Math.min(...end.ys) >= unit.passed.y + unit.passed.h - EDGE) // the cap keeps off what passes
        if (unit.norm) assert.ok(Math.min(...end.ys) >= unit.norm.y + unit.norm.h - EDGE || end.xs.every((x) => x > unit.norm.x + unit.norm.w))
      }
    }
  }
}

const sizes = [[2, 8, 8, 3], [64, 24, 16, 10], [64, 64, 32, 10], [64, 256, 128, 10], [4, 3], [3, 1, 2], [5, 5, 5, 5, 5, 5, 5, 2]]

test("every unit's numbers are the trace's, and passed and stopped add up to them", () => {
  for (const [seed, size] of sizes.slice(0, 6).entries()) {
    const trace = makeTrace(size, { seed, m: 1 + 5 * seed })
    const { columns } = flow(trace, { strongest: 1000 })
    for (const { layer, units } of columns) {
      const { dA, dZ, Z } = trace.layers[layer]
      const arriving = numbers(dA ?? dZ)
      assert.equal(units.length, size[layer])
      for (const unit of units) {
        const row = arriving[unit.unit]
        assert.ok(close(unit.value, magnitude(row)))
        assert.ok(close(unit.passed.value + unit.stopped.value, unit.value))
        assert.equal(unit.amplified, 0)
        const hidden = layer > 0 && layer < size.length - 1
        const stopped = hidden ? magnitude(row.filter((_, i) => !(numbers(Z)[unit.unit][i] > 0))) : 0
        assert.ok(close(unit.stopped.value, stopped))
      }
    }
  }
})

test("the band holds exactly what is not shown", () => {
  const trace = makeTrace([64, 64, 32, 10], { m: 16 })
  const [few, every] = [flow(trace, { strongest: 12 }), flow(trace, { strongest: 1000 })]
  for (const [l, column] of few.columns.entries()) {
    const whole = every.columns[l]
    for (const of of [(u) => u.value, (u) => u.passed.value, (u) => u.stopped.value, (u) => u.onward, (u) => u.received]) {
      const sums = [column, whole].map(({ units }) => units.reduce((sum, unit) => sum + of(unit), 0))
      assert.ok(close(sums[0], sums[1]))
    }
    assert.ok(close(column.total, whole.total))
    const band = column.units.find(({ unit }) => unit === null)
    if (trace.layers[l].size <= 12) { assert.equal(band, undefined); continue }
    assert.equal(band.count, trace.layers[l].size - 12)
    assert.equal(column.units.at(-1), band)
    const strongest = whole.units.map(({ value }) => value).sort((a, b) => b - a)
    for (const { unit, value } of column.units) if (unit !== null) assert.ok(value >= strongest[11])
    const shown = column.units.flatMap(({ members }) => members).sort((a, b) => a - b)
    assert.deepEqual(shown, Array.from({ length: trace.layers[l].size }, (_, at) => at))
  }
})

test("every ribbon carries |W| times the gradient that goes on", () => {
  const trace = makeTrace([6, 9, 7, 3], { m: 5, seed: 4 })
  const { ribbons } = flow(trace, { strongest: 1000 })
  let seen = 0
  for (const { from, to, value } of ribbons) {
    if (from.layer > 3) continue
    const { W, dZ } = trace.layers[from.layer]
    assert.equal(to.layer, from.layer - 1)
    assert.ok(close(value, numbers(dZ)[from.unit].reduce((sum, g) => sum + Math.abs(numbers(W)[from.unit][to.unit] * g), 0)))
    seen++
  }
  assert.ok(seen > 60)
})

test("what a unit receives is at least its gradient, since signs only cancel", () => {
  const { columns } = flow(makeTrace([64, 24, 16, 10], { m: 24 }))
  for (const { units } of columns) for (const unit of units) assert.ok(unit.received >= unit.value * (1 - 1e-12))
})

test("heights are numbers: one linear scale for all columns", () => {
  const { columns, scaleInfo } = flow(makeTrace([64, 24, 16, 10], { m: 24 }))
  assert.equal(scaleInfo.max, Math.max(...columns.map(({ total }) => total)))
  for (const { units } of columns) {
    for (const unit of units) {
      assert.ok(close(unit.h, unit.value * scaleInfo.pixelsPerUnit))
      assert.ok(close(unit.stopped.h, unit.stopped.value * scaleInfo.pixelsPerUnit, 1e-6) || unit.stopped.value < 1e-9)
    }
  }
})

test("a logarithmic scale keeps the order and shows the small", () => {
  const trace = makeTrace([8, 12, 12, 3], { m: 10, gain: 0.05 })
  const [log, linear] = [flow(trace, { scale: "log" }), flow(trace)]
  const units = log.columns.flatMap((column) => column.units).sort((a, b) => a.value - b.value)
  units.forEach((unit, at) => assert.ok(at === 0 || unit.h >= units[at - 1].h))
  const smallest = (geometry) => Math.min(...geometry.columns[0].units.map(({ h }) => h))
  assert.ok(smallest(log) > smallest(linear))
  assert.equal(log.scaleInfo.pixelsPerUnit, null)
})

test("ribbons fill their ends and no more", () => {
  for (const scale of ["linear", "log"]) {
    const { columns, ribbons, loss } = flow(makeTrace([64, 24, 16, 10], { m: 24 }), { scale })
    for (const { layer, units } of columns) {
      for (const unit of units) {
        const into = ribbons.filter(({ to }) => to.layer === layer && to.unit === unit.unit)
        assert.ok(Math.abs(into.reduce((sum, { width }) => sum + width, 0) - unit.h) < 1e-6)
        const out = ribbons.filter(({ from }) => from.layer === layer && from.unit === unit.unit)
        if (layer > 0) assert.ok(Math.abs(out.reduce((sum, { fromWidth }) => sum + fromWidth, 0) - unit.passed.h) < 1e-6)
      }
    }
    const first = ribbons.filter(({ from }) => from.layer === columns.length)
    assert.ok(Math.abs(first.reduce((sum, { fromWidth }) => sum + fromWidth, 0) - loss.h) < 1e-6)
    ribbons.forEach((ribbon, at) => assert.ok(at === 0 || ribbon.width >= ribbons[at - 1].width))
  }
})

test("everything fits and nothing overlaps, for any network, size and scale", () => {
  const random = generator(12)
  for (const [seed, size] of sizes.entries()) {
    const trace = makeTrace(size, { m: seed === 4 ? 1 : 6, seed, gain: 0.5 + random() })
    for (let round = 0; round < 6; round++) {
      const options = {
        width: 340 + random() * 1300, height: 150 + random() * 500,
        scale: random() < 0.5 ? "linear" : "log", strongest: 1 + Math.floor(random() * 16),
      }
      checkLayout(flow(trace, options))
    }
  }
})

test("mask, slope and normalisation are told apart, and add up", () => {
  for (const [round, [seed, leak]] of [[1, 0], [2, 0.3], [3, 0]].entries()) {
    const trace = changed(makeTrace([5, 9, 7, 3], { m: 6, seed }), { keep: 0.6, leak, gain: round === 2 ? 6 : 0.4 })
    for (const scale of ["linear", "log"]) checkLayout(flow(trace, { scale, strongest: 6 }))
    const { columns, ribbons } = flow(trace, { strongest: 1000 })
    for (const { layer, units, norm, byMask } of columns.slice(1, -1)) {
      const { dA, D, dG, dN, dZ } = trace.layers[layer]
      assert.ok(byMask > 0)
      assert.ok(close(norm.from, dN.values.flat().reduce((sum, v) => sum + Math.abs(v), 0)))
      assert.ok(close(norm.to, dZ.values.flat().reduce((sum, v) => sum + Math.abs(v), 0)))
      for (const unit of units) {
        const row = unit.unit
        const of = (kind) => unit.stops.find((stop) => stop.kind === kind)?.value ?? 0
        assert.ok(close(of("mask"), magnitude(dA.values[row].filter((_, i) => D.values[row][i] === 0))))
        assert.ok(Math.abs(of("mask") + of("slope") + unit.passed.value - unit.value) < 1e-9)
        // the slope's share of what the mask keeps, before that was made larger
        const kept = dA.values[row].map((g, i) => (dG.values[row][i] === 0 ? 0 : Math.abs(g) * (1 - Math.abs(dN.values[row][i] / dG.values[row][i]))))
        assert.ok(Math.abs(of("slope") - kept.reduce((sum, v) => sum + v, 0)) < 1e-9)
        assert.ok(close(unit.passed.value + unit.amplified, magnitude(dN.values[row])))
        assert.ok(close(unit.norm.value, magnitude(dZ.values[row])))
        const out = ribbons.filter(({ from }) => from.layer === layer && from.unit === row)
        assert.ok(Math.abs(out.reduce((sum, { fromWidth }) => sum + fromWidth, 0) - unit.norm.h) < 1e-6)
      }
    }
  }
})

test("the layout fits 64-256-128-10 at the usual size, and says how many more there are", () => {
  const geometry = flow(makeTrace([64, 256, 128, 10], { m: 32 }), { width: 960, height: 420 })
  checkLayout(geometry)
  assert.deepEqual(geometry.columns.map(({ units }) => units.at(-1)?.label?.text),
    ["+52 more units", "+244 more units", "+116 more units", "9"])
  assert.ok(geometry.columns[1].stopped > 0)
  assert.ok(geometry.columns[1].units.some(({ stops }) => stops.some(({ path, cap }) => path !== "" && cap !== "")))
})

test("a batch of one, and a layer that stops everything", () => {
  checkLayout(flow(makeTrace([4, 6, 3], { m: 1 })))
  const trace = makeTrace([4, 6, 3], { m: 3 })
  trace.layers[1].dZ.values = trace.layers[1].dZ.values.map((row) => row.map(() => 0))
  const { columns, ribbons } = flow(trace)
  assert.equal(columns[1].passed, 0)
  assert.ok(close(columns[1].stopped, columns[1].total))
  assert.equal(ribbons.filter(({ from }) => from.layer === 1).length, 0)
})

test("no gradient at all: heights of zero, no ribbon, and still a slot to point at", () => {
  const trace = makeTrace([4, 6, 3], { m: 3 })
  for (const layer of trace.layers) {
    for (const name of ["dA", "dZ"]) if (layer[name]) layer[name].values = layer[name].values.map((row) => row.map(() => 0))
  }
  for (const scale of ["linear", "log"]) {
    const geometry = flow(trace, { scale })
    checkLayout(geometry)
    assert.equal(geometry.ribbons.length, 0)
    for (const { units } of geometry.columns) for (const { h, slot } of units) assert.ok(h === 0 && slot.h > 0)
  }
})

test("what is not finite is flagged, shown on its own, and leaves the rest as it was", () => {
  const trace = makeTrace([20, 30, 3], { m: 4 })
  trace.layers[1].dA.values[29][0] = "NaN"
  trace.layers[1].dZ.values[29][0] = "Infinity"
  for (const scale of ["linear", "log"]) {
    const geometry = flow(trace, { scale, strongest: 5 })
    checkLayout(geometry)
    const broken = geometry.columns[1].units.filter(({ nonFinite }) => nonFinite)
    assert.deepEqual(broken.map(({ unit, h }) => [unit, h]), [[29, defaults.nonFiniteHeight]])
    assert.ok(Number.isFinite(geometry.scaleInfo.max))
    assert.ok(geometry.ribbons.some(({ nonFinite, from }) => nonFinite && from.unit === 29))
    for (const { width, fromWidth } of geometry.ribbons) assert.ok(Number.isFinite(width) && Number.isFinite(fromWidth))
  }
})

test("a larger step of the range makes this one smaller, and nothing else does", () => {
  const trace = makeTrace([4, 6, 3], { m: 3 })
  const own = flow(trace)
  const shared = flow(trace, { max: own.scaleInfo.max * 4 })
  assert.ok(close(shared.columns[1].units[0].h * 4, own.columns[1].units[0].h))
  assert.ok(close(flow(trace, { max: own.scaleInfo.max / 4 }).columns[1].units[0].h, own.columns[1].units[0].h))
})

test("says why there is no picture", () => {
  const trace = makeTrace([4, 6, 3])
  assert.match(String(flowGeometry(trace, { width: 20, height: 300 }).reason), /too small/)
  const { stats } = trace.layers[1].dA
  trace.layers[1].dA = { shape: [6, 8], view: { rows: 1, cols: 1, reduce: "absmax", values: [[1]] }, stats }
  assert.equal(flowGeometry(trace, { width: 600, height: 300 }).reason, "dA[1] came as a reduced view; its sums need every number")
  assert.equal(unitEdges(trace, 1, 0), null)
  trace.layers[1].dA = null
  assert.equal(flowGeometry(trace, { width: 600, height: 300 }).reason, "dA[1] is not in the trace")
})

test("one unit's own edges, strongest first", () => {
  const trace = makeTrace([6, 9, 7, 3], { m: 5 })
  const { columns } = flow(trace, { strongest: 1000 })
  const edges = unitEdges(trace, 2, 4)
  assert.equal(edges.received.length, 3)
  assert.equal(edges.sent.length, 9)
  assert.ok(close(edges.received.reduce((sum, { value }) => sum + value, 0), columns[2].units[4].received))
  for (const list of [edges.received, edges.sent]) {
    list.forEach(({ value }, at) => assert.ok(at === 0 || value <= list[at - 1].value))
  }
})
