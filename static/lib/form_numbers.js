/** Numbers as they are typed, and matrices: a row a line, numbers apart by spaces, commas or a spreadsheet's tabs; or JSON, as the API has them. */

/** @param {string} text @returns {number | string} what is no number stays as it is, so that the server can say so */
export function numberOr(text) {
  const number = Number(text)
  return text.trim() === "" || Number.isNaN(number) ? text : number
}

/** @param {unknown[][]} matrix */
export const matrixText = (matrix) => matrix.map((row) => row.join(" ")).join("\n")

/** @param {string} text @returns {unknown} */
export function matrixOf(text) {
  if (text.trim().startsWith("[")) {
    try {
      return JSON.parse(text)
    } catch {
      // as lines then: the server names the cell
    }
  }
  const lines = text.replaceAll("\u2212", "-").split("\n").map((line) => line.trim()).filter(Boolean)
  return lines.map((line) => line.split(/[\s,;]+/).filter(Boolean).map(numberOr))
}

/**
 * What the server will take Y for: one class each, labels, or numbers. A hint for the form; the server decides.
 * @param {unknown} X @param {unknown} Y @returns {import("./form_values.js").Ends | null} null where either is no matrix yet
 */
export function endsOfMatrices(X, Y) {
  if (!isMatrix(X) || !isMatrix(Y)) return null
  const numbers = Y.flat()
  const isShares = numbers.every((value) => value >= 0 && value <= 1)
  const sums = (Y[0] ?? []).map((_, i) => Y.reduce((sum, row) => sum + (row[i] ?? NaN), 0))
  const isClasses = Y.length > 1 && isShares && sums.every((sum) => Math.abs(sum - 1) < 1e-6)
  return { features: X.length, outputs: Y.length, targets: isClasses ? "classes" : isShares ? "labels" : "numbers", examples: X[0]?.length ?? null }
}

/** @param {unknown} value @returns {value is number[][]} */
const isMatrix = (value) => Array.isArray(value) && value.length > 0 && value.every((row) => Array.isArray(row) && row.length > 0 && row.every((cell) => typeof cell === "number"))
