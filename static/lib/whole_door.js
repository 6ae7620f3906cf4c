/** From a view of the whole batch to one of its cells: where one example is looked at alone, the batch comes back first. */
import * as actions from "../actions.js"

/** @param {import("../types.js").Cell} cell */
export function lookAt(cell) {
  actions.lookAtExample(null)
  actions.select(cell)
}
