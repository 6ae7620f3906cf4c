/** The update as it is walked, and the addresses that lead into it. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { phaseCell } from "../../static/lib/phase_cell.js"
import { phaseAt, updateParts } from "../../static/lib/update_phases.js"
import { phasesOf } from "../../static/phases.js"

const told = (tensor, layer, ...reads) => ({ key: `${tensor}${layer}`, tensor, layer, lane: "update", reads: reads.map((one) => ({ tensor: one, layer })) })
/** Adam with clipping by norm on edited gradients under batch norm, as a session tells it: what is taken first, then layer by layer. */
const layers = [1, 2]
const parameters = (l) => (l === 1 ? ["W", "b", "gamma"] : ["W", "b"])
const every = (make) => layers.flatMap((l) => parameters(l).flatMap((name) => make(name, l)))
const adam = [
  ...every((name, l) => [told(`h${name}`, l, `d${name}`)]),
  ...every((name, l) => [told(`g${name}`, l, `h${name}`)]),
  ...layers.flatMap((l) => [
    ...parameters(l).flatMap((name) => [told(`m${name}_next`, l, `m${name}`, `g${name}`), told(`s${name}_next`, l, `s${name}`, `g${name}`), told(`t${name}_next`, l, `t${name}`), told(`${name}_next`, l, name, `m${name}_next`, `s${name}_next`, `t${name}_next`)]),
    ...(l === 1 ? [told("rM_next", l, "rM", "M")] : []),
  ]),
]

test("each kind of parameter is walked from its gradient to what it becomes, a counter with the state before it", () => {
  assert.deepEqual(updateParts(adam).map((parts) => [...new Set(parts.map(({ tensor }) => tensor))].join(" ")), [
    "hW", "hb", "hgamma",
    "gW", "mW_next", "sW_next tW_next", "W_next",
    "gb", "mb_next", "sb_next tb_next", "b_next",
    "ggamma", "mgamma_next", "sgamma_next tgamma_next", "gamma_next",
    "rM_next",
  ])
  assert.equal(updateParts(adam).flat().length, adam.length)
})

const tensor = (shape, values) => ({ shape, values, stats: {} })
const step = { layers: [{ index: 0 }, ...layers.map((index) => ({ index, W_next: tensor([2, 2], [[9, 1], [1, 1]]), mW_next: tensor([2, 2], [[9, 1], [1, 1]]), sW_next: tensor([2, 2], [[9, 1], [1, 1]]), tW_next: tensor([1, 1], [[1]]), dW: tensor([2, 2], [[0, 0], [-3, 1]]) }))] }
const phases = phasesOf(adam, step)
const named = (key) => phases[phaseAt(phases, key)]

test("an address leads to its phase by the key of any of its equations, and one from before the update had phases into it", () => {
  assert.equal(named("mW_next2").key, "mW_next1")
  assert.equal(named("tb_next2").key, "sb_next1")
  assert.equal(phaseAt(phases, "update"), 0)
  assert.equal(phases[phaseAt(phases, "update", { tensor: "sW_next" })].key, "sW_next1")
  assert.equal(phaseAt(phases, "update", { tensor: "dW" }), 0)
  assert.equal(named("gW3").key, "gW1", "of a layer whose gradient is not taken")
  for (const none of ["W_next9", "dW1", "", null]) assert.equal(phaseAt(phases, none), -1)
})

test("one walks through the update with one cell: the chosen one's, or that of the largest gradient", () => {
  for (const key of ["mW_next1", "sW_next1", "W_next1"]) {
    const made = named(key).name
    assert.deepEqual(phaseCell(named(key), step, null, {}), { tensor: made, layer: 1, row: 1, col: 0 })
    for (const from of ["dW", "W", "mW", "W_next"]) assert.deepEqual(phaseCell(named(key), step, { tensor: from, layer: 2, row: 0, col: 1 }, {}), { tensor: made, layer: 2, row: 0, col: 1 })
  }
  assert.deepEqual(phaseCell(named("sW_next1"), step, { tensor: "tW_next", layer: 2, row: 0, col: 0 }, {}), { tensor: "tW_next", layer: 2, row: 0, col: 0 })
})

test("after an edit that is not kept the phase is come back to, by whichever layer's key it goes then", async () => {
  const { discard, followLog } = await import("../../static/edit_actions.js")
  const edits = await import("../../static/edit_state.js")
  const state = await import("../../static/state.js")
  state.session.value = { id: "", step: 1, edits: 0, phases: adam }
  state.trace.value = step
  followLog()
  state.phaseIndex.value = phaseAt(state.phases.value, "gW1")
  edits.draft.value = { entry: {}, texts: {}, place: "run", cell: null, problem: null }
  edits.whatIf.value = { before: step, after: step, changed: [] }
  assert.equal(state.phase.value, null)
  state.session.value = { ...state.session.value, phases: adam.filter(({ layer }) => layer === 2) } // somebody has frozen layer 1
  discard()
  assert.equal(state.phase.value?.key, "gW2")
})
