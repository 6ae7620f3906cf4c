/**
 * One tensor of several runs as rows of numbers, a row a cell. Pure.
 *
 * @import { Value } from "../types.js"
 */

/** @typedef {{row: number, col: number}} Place */
/** A cell with its number in each run, and how each differs from the first; null where there is none. @typedef {Place & {numbers: (Value | null)[], apart: (Value | null)[]}} TableRow */

/** How far any of the runs is from the first in a cell; a NaN is as far as can be. @param {TableRow} row */
const farthest = ({ apart }) => apart.reduce((/** @type {number} */ most, value) => (value === null ? most : Math.max(most, Number.isNaN(Number(value)) ? Infinity : Math.abs(Number(value)))), -1)

/**
 * The cells of a part of the tensor, in the order of its rows or those first that differ most.
 * @param {readonly (Value[][] | null)[]} values of each run, all of the same part
 * @param {readonly (Value[][] | null)[]} differences of each run to the first
 * @param {{rows: number, cols: number, row?: number, col?: number}} part its size and where it begins
 * @param {"place" | "difference"} order
 * @returns {TableRow[]}
 */
export function tableRows(values, differences, { rows, cols, row = 0, col = 0 }, order) {
  const of = (/** @type {Value[][] | null | undefined} */ matrix, /** @type {number} */ r, /** @type {number} */ c) => matrix?.[r]?.[c] ?? null
  const found = Array.from({ length: rows * cols }, (_, at) => {
    const [r, c] = [Math.floor(at / cols), at % cols]
    return { row: row + r, col: col + c, numbers: values.map((one) => of(one, r, c)), apart: differences.map((one) => of(one, r, c)) }
  })
  if (order === "place") return found
  const far = new Map(found.map((one) => [one, farthest(one)]))
  return found.sort((one, other) => (far.get(other) ?? 0) - (far.get(one) ?? 0)) // stable: of equals the first stays first
}

/**
 * Cells as the service has put them in order. A run that was not asked for, or has no such tensor, has no numbers.
 * @param {{rows: number[], cols: number[], sessions: ({values: Value[], differences: Value[] | null} | null)[]}} told of the runs that were asked for, the first first
 * @param {readonly number[]} positions where these stand among all runs @param {number} count of all runs
 * @param {readonly boolean[]} isApart whether there is a difference of each run
 * @returns {TableRow[]}
 */
export function toldRows({ rows, cols, sessions }, positions, count, isApart) {
  return rows.map((row, at) => {
    /** @type {TableRow} */
    const told = { row, col: cols[at] ?? 0, numbers: Array(count).fill(null), apart: Array(count).fill(null) }
    positions.forEach((position, place) => {
      told.numbers[position] = sessions[place]?.values[at] ?? null
      if (isApart[position]) told.apart[position] = sessions[place]?.differences?.[at] ?? null
    })
    return told
  })
}

/**
 * How many cells can be paged through: of the largest run, or of the first alone where the service puts them in order, since it holds the others against that.
 * @param {readonly (readonly [number, number] | null)[]} shapes of each run @param {boolean} isOrderedThere
 */
export function countCells(shapes, isOrderedThere) {
  const [rows, cols] = [0, 1].map((axis) => Math.max(0, ...(isOrderedThere ? shapes.slice(0, 1) : shapes).map((shape) => shape?.[axis] ?? 0)))
  return (rows ?? 0) * (cols ?? 0)
}

/** What a table of all of it has in columns, for a file. @param {readonly TableRow[]} rows @param {readonly string[]} letters @param {readonly boolean[]} isApart whether there is a difference of each run */
export function tableColumns(rows, letters, isApart) {
  const apart = letters.map((_, at) => at).filter((at) => isApart[at])
  return {
    header: ["row", "column", ...letters, ...apart.map((at) => `${letters[at]} - ${letters[0]}`)],
    columns: [rows.map(({ row }) => row), rows.map(({ col }) => col), ...letters.map((_, at) => rows.map(({ numbers }) => numbers[at] ?? null)), ...apart.map((at) => rows.map((one) => one.apart[at] ?? null))],
  }
}
