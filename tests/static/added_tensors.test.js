/** What ingredients add to a step, on steps that the app itself takes: names, colours, words, places and equations of every tensor. */
import assert from "node:assert/strict"
import { test } from "node:test"
import katex from "katex"
import { readAddress, writeAddress } from "../../static/address.js"
import { describeCell } from "../../static/lib/cell_words.js"
import { columnsOf, tensorsOf, updateOf, updateRows } from "../../static/lib/lens_columns.js"
import { kindOf, withShapes } from "../../static/lib/notation.js"
import { axesOf } from "../../static/lib/tensor_names.js"
import { cellLatex } from "../../static/lib/typeset.js"
import { sourcesOf, twinOf } from "../../static/phases.js"
import { familyOf, scaleOf, sharedReach } from "../../static/scales.js"
import { extentOf, tensorOf } from "../../static/tensors.js"
import { takeSteps } from "./app_itself.js"

const small = { dataset: { name: "moons" }, layer_sizes: [2, 4, 3, 2], batch_size: 6, dropout: [0.5, 0] }
const [adam, layerNorm, plain, nesterov, edited] = takeSteps([
  { ...small, normalisation: "batch_norm", optimizer: { name: "adam" }, clipping: { name: "norm", max_norm: 0.1 } },
  { ...small, normalisation: "layer_norm", optimizer: { name: "rmsprop", weight_decay: 0.1 }, clipping: { name: "value" } },
  { ...small, dropout: 0 },
  { ...small, optimizer: { name: "nesterov" } },
  {
    ...small, dropout: 0, clipping: { name: "norm", max_norm: 0.1 },
    edits: [{ name: "ablate", layer: 1, unit: 1 }, { name: "scale_gradient", tensor: "dW", layer: 1, factor: 2 }, { name: "freeze", layer: 2 }],
  },
])
const all = [adam, layerNorm, plain, nesterov, edited]
const render = (latex) => katex.renderToString(latex, { throwOnError: true, strict: false, trust: ({ command }) => command === "\\htmlClass", output: "html" })
/** Every tensor of every layer of a step. */
const every = ({ trace }) => trace.layers.flatMap((layer) => tensorsOf(layer).map((tensor) => ({ tensor, layer: layer.index, row: layer[tensor].shape[0] - 1, col: layer[tensor].shape[1] - 1 })))
const columns = (trace, l) => columnsOf(trace.layers[l]).map(({ tensors }) => tensors.join("/"))

test("a layer's columns run as its forward pass does, and without ingredients they are W b Z A", () => {
  assert.deepEqual(columns(adam.trace, 1), ["W", "b", "Z", "M", "V", "Zhat", "gamma", "beta", "N", "G", "D", "A"])
  assert.deepEqual(columns(layerNorm.trace, 2), ["W", "b", "Z", "M/V", "Zhat", "gamma", "beta", "N", "A"])
  for (const l of [1, 2, 3]) assert.deepEqual(columns(plain.trace, l), ["W", "b", "Z", "A"])
  assert.deepEqual(columns(adam.trace, 0), ["A"])
  assert.deepEqual(columnsOf(adam.trace.layers[1], true).flatMap(({ tensors }) => tensors), ["W", "b", "Z", "A"])
})

test("every tensor that the API gives has exactly one place in the lanes", () => {
  for (const { trace } of all) {
    const { made, from } = updateRows(trace.layers)
    const rows = [...made, ...from]
    for (const layer of trace.layers) {
      const upper = columnsOf(layer).flatMap(({ tensors }) => tensors)
      const lower = upper.map((tensor) => `d${tensor}`).filter((tensor) => layer[tensor])
      const update = upper.flatMap((tensor) => rows.flatMap((row) => updateOf(layer, tensor)[row] ?? []))
      assert.deepEqual([...upper, ...lower, ...update].sort(), tensorsOf(layer).sort())
    }
  }
})

test("what an update makes comes first, then the states that it was made from, and counters last", () => {
  assert.deepEqual(updateRows(adam.trace.layers), { made: ["g", "_next", "m_next", "s_next"], from: ["m", "s", "r", "t", "t_next"] })
  assert.deepEqual(updateRows(plain.trace.layers), { made: ["_next"], from: [] })
  assert.deepEqual(updateRows(edited.trace.layers), { made: ["h", "g", "_next"], from: [] })
  assert.deepEqual(updateRows(nesterov.trace.layers), { made: ["_next", "v_next"], from: ["v"] })
  assert.deepEqual(updateRows(plain.trace.layers.map(({ W_next, b_next, ...layer }) => layer)), { made: [], from: [] })
  assert.deepEqual(updateOf(adam.trace.layers[1], "gamma"), {
    g: "ggamma", m: "mgamma", m_next: "mgamma_next", s: "sgamma", s_next: "sgamma_next", t: "tgamma", t_next: "tgamma_next", _next: "gamma_next",
  })
  assert.deepEqual(updateOf(adam.trace.layers[1], "M"), { r: "rM", _next: "rM_next" })
})

test("kinds are of what a tensor is, whatever its first letter", () => {
  const kinds = { forward: ["Z", "M", "V", "Zhat", "N", "G", "D", "A", "Y"], parameter: ["W", "b", "gamma", "beta", "W_next", "beta_next"], backward: ["dW", "dbeta", "dZhat", "dV", "gW", "gb", "hW", "ggamma", "gbeta"], held: ["mW", "sb_next", "vgamma", "tbeta", "rM", "rV_next"] }
  for (const [kind, tensors] of Object.entries(kinds)) for (const tensor of tensors) assert.equal(kindOf(tensor), kind, tensor)
})

test("in every phase every tensor is coloured and has its own shape under it", () => {
  for (const { session, trace } of all) {
    for (const phase of session.phases) {
      const asked = new Set()
      const latex = withShapes(phase.whole, (tensor, layer) => {
        const found = tensor === "Y" ? trace.batch.Y : tensorOf(trace, tensor, layer)
        assert.ok(found, `${phase.key} asks for ${tensor}[${layer}]`)
        asked.add(`${tensor}${layer}`)
        return found.shape
      })
      render(latex)
      if (phase.lane === "loss") continue
      const named = [{ tensor: phase.tensor, layer: phase.layer }, ...phase.reads].filter(({ tensor }) => axesOf(tensor) !== "one" && tensor !== "Y")
      for (const { tensor, layer } of named) {
        assert.ok(asked.has(`${tensor.replace("_next", "")}${layer}`), `${phase.key}: ${tensor}[${layer}] in ${phase.whole}`)
        assert.ok(latex.includes(`\\htmlClass{${kindOf(tensor)}}`))
      }
    }
  }
  const dV = (step) => withShapes(step.session.phases.find(({ key }) => key === "dV1").whole, (tensor, layer) => tensorOf(step.trace, tensor, layer).shape)
  assert.match(dV(adam), / 4 \\times 1\\;\\;}{{\\htmlClass{backward}{d\\hat{Z}\^{\[1\]\(i\)}/) // one example is a column
  assert.match(dV(layerNorm), / 1 \\times 6\\;\\;}{{\\htmlClass{backward}{d\\hat{Z}\^{\[1\]}_{j,:}/) // one unit is a row
})

test("a cell is lit with exactly what its phase reads", () => {
  for (const { session, trace } of all) {
    for (const { tensor, layer, lane, reads, key } of session.phases) {
      if (lane === "loss") continue
      const [rows, cols] = tensorOf(trace, tensor, layer).shape
      const sources = sourcesOf({ tensor, layer, row: rows - 1, col: cols - 1 }, trace, session.phases)
      const names = (list) => [...new Set(list.map((one) => `${one.tensor}${one.layer}`))].sort()
      assert.deepEqual(names(sources), names(reads), key)
      for (const source of sources) {
        const [height, width] = tensorOf(trace, source.tensor, source.layer).shape
        assert.ok((source.row ?? 0) < height && (source.col ?? 0) < width, `${key} ${source.tensor}`)
      }
    }
  }
})

test("every cell has words, a symbol, and an address that reads back", () => {
  for (const step of all) {
    for (const cell of every(step)) {
      const words = describeCell(cell, { trace: step.trace, unit: "nats" })
      assert.match(words, /^[A-Z].*\.$/, cell.tensor)
      assert.doesNotMatch(words, /undefined|NaN/)
      render(cellLatex(cell))
      assert.deepEqual(readAddress(writeAddress({ session: "s", step: 2, example: null, phase: null, cell })).cell, cell)
      const twin = twinOf(cell, step.trace)
      if (twin) assert.deepEqual(twinOf(twin, step.trace), cell)
      assert.equal(Boolean(twin), Boolean(step.trace.layers[cell.layer][cell.tensor.startsWith("d") ? cell.tensor.slice(1) : `d${cell.tensor}`]), cell.tensor)
    }
  }
  assert.equal(readAddress("?session=s&cell=nothing.1.0.0").cell, null)
})

test("words say whose mean it is, whose loss, and nats only of what is counted in nats", () => {
  const say = (step, tensor, layer, row, col, unit = "nats") => describeCell({ tensor, layer, row, col }, { trace: step.trace, unit })
  assert.equal(say(adam, "M", 1, 3, 0), "The mean of unit 3 of layer 1's Z over the batch.")
  assert.equal(say(layerNorm, "M", 1, 0, 5), "The mean of Z of example 5 over the units of layer 1.")
  // behind a batch normalisation an example's gradient is one of all losses; the last layer's is its own
  assert.match(say(adam, "dA", 1, 0, 2), /^How the losses of the batch change/)
  assert.match(say(layerNorm, "dA", 1, 0, 2), /^How the loss of example 2 changes/)
  assert.match(say(adam, "dN", 2, 0, 2), /^How the loss of example 2 changes/)
  assert.equal(say(plain, "loss", 3, 0, 0), "The mean of the losses of the batch, in nats.")
  assert.equal(say(plain, "loss", 3, 0, 0, ""), "The mean of the losses of the batch.")
  assert.equal(say(plain, "losses", 3, 0, 4, ""), "The loss of example 4.")
})

test("a shared scale is shared by what is counted alike, and holds the largest of it", () => {
  for (const step of all) {
    for (const { tensor, layer } of every(step)) {
      const { extent } = sharedReach(step.trace, familyOf(tensor))
      assert.ok(extent >= extentOf(tensorOf(step.trace, tensor, layer)))
      assert.equal(scaleOf(step.trace, tensor, layer, "shared", "linear", "light").domain[1], extent)
    }
  }
  const { trace } = adam
  assert.ok(sharedReach(trace, "s").extent < sharedReach(trace, "t").extent) // squares would vanish beside a count of steps
  assert.equal(familyOf("dV"), "dV")
  assert.equal(familyOf("gW"), "backward")
})
