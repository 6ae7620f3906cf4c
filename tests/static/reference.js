/**
 * Small networks with every tensor, computed the plain way, so that geometry can be held against numbers.
 * Random numbers are seeded, so that a failure repeats.
 */

/** @param {number} seed @returns {() => number} uniform in [0, 1). mulberry32 */
export function generator(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** @param {() => number} random standard normal, by Box and Muller */
export function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** @param {number} rows @param {number} cols @param {(row: number, col: number) => number} of */
export function matrix(rows, cols, of) {
  return Array.from({ length: rows }, (_, row) => Array.from({ length: cols }, (_, col) => of(row, col)))
}

/** @param {number[][]} values @returns {import("../../static/types.js").Tensor} */
export function tensor(values) {
  const word = (/** @type {number} */ value) => (Number.isFinite(value) ? value : String(value))
  const stats = { min: 0, max: 0, mean: 0, std: 0, l2: 0, zeros: 0, nan: 0, posinf: 0, neginf: 0 }
  return { shape: [values.length, values[0]?.length ?? 0], values: values.map((row) => row.map(word)), stats }
}

/** @param {number[][]} a @param {number[][]} b */
const times = (a, b) =>
  a.map((row) => b[0].map((_, col) => row.reduce((sum, value, at) => sum + value * b[at][col], 0)))
/** @param {number[][]} a */
const transposed = (a) => a[0].map((_, col) => a.map((row) => row[col]))

/**
 * One step of a ReLU network with softmax and cross-entropy, as the derivation writes it.
 * @param {number[]} sizes
 * @param {{m?: number, seed?: number, gain?: number, update?: boolean}} [options]
 * @returns {import("../../static/types.js").Trace}
 */
export function makeTrace(sizes, { m = 8, seed = 1, gain = 1, update = true } = {}) {
  const random = generator(seed)
  const L = sizes.length - 1
  const W = [], b = [], Z = [], A = [], dA = [], dZ = []
  A[0] = matrix(sizes[0], m, () => normal(random))
  const labels = Array.from({ length: m }, () => Math.floor(random() * sizes[L]))
  const Y = matrix(sizes[L], m, (row, col) => Number(labels[col] === row))
  for (let l = 1; l <= L; l++) {
    W[l] = matrix(sizes[l], sizes[l - 1], () => gain * normal(random) * Math.sqrt(2 / sizes[l - 1]))
    b[l] = matrix(sizes[l], 1, () => 0.1 * normal(random))
    Z[l] = times(W[l], A[l - 1]).map((row, j) => row.map((z) => z + b[l][j][0]))
    A[l] = l < L ? Z[l].map((row) => row.map((z) => Math.max(0, z))) : softmax(Z[l])
  }
  let loss = 0
  for (let i = 0; i < m; i++) loss -= Math.log(A[L][labels[i]][i]) / m
  dZ[L] = A[L].map((row, j) => row.map((a, i) => a - Y[j][i]))
  for (let l = L; l >= 1; l--) {
    dA[l - 1] = times(transposed(W[l]), dZ[l])
    if (l > 1) dZ[l - 1] = dA[l - 1].map((row, j) => row.map((g, i) => (Z[l - 1][j][i] > 0 ? g : 0)))
  }
  const layers = sizes.map((size, l) => {
    const name = l === 0 ? "input" : l === L ? "output" : `hidden ${l}`
    if (l === 0) return { index: 0, name, size, A: tensor(A[0]), dA: tensor(dA[0]) }
    const dW = times(dZ[l], transposed(A[l - 1])).map((row) => row.map((v) => v / m))
    const db = dZ[l].map((row) => [row.reduce((sum, v) => sum + v, 0) / m])
    return {
      index: l, name, size, activation: l < L ? "relu" : "softmax",
      W: tensor(W[l]), b: tensor(b[l]), Z: tensor(Z[l]), A: tensor(A[l]),
      dA: l < L ? tensor(dA[l]) : null, dZ: tensor(dZ[l]), dW: tensor(dW), db: tensor(db),
      ...(update && { W_next: tensor(W[l]), b_next: tensor(b[l]) }),
    }
  })
  return { step: 1, loss, accuracy: 0, dtype: "float64", batch: { size: m, Y: tensor(Y), indices: null, labels }, layers }
}

/** @param {number[][]} Z */
function softmax(Z) {
  const columns = transposed(Z).map((column) => {
    const top = Math.max(...column)
    const e = column.map((z) => Math.exp(z - top))
    const sum = e.reduce((a, c) => a + c, 0)
    return e.map((v) => v / sum)
  })
  return transposed(columns)
}

/** A tensor's numbers. @param {any} found @returns {number[][]} */
export const numbers = (found) => found.values.map((/** @type {any[]} */ row) => row.map(Number))

/** @param {number} got @param {number} wanted @param {number} [relative] */
export const close = (got, wanted, relative = 1e-9) =>
  Math.abs(got - wanted) <= relative * Math.max(1e-12, Math.abs(got), Math.abs(wanted))

/** What a session of L layers tells of its phases, without the equations. @param {number} L */
export function toldPhases(L) {
  /** @param {string} lane @param {string} tensor @param {number} layer @param {...[string, number]} reads */
  const told = (lane, tensor, layer, ...reads) => ({ key: `${tensor}${layer}`, lane, tensor, layer, reads: reads.map(([of, at]) => ({ tensor: of, layer: at })) })
  const layers = Array.from({ length: L }, (_, at) => at + 1)
  return [
    ...layers.flatMap((l) => [told("forward", "Z", l, ["W", l], ["A", l - 1], ["b", l]), told("forward", "A", l, ["Z", l])]),
    told("loss", "losses", L, ["Y", L], ["A", L]),
    told("loss", "loss", L, ["losses", L]),
    ...[...layers].reverse().flatMap((l) => [
      l === L ? told("backward", "dZ", l, ["A", l], ["Y", l]) : told("backward", "dZ", l, ["dA", l], ["Z", l]),
      told("backward", "dW", l, ["dZ", l], ["A", l - 1]),
      told("backward", "db", l, ["dZ", l]),
      told("backward", "dA", l - 1, ["W", l], ["dZ", l]),
    ]),
    ...layers.flatMap((l) => [told("update", "W_next", l, ["W", l], ["dW", l]), told("update", "b_next", l, ["b", l], ["db", l])]),
  ]
}
