/** From a view of the whole batch to one of its cells: where one example is looked at alone, the batch comes back first. */
import { select } from "../cell_actions.js"
import { lookAtExample } from "../look_actions.js"
import { showInspectorsTop } from "../sight.js"

/** @param {import("../types.js").Cell} cell */
export function lookAt(cell) {
  lookAtExample(null)
  select(cell)
  showInspectorsTop()
}
