import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { decode, makeScale, oklabFromLinear } from "../../static/draw/color_scales.js"
import { addressFaults, keyIn, readCompareAddress, sessionIn, writeCompareAddress } from "../../static/lib/compare_address.js"
import { eventsOf, eventWords, marksOf, seriesOf, unionOfSteps } from "../../static/lib/compare_curves.js"
import { besides } from "../../static/lib/compare_door.js"
import { commonExtent, extentsOf, isFaint, isSigned, numberAt, pictureSize, sharersOf } from "../../static/lib/compare_pictures.js"
import { nameInFiles } from "../../static/lib/compare_words.js"
import { apartWords, binsFor, largestBin, outline, shareTicks, spreadColumns } from "../../static/lib/spread_data.js"
import { takeSteps } from "./app_itself.js"

const base = { dataset: { name: "moons" }, layer_sizes: [2, 4, 2], batch_size: 6 }
const traces = takeSteps([base, { ...base, hidden_activations: "tanh" }]).map(({ trace }) => trace)
const flat = (tensor) => tensor.values.flat().map(Number)
const largest = (tensors) => Math.max(...tensors.flatMap(flat).map(Math.abs))

test("a scale reaches as far as the largest magnitude of all runs", () => {
  const at = { tensor: "dW", layer: 1 }
  const own = traces.map((trace) => trace.layers[1].dW)
  assert.equal(commonExtent(sharersOf(traces, at, [at], "tensor")), largest(own))
  // by kind: of all gradients that are shown, and of nothing else
  const items = [at, { tensor: "dZ", layer: 2 }, { tensor: "W", layer: 1 }]
  assert.equal(commonExtent(sharersOf(traces, at, items, "kind")), largest(traces.flatMap((trace) => [trace.layers[1].dW, trace.layers[2].dZ])))
  assert.equal(commonExtent([null, null]), 0)
})

test("what of an address is not shown as it stands is said", () => {
  assert.equal(addressFaults("?sessions=a,b&tensor=W", 4), "")
  assert.equal(addressFaults("?sessions=a,b,a", 4), "The address names a more than once; a run is compared once.")
  assert.equal(addressFaults("?sessions=a,b,c,d,e,b&tensor=W,nonsense", 4), "The address names b more than once; a run is compared once. At most 4 runs are compared at once; left out: e. There is no tensor nonsense.")
  assert.equal(addressFaults("?sessions=a,b&scale=huge", 4), "There is no scale huge: it is own, kind, or left out.")
  assert.equal(addressFaults("?sessions=a,b&colors=red", 4), "There are no colours red: they are logarithmic, linear, or left out.")
  assert.equal(addressFaults("?sessions=a,b&scale=own&colors=logarithmic", 4), "")
})

test("on one scale the runs end alike, on their own each at its largest; what hardly shows on the one is found", () => {
  const at = { tensor: "dW", layer: 1 }
  const each = traces.map((trace) => largest([trace.layers[1].dW]))
  assert.deepEqual(extentsOf(traces, at, [at], "own"), each)
  assert.deepEqual(extentsOf([...traces, null], at, [at], "tensor"), Array(3).fill(Math.max(...each)))
  for (const signed of [true, false]) {
    const scale = (mode) => makeScale({ kind: "backward", scheme: "light", extent: 2, mode, signed })
    const faint = (mode) => [2, 0.05, 0.03, 1e-4, 0].map((size) => isFaint(scale(mode), size))
    assert.deepEqual(faint("linear"), [false, false, true, true, false])
    assert.deepEqual(faint("signed-log"), [false, false, false, true, false]) // a logarithm shows what is small
  }
})

test("a scale has two arms as soon as one run has a number below zero", () => {
  const [relu, tanh] = traces.map((trace) => trace.layers[1].A)
  assert.equal(isSigned("A", [relu]), false)
  assert.equal(isSigned("A", [relu, tanh]), true)
  assert.equal(isSigned("dW", []), true)
})

test("a cell outside of a tensor has no number", () => {
  const tensor = traces[0].layers[1].W
  assert.equal(numberAt(tensor, { row: 3, col: 1 }), tensor.values[3][1])
  assert.equal(numberAt(tensor, { row: 4, col: 0 }), null)
  assert.equal(numberAt(null, { row: 0, col: 0 }), null)
})

test("pictures have square cells, fit into their room and never become too thin to be pointed at", () => {
  assert.deepEqual(pictureSize([10, 32], { width: 448, height: 132 }), { width: 422, height: 132 })
  assert.deepEqual(pictureSize([2, 3], { width: 448, height: 420 }), { width: 132, height: 88 })
  assert.deepEqual(pictureSize([32, 1], { width: 448, height: 132 }), { width: 28, height: 132 })
  assert.deepEqual(pictureSize([4, 900], { width: 448, height: 132 }), { width: 448, height: 28 })
})

const history = (loss) => ({ steps: loss.map((_, at) => at + 1), loss, accuracy: [], test_loss: [], test_accuracy: [], layers: [] })

test("curves stand over the steps of the longest run, and the shorter end where they end", () => {
  const runs = [[3, 2, 1], [3, "NaN"], []].map((loss, at) => ({ letter: "ABC"[at], inFiles: nameInFiles(at, "0123456789"), history: history(loss) }))
  const steps = unionOfSteps(runs.map(({ history }) => history))
  assert.deepEqual(steps, [1, 2, 3])
  const series = seriesOf(runs, steps, "loss", ({ loss }) => loss)
  assert.deepEqual(series.map(({ values }) => values), [[3, 2, 1], [3, "NaN", null], [null, null, null]])
  assert.deepEqual(series.map(({ name }) => name), ["loss of A (01234567)", "loss of B (01234567)", "loss of C (01234567)"])
})

test("forks and edits are told and marked of the runs that they are of, and of no other", () => {
  const edits = (...steps) => steps.map((step, at) => ({ number: at + 1, step, action: { name: "ablate", layer: 1, unit: at } }))
  const run = (place, parent, log = []) => ({ place, session: { id: "abcd"[place], parent }, log })
  const runs = [run(0, null, edits(0, 6, 7, 7)), run(1, { id: "a", step: 12 }, edits(6, 7)), run(2, { id: "a", step: 0 }), run(3, { id: "elsewhere", step: 5 }, [{ number: 1, step: 5, action: { name: "configure", changes: {} } }])]
  const events = eventsOf(runs)
  assert.deepEqual(marksOf(events).map(({ step, whose }) => [step, whose.map(({ label, token }) => label + token).join()]), [[0, "A--run-1,C--run-3"], [6, "A--run-1,B--run-2"], [7, "A--run-1,B--run-2"], [12, "B--run-2"]])
  assert.equal(eventWords(events, 20), "A edited before the first step; C: same start as A; dashed lines: A and B edited after steps 6 and 7, B forked from A after step 12")
  // after the newest step of all there is no room for a line
  assert.equal(eventWords(eventsOf([run(0, null, edits(6, 9))]), 9), "dashed line: A edited after step 6; A edited after step 9, with no step since")
  assert.equal(eventWords(eventsOf([run(0, null, edits(1, 2, 3, 4, 5, 6, 7))]), 9), "dashed lines: A edited after steps 1, 2, 3, 4, 5 and 2 more")
  assert.equal(eventWords(eventsOf([run(0, null)]), 9), "")
})

const spread = (bins, more = {}) => ({ id: "", step: 1, cells: 10, bins, zeros: 0, nan: 0, posinf: 0, neginf: 0, ...more })

test("outlines are shares of a run's own cells, on one height", () => {
  const told = { tensor: "dW", layer: 1, scale: "linear", threshold: null, edges: [0, 1, 2], sessions: [spread([2, 5], { zeros: 3 }), null, spread([10, 10], { cells: 20 })] }
  assert.equal(largestBin(told), 0.5)
  assert.deepEqual([0, 8, 48, 1000, 1e6].map(binsFor), [5, 5, 7, 32, 60])
  assert.deepEqual(shareTicks(0.37), [{ percent: 0, place: 0 }, { percent: 20, place: 20 / 37 }])
  assert.deepEqual(shareTicks(0), [{ percent: 0, place: 0 }])
  assert.equal(outline(told.sessions[0], 0.5, 100, 200), "M0 200V120.0H50.0V0.0H100.0V200")
  assert.equal(outline(spread([0, 0]), 0, 100, 200), "M0 200V200.0H50.0V200.0H100.0V200")
  assert.equal(apartWords(told.sessions[0]), "3 of 10 exactly 0 (30.0 %)")
  assert.equal(apartWords(spread([], { nan: 2, neginf: 1 })), "0 of 10 exactly 0 (0.0 %), 2 NaN, 1 −∞")
  assert.deepEqual(spreadColumns(told, ["A", "B", "C"]), { header: ["from", "to", "cells of A", "cells of B", "cells of C"], columns: [[0, 1], [1, 2], [2, 5], [null, null], [10, 10]] })
})

test("from a lens one comes to what is looked at there, on its scale and in its colours", () => {
  const lens = { phase: null, cell: null, scaleRange: "own", scaleMode: "linear" }
  const [cell, phase] = [{ tensor: "dW", layer: 1, row: 3, col: 0 }, { key: "dW1", lane: "backward", writes: [{ tensor: "dW", layer: 1 }], reads: [{ tensor: "dZ", layer: 1 }] }]
  assert.equal(besides(["a", "b"], 4, lens), "/compare?sessions=a,b&step=4")
  assert.equal(besides(["a", "b"], null, { ...lens, cell, scaleRange: "shared", scaleMode: "signed-log" }), "/compare?sessions=a,b&scale=kind&colors=logarithmic&cell=dW.1.3.0")
  assert.equal(besides(["a"], 4, { ...lens, phase, cell }), "/compare?sessions=a&step=4&phase=dW1&cell=dW.1.3.0")
  // a phase that has nothing to do with the cell, or is of no layer, is left behind
  assert.equal(besides(["a"], 4, { ...lens, phase, cell: { ...cell, tensor: "W" } }), "/compare?sessions=a&step=4&cell=W.1.3.0")
  assert.equal(besides(["a"], 4, { ...lens, phase: { ...phase, lane: "loss" } }), "/compare?sessions=a&step=4")
})

test("an address comes back as it was written, and forgives what is wrong in it", () => {
  const place = { sessions: ["a-1", "b_2"], isUnlikeDrawn: true, sharing: "own", colors: "logarithmic", step: 12, tensors: ["W", "dW"], layer: 2, phase: "dW2", cell: { tensor: "dW", layer: 2, row: 3, col: 1 } }
  assert.deepEqual(readCompareAddress(writeCompareAddress(place)), place)
  assert.deepEqual(readCompareAddress(writeCompareAddress({ ...place, layer: "all", phase: null, cell: null })), { ...place, layer: "all", phase: null, cell: null })
  assert.deepEqual(readCompareAddress("?sessions=a,,a&tensor=nonsense,dZ&layer=-1&step=x"), { sessions: ["a"], isUnlikeDrawn: false, sharing: "tensor", colors: "linear", step: null, tensors: ["dZ"], layer: null, phase: null, cell: null })
  assert.equal(sessionIn(" https://example.org/?session=abc&step=3#key "), "abc")
  assert.equal(sessionIn("https://example.org/?session=abc#key=secret"), "abc")
  assert.equal(sessionIn("abc"), "abc")
  assert.deepEqual([" https://example.org/?session=abc#key=se%2Bcret ", "https://example.org/?session=abc#key", "abc"].map(keyIn), ["se+cret", null, null])
})

// Machado, Oliveira and Fernandes (2009), full severity, on linear light
const EYES = [
  [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
]

test("the colours of runs are told apart by every kind of eye, in both schemes, and are none of the tensors' kinds", () => {
  const css = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8")
  const token = (name) => new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css).slice(1)
  const lab = (eye, hex) => {
    const linear = [1, 3, 5].map((at) => decode(parseInt(hex.slice(at, at + 2), 16) / 255))
    return oklabFromLinear(eye.map((row) => Math.max(0, row.reduce((sum, c, at) => sum + c * linear[at], 0))))
  }
  const apart = (eye, one, other) => Math.hypot(...lab(eye, one).map((value, at) => value - lab(eye, other)[at]))
  const runs = [1, 2, 3, 4].map((n) => token(`run-${n}`))
  const kinds = ["forward", "parameter", "backward", "held"].map((kind) => token(`tensor-${kind}`))
  for (const scheme of [0, 1]) {
    for (const [at, run] of runs.entries()) {
      for (const other of runs.slice(at + 1)) for (const eye of EYES) assert.ok(apart(eye, run[scheme], other[scheme]) > 0.12, `${run} ${other}`)
      for (const kind of kinds) assert.ok(apart(EYES[0], run[scheme], kind[scheme]) > 0.12, `${run} ${kind}`)
    }
  }
})
