/** What went wrong, as the page tells it. */
import { ProblemError } from "./api.js"

/** @import { Problem } from "./state.js" */

/** @param {unknown} error @returns {Problem} */
export function toProblem(error) {
  if (error instanceof ProblemError) return { title: error.title, message: error.message, field: error.field, status: error.status, errors: error.errors, isSilent: error.isSilent }
  console.error(error) // a mistake of our own: the page goes on, and a test fails on this line
  return { title: "Something went wrong on this page", message: String(error), field: null }
}
