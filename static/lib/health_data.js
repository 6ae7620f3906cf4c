/**
 * The health of a step: its findings by rule, and its layers as rows of a table with columns, an order, and bars on a logarithmic scale.
 *
 * @import { Finding, LayerHealth, Value } from "../types.js"
 */

/** @typedef {"index" | "A" | "dA" | "dZ" | "dW" | "through_weights" | "through_dropout" | "through_slope" | "through_normalisation" | "update_ratio" | "stopped" | "dead_in_batch" | "dead_units" | "saturated" | "cancellation"} Column */
/** @typedef {{low: number, high: number}} LogAxis powers of ten */

/**
 * @param {LayerHealth[]} layers @param {Column} by @param {boolean} isDescending
 * @returns {LayerHealth[]} what there is no number for comes last, whichever way is sorted
 */
export function sortLayers(layers, by, isDescending) {
  const sign = isDescending ? -1 : 1
  return [...layers].sort((one, other) => {
    const [a, b] = [Number(one[by] ?? NaN), Number(other[by] ?? NaN)]
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || one.index - other.index
    return a === b ? one.index - other.index : sign * (a < b ? -1 : 1)
  })
}

/**
 * Whole powers of ten, two or more, around all numbers that a logarithm has; every one of them gets a bar that can be seen.
 * @param {(Value | null)[]} values @returns {LogAxis | null} null where there are none
 */
export function logAxis(values) {
  const logs = values.map(Number).filter((value) => value > 0 && value < Infinity).map(Math.log10)
  if (logs.length === 0) return null
  const high = Math.ceil(Math.max(...logs))
  return { low: Math.min(Math.ceil(Math.min(...logs)) - 1, high - 2), high }
}

/** How long a bar is, in 0..1. @param {Value | null} value @param {LogAxis | null} axis */
export function logShare(value, axis) {
  const number = Number(value)
  if (!axis || !(number > 0)) return 0
  return Math.max(0, Math.min(1, (Math.log10(number) - axis.low) / (axis.high - axis.low)))
}

/** What one rule found: its worst, and the same in other layers. @typedef {{worst: Finding, others: Finding[]}} RuleBroken */

/** A deep network may break a rule in every layer, and that is one thing to know. @param {Finding[]} findings the worst first @returns {RuleBroken[]} */
export function byRule(findings) {
  /** @type {Map<string, RuleBroken>} */
  const rules = new Map()
  for (const finding of findings) {
    const known = rules.get(finding.rule.name)
    if (known) known.others.push(finding)
    else rules.set(finding.rule.name, { worst: finding, others: [] })
  }
  return [...rules.values()]
}

/** layers 2, 5 and 8. @param {Finding[]} findings */
export function layersWords(findings) {
  const layers = findings.map(({ layer }) => layer).sort((one, other) => one - other)
  if (layers.length === 1) return `layer ${layers[0]}`
  return `layers ${layers.slice(0, -1).join(", ")} and ${layers.at(-1)}`
}

/** How many rules are broken, by severity, in words. @param {{worst: {severity: "note" | "warning" | "broken"}}[]} rules */
export function findingsWords(rules) {
  const of = (/** @type {string} */ severity) => rules.filter(({ worst }) => worst.severity === severity).length
  if (of("broken")) return "This step is broken"
  const counted = /** @type {const} */ ([["warning", of("warning")], ["note", of("note")]])
  const parts = counted.filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}${count === 1 ? "" : "s"}`)
  return parts.length ? parts.join(" and ") : "Nothing found"
}
