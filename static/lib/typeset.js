/**
 * Equations with live numbers in them, as LaTeX with slots: KaTeX sets the equation once, and later only the text of a slot changes.
 *
 * The numbers stand apart from the LaTeX, in the order of their slots, so the same equation with other numbers is the same LaTeX.
 *
 * @import { Cell, CellValue, Explanation, Factor, Term, Value } from "../types.js"
 */
import { formatNumber } from "./format.js"
import { kindOf, latexOf, mark, primed } from "./notation.js"
import { indicesOf } from "./tensor_names.js"

/** LaTeX with slots; the text of each slot in order, and the cell whose number it is; and the result. @typedef {{latex: string, slots: string[], cells: (CellValue | null)[], result: string}} Live */

/** @typedef {{text: string, cell: CellValue | null}} Slot */

/** Digits of a factor: where a sum is cut short nobody can add it up, elsewhere the digits carry the result. */
const FEW = 3
const ENOUGH = 5

/** How a cell is written: dW^{[2]}_{3,1}, coloured by its kind. @param {Cell} cell */
export function cellLatex({ tensor, layer, row, col }) {
  switch (tensor) {
    case "loss": return String.raw`\mathcal{L}`
    case "losses": return String.raw`\mathcal{L}^{(${col})}`
    case "Y": return `Y_{${row},${col}}`
    default: {
      const name = latexOf(tensor)
      const index = indicesOf(tensor, row, col).join(",")
      return mark(tensor, `${tensor.endsWith("_next") ? `{${name}}` : name}^{[${layer}]}${index && `_{${index}}`}`)
    }
  }
}

/**
 * The index form of an explained cell, its tensors in their colours. Where cells have numbers these count from 0, and so does the sum beside them.
 * @param {Explanation} explanation
 */
export const symbolic = ({ equation }) => String.raw`\displaystyle ` + mark(null, fromZero(equation))

/** The same in the names that the lens has: what an update makes is W', and no arrow. @param {Explanation} explanation */
export function symbolicOfLens({ equation, terms, single }) {
  const factors = [...terms, ...single].flatMap((term) => term.factors)
  const reads = factors.flatMap((factor) => ("latex" in factor ? factor.of : [factor])).map(({ tensor }) => tensor)
  return String.raw`\displaystyle ` + mark(null, fromZero(primed(equation, reads)))
}

/** A sum over units or examples as they are counted on the page: from 0. @param {string} latex */
export const fromZero = (latex) => latex.replace(SUM, String.raw`\sum_{$1=0}^{$2-1}`)

/** A sum that counts from 1: its letter, and where it ends. */
const SUM = /\\sum_\{([a-z])=1\}\^\{((?:[^{}]|\{[^{}]*\})*)\}/g

/**
 * The same with numbers in the place of symbols: the largest few terms of a long sum, in their own order, then an ellipsis; and the result.
 * @param {Explanation} explanation with its terms, the largest first
 * @param {number} m examples in the batch, for the factor 1/m
 * @param {number} [most] terms of a sum that are written out
 * @returns {Live}
 */
export function substituted({ terms, single, count, scale_latex: scale, numerator, result }, m, most = 2) {
  const slots = /** @type {Slot[]} */ ([])
  const digits = terms.length < count || count > 3 ? FEW : ENOUGH
  // what runs over an index is cut; a term on its own, such as the bias, is always written
  const running = byPosition(terms.filter(({ letter }) => letter !== "").slice(0, most))
  const isCut = running.length + single.length < count
  const shown = isCut ? [...running, ...single] : byPosition([...running, ...single])
  const written = shown.map((term, at) => termLatex(term, slots, at === 0, digits))
  if (isCut) written.splice(running.length, 0, String.raw`\cdots`)
  const sum = joinTerms(written)
  const left = shortened(scale.replace(/\bm\b/g, String(m)))
  const needsBrackets = left !== "" && written.length > 1
  let latex = left + (needsBrackets ? String.raw`\bigl(${sum}\bigr)` : left ? String.raw`\,${sum}` : sum)
  if (numerator) {
    // the numerator's slots come first, as it is written first
    const own = /** @type {Slot[]} */ ([])
    const top = factorLatex(numerator, own, true, digits)
    slots.unshift(...own)
    latex = String.raw`\frac{${renumber(top, 0)}}{${renumber(sum, own.length)}}`
  } else latex = renumber(latex, 0)
  return { latex: String.raw`\displaystyle = ${latex}`, slots: slots.map(({ text }) => text), cells: slots.map(({ cell }) => cell), result: formatNumber(result, 5) }
}

/** As the sum runs. @param {Term[]} terms */
const byPosition = (terms) => [...terms].sort((one, other) => one.position - other.position)

/** One term: its factors with numbers in their places. @param {Term} term @param {Slot[]} slots that its numbers are added to @param {boolean} isFirst @param {number} digits */
function termLatex({ factors }, slots, isFirst, digits) {
  return factors
    .map((factor, at) => {
      const latex = factorLatex(factor, slots, isFirst && at === 0 && factors.length === 1, digits)
      return at > 0 && latex.startsWith("-") ? String.raw`\left(${latex}\right)` : latex
    })
    .join(String.raw` \cdot `)
}

/** @param {Factor} factor @param {Slot[]} slots @param {boolean} isAlone then a minus needs no brackets @param {number} digits */
function factorLatex(factor, slots, isAlone, digits) {
  if (!("latex" in factor)) return number(factor.value, factor, slots, isAlone, digits)
  if (factor.of.length === 0) return factor.latex === "-1" ? "-" : number(factor.value, null, slots, false, digits) // -1 is only a sign
  const latex = shortened(factor.latex)
  return latex.replace(/#(\d)/g, (_, place, /** @type {number} */ at) => {
    const cell = factor.of[Number(place) - 1]
    // a comma or a bracket before it, or nothing at all: the minus can't be taken for another one
    const before = latex.slice(0, at)
    return cell ? number(cell.value, cell, slots, before === "" ? isAlone : /[[(,]\s*$/.test(before), digits) : ""
  })
}

/**
 * LaTeX whose numbers have as many digits as the others on the page: the service writes settings so that they read back to the same float,
 * and a learning rate that a schedule made may have seventeen digits.
 * @param {string} latex
 */
export const shortened = (latex) =>
  latex.replace(/\d+\.\d+/g, (digits) => {
    const short = Number(digits).toPrecision(ENOUGH)
    return short.includes("e") || digits.length <= short.length ? digits : String(Number(short))
  })

/** @param {Value} value @param {CellValue | null} cell whose it is @param {Slot[]} slots @param {boolean} isBare @param {number} digits */
function number(value, cell, slots, isBare, digits) {
  const text = formatNumber(value, digits)
  slots.push({ text: isBare || !text.startsWith("−") ? text : `(${text})`, cell })
  return slot(PENDING, cell && kindOf(cell.tensor))
}

const PENDING = -1

/** Numbers the pending slots from left to right. @param {string} latex @param {number} from */
function renumber(latex, from) {
  let next = from
  return latex.replaceAll(`slot-${PENDING}`, () => `slot-${next++}`)
}

/** @param {number} index @param {string | null} [kind] */
function slot(index, kind = null) {
  return String.raw`{\htmlClass{slot slot-${index}${kind ? ` ${kind}` : ""}}{0}}`
}

/** Terms with plus signs; a sign of their own and an ellipsis go without brackets. @param {string[]} terms */
function joinTerms(terms) {
  return terms.map((term, at) => (at === 0 ? term : term.startsWith("-") ? ` ${term}` : ` + ${term}`)).join("").replaceAll(String.raw`- \cdot `, "- ")
}

/** An equation in words for those who hear it: symbols spelt as they are read. @param {Explanation} explanation @param {string} name of the cell */
export function spoken({ terms, count, result, numerator, scale_latex: scale }, name) {
  const value = formatNumber(result, 5)
  if (count === 0) return `${name} is ${value}; it is given.`
  if (numerator) return `${name} is ${formatNumber(numerator.value, FEW)} divided by a sum of ${count} terms; that is ${value}.`
  const what = count === 1 ? "one term" : `the sum of ${count} terms`
  const products = terms.slice(0, 2).map(({ factors, product }) => {
    const read = factors.map((factor) => formatNumber(factor.value, FEW)).join(" times ")
    return factors.length > 1 ? `${read} is ${formatNumber(product, FEW)}` : read
  })
  const mean = scale.includes("m") ? ", divided by the number of examples" : scale === "-" ? ", with its sign turned" : ""
  return `${name} is ${what}${mean}: ${products.join("; ")}${count > products.length ? "; and so on" : ""}; in all ${value}.`
}
