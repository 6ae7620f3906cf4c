import assert from "node:assert/strict"
import { test } from "node:test"
import katex from "katex"
import { mark, primed, withShapes } from "../../static/lib/notation.js"
import { cellLatex, fromZero, shortened, spoken, substituted, symbolic, symbolicOfLens } from "../../static/lib/typeset.js"

const trust = (context) => context.command === "\\htmlClass"
const render = (latex) => katex.renderToString(latex, { throwOnError: true, strict: false, trust, output: "html" })
const slotsOf = (rendered) => [...rendered.matchAll(/slot slot-(\d+)/g)].map(([, index]) => Number(index))

const cell = (tensor, layer, row, col, value) => ({ tensor, layer, row, col, value })
const term = (position, letter, factors, product, share = 0.5) => ({ position, index: letter ? position : null, letter, factors, product, share })

/** dW[2] at row 3, column 1, of four examples, the largest two terms told. */
const dW = {
  ...cell("dW", 2, 3, 1, -0.05), operation: { family: "layer kind", name: "dense", title: "Dense", phase: "dW2" },
  equation: String.raw`dW^{[2]}_{3,1} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[2]}_{3,i}\, A^{[1]}_{1,i}`, whole: "", why: "",
  scale: 0.25, scale_latex: String.raw`\frac{1}{m}`, numerator: null, order: "magnitude", offset: 0, count: 4, rest: 0.05, sum: -0.2,
  magnitude: 0.6, cancellation: 1 / 3, result: -0.05, single: [],
  terms: [
    term(2, "i", [cell("dZ", 2, 3, 2, -0.5), cell("A", 1, 1, 2, 0.8)], -0.4),
    term(0, "i", [cell("dZ", 2, 3, 0, 0.25), cell("A", 1, 1, 0, 0.6)], 0.15),
  ],
}

test("a long sum shows its largest terms in their own order, an ellipsis and the result; the numbers stand in the order of their slots", () => {
  const live = substituted(dW, 4)
  assert.deepEqual(live.slots, ["0.25", "0.6", "(−0.5)", "0.8"])
  assert.deepEqual(live.cells.map((one) => one && [one.tensor, one.row, one.col]), [["dZ", 3, 0], ["A", 1, 0], ["dZ", 3, 2], ["A", 1, 2]])
  assert.equal(live.result, "−0.05")
  assert.match(live.latex, /\\frac\{1\}\{4\}/)
  assert.match(live.latex, /\\cdots/)
  assert.deepEqual(slotsOf(render(live.latex)), [0, 1, 2, 3])
})

test("other numbers in the same places are the same LaTeX, so nothing is typeset again", () => {
  const other = { ...dW, result: 2, terms: dW.terms.map((one) => ({ ...one, factors: one.factors.map((factor) => ({ ...factor, value: 9, col: 3 })) })) }
  assert.equal(substituted(other, 4).latex, substituted(dW, 4).latex)
  assert.notDeepEqual(substituted(other, 4).slots, substituted(dW, 4).slots)
})

test("a sum that is told whole stands in its own order, without an ellipsis, and a bias is always written", () => {
  const Z = {
    ...dW, tensor: "Z", scale: 1, scale_latex: "", count: 3, result: 1,
    single: [term(2, "", [cell("b", 2, 3, 0, -0.125)], -0.125)],
    terms: [term(2, "", [cell("b", 2, 3, 0, -0.125)], -0.125), term(1, "k", [cell("W", 2, 3, 1, 2), cell("A", 1, 1, 1, 3)], 6), term(0, "k", [cell("W", 2, 3, 0, 4), cell("A", 1, 0, 1, 5)], 20)],
  }
  const live = substituted(Z, 4)
  assert.deepEqual(live.slots, ["4", "5", "2", "3", "(−0.125)"])
  assert.doesNotMatch(live.latex, /cdots/)
  const cut = substituted({ ...Z, count: 900, terms: Z.terms.slice(1) }, 4) // too small to be among the largest
  assert.deepEqual(cut.slots, ["4", "5", "2", "3", "(−0.125)"])
  assert.match(cut.latex, /cdots/)
})

test("A − Y reads as a difference", () => {
  const terms = [term(1, "", [{ latex: "-1", value: -1, of: [] }, cell("Y", 2, 0, 0, 1)], -1), term(0, "", [cell("A", 2, 0, 0, 0.2)], 0.2)]
  const live = substituted({ ...dW, tensor: "dZ", scale: 1, scale_latex: "", count: 2, terms, single: terms }, 4)
  assert.deepEqual(live.slots, ["0.2", "1"])
  assert.equal(live.latex.replace(/\{\\htmlClass\{[^}]*\}\{0\}\}/g, "#"), String.raw`\displaystyle = # - #`)
})

test("functions of cells have the numbers in their places, and a fraction its numerator first", () => {
  const e = (value, top) => ({ latex: "e^{#1 - #2}", value: Math.exp(value - top), of: [cell("Z", 2, 0, 0, value), cell("Z", 2, 1, 0, top)] })
  const A = { ...dW, tensor: "A", scale: 1, scale_latex: "", count: 2, numerator: e(-1, 2), terms: [term(1, "k", [e(2, 2)], 1), term(0, "k", [e(-1, 2)], Math.exp(-3))], result: 0.047 }
  const live = substituted(A, 4)
  assert.deepEqual(slotsOf(render(live.latex)).sort((one, other) => one - other), [0, 1, 2, 3, 4, 5])
  assert.equal(live.slots.length, 6)
  assert.match(live.slots[0], /1/)
  const alone = (...terms) => substituted({ ...dW, tensor: "dZ", scale: 1, scale_latex: "", count: terms.length, terms, single: terms }, 4)
  const relu = term(0, "", [cell("dA", 1, 0, 0, 0.3), { latex: String.raw`\mathbb{1}[#1 > 0]`, value: 0, of: [cell("Z", 1, 0, 0, -0.7)] }], 0)
  assert.deepEqual(alone(relu).slots, ["0.3", "−0.7"]) // between brackets a minus needs none of its own
  const sigmoid = term(0, "", [{ latex: String.raw`\sigma(#1)\,\sigma(-#1)`, value: 0.22, of: [cell("Z", 1, 0, 0, -0.7)] }], 0.22)
  assert.deepEqual(alone(sigmoid).slots, ["−0.7", "(−0.7)"]) // but behind a minus it does
})

test("a function that begins with a minus is taken away where a term begins, and stands in brackets behind a factor", () => {
  const minus = { latex: String.raw`-\frac{1}{\sqrt{#1}}`, value: -2, of: [cell("V", 1, 0, 0, 0.25)] }
  const plain = (/** @type {any[]} */ ...terms) => substituted({ ...dW, scale: 1, scale_latex: "", count: terms.length, terms, single: terms }, 4).latex.replace(/\{\\htmlClass\{[^}]*\}\{0\}\}/g, "#")
  assert.equal(plain(term(0, "", [cell("W", 1, 0, 0, 1)], 1), term(1, "", [minus, cell("dZ", 1, 0, 0, 3)], -6)), String.raw`\displaystyle = # -\frac{1}{\sqrt{#}} \cdot #`)
  assert.equal(plain(term(0, "", [cell("dZ", 1, 0, 0, 3), minus], -6)), String.raw`\displaystyle = # \cdot \left(-\frac{1}{\sqrt{#}}\right)`)
})

test("what is not finite is written as it is", () => {
  const broken = { ...dW, result: "NaN", terms: [term(0, "i", [cell("dZ", 2, 0, 0, "-Infinity"), cell("A", 1, 0, 0, 0)], "NaN")] }
  const live = substituted(broken, 4)
  assert.deepEqual(live.slots, ["(−∞)", "0"])
  assert.equal(live.result, "NaN")
})

test("every cell has a symbol that KaTeX can set", () => {
  for (const tensor of ["A", "Z", "W", "b", "dA", "dZ", "dW", "db", "W_next", "b_next", "Zhat", "dZhat", "gamma", "dgamma", "beta_next", "rM_next", "Y", "losses", "loss"]) render(cellLatex({ tensor, layer: 2, row: 3, col: 11 }))
  assert.match(cellLatex({ tensor: "db", layer: 2, row: 3, col: 0 }), /_\{3\}/)
})

test("symbols carry the colour of their kind, with layer above and cell below in one place", () => {
  assert.equal(mark(null, "dW^{[2]}_{3,1} + b^{[1]}"), String.raw`{\htmlClass{backward}{dW^{[2]}_{3,1}}} + {\htmlClass{parameter}{b^{[1]}}}`)
  assert.match(symbolic(dW), /\\sum_\{i=0\}\^\{m-1\}/) // as its cells, which have numbers, count from 0
  render(symbolic(dW))
})

test("a matrix form has the shape under each factor, the transposed one the other way round", () => {
  const shapes = { dW: [10, 32], dZ: [10, 24], A: [32, 24] }
  const latex = withShapes(String.raw`dW^{[2]} = \frac{1}{m}\, dZ^{[2]} A^{[1]\top}`, (tensor) => shapes[tensor] ?? null)
  assert.deepEqual([...latex.matchAll(/(\d+) \\times (\d+)/g)].map(([, rows, cols]) => [Number(rows), Number(cols)]), [[10, 32], [10, 24], [24, 32]])
  render(latex)
  assert.doesNotMatch(withShapes("A^{[2]}_{j,i}", () => [1, 1]), /times/) // one number has no shape
})

test("for ears, the equation is a sentence with its result", () => {
  assert.match(spoken(dW, "dW[2]"), /^dW\[2\] is the sum of 4 terms, divided by the number of examples: .*in all −0\.05\.$/)
  assert.match(spoken({ ...dW, count: 0, terms: [] }, "W[1]"), /given/)
})

test("a setting inside a factor has no more digits than the other numbers", () => {
  const eta = String.raw`-\frac{0.005750000000000002}{1 - 0.9^{#1}}`
  assert.equal(shortened(eta), String.raw`-\frac{0.00575}{1 - 0.9^{#1}}`)
  for (const kept of [String.raw`#1 + 10^{-8}`, "0.999", "123456.789"]) assert.equal(shortened(kept), kept)
  const count = { tensor: "tW_next", layer: 1, row: 0, col: 0, value: 11 }
  const term = { position: 0, index: null, letter: "", factors: [{ latex: eta, value: -0.0084, of: [count] }], product: -0.0084, share: 1 }
  const { latex } = substituted(/** @type {any} */ ({ terms: [term], single: [term], count: 1, scale_latex: "0.1234567", numerator: null, result: 1 }), 4)
  assert.match(latex, /0\.12346/)
  assert.match(latex, /\{0\.00575\}/)
})

test("in the lens an update's equation makes a letter with a prime, of states with a prime where this step has made them", () => {
  const adam = String.raw`W^{[1]} \leftarrow W^{[1]} - \frac{\eta}{1 - \beta_1^{tW^{[1]}}} mW^{[1]}`
  const reads = ["W", "tW_next", "mW_next"]
  assert.equal(primed(adam, reads), String.raw`W'^{[1]} = W^{[1]} - \frac{\eta}{1 - \beta_1^{tW'^{[1]}}} mW'^{[1]}`)
  assert.equal(primed(String.raw`m\gamma^{[1]}_{j} \leftarrow m\gamma^{[1]}_{j} + g\gamma^{[1]}_{j}`, ["mgamma", "ggamma"]), String.raw`m\gamma'^{[1]}_{j} = m\gamma^{[1]}_{j} + g\gamma^{[1]}_{j}`)
  assert.equal(primed("Z^{[1]} = W^{[1]} A^{[0]}", ["W", "A"]), "Z^{[1]} = W^{[1]} A^{[0]}")
  const shapes = /** @type {string[]} */ ([])
  render(withShapes(primed(adam, reads), (tensor) => { shapes.push(tensor); return [2, 3] }))
  assert.deepEqual(shapes, ["W_next", "W", "mW_next"])
  assert.equal(mark(null, "mW'^{[1]}_{0,1}"), cellLatex(cell("mW_next", 1, 0, 1, 0)))
  const single = [term(0, "", [cell("W", 1, 0, 0, 1)], 1), term(1, "", [{ latex: "-#1", value: -1, of: [cell("mW_next", 1, 0, 0, 1)] }], -1)]
  assert.match(symbolicOfLens({ ...dW, equation: String.raw`W^{[1]} \leftarrow W^{[1]} - mW^{[1]}`, terms: [], single }), /\{W'\}.* = .*\{mW'\}/)
  assert.match(symbolic({ ...dW, equation: String.raw`W^{[1]} \leftarrow W^{[1]}` }), /leftarrow/) // the derivation says what its arrow means
})

test("sums are counted from 0 where cells are", () => {
  assert.equal(fromZero(String.raw`\frac{1}{m} \sum_{i=1}^{m} Z^{[1](i)}`), String.raw`\frac{1}{m} \sum_{i=0}^{m-1} Z^{[1](i)}`)
})
