/** What the service refused, in words for a person, and whether asking again can help. Pure. */

/** The names of HTTP's statuses, which a service without a better title gives, as people would say them. @type {Record<string, string>} */
const PLAIN = {
  Conflict: "Changed meanwhile",
  "Unprocessable Content": "Not possible",
  "Unprocessable Entity": "Not possible",
  "Not Found": "Not found",
  "Not Implemented": "Made by another version",
  "Service Unavailable": "Not available now",
  Unauthorized: "Read only",
  Forbidden: "Read only",
}

/** @param {string} title */
export const plainTitle = (title) => PLAIN[title] ?? title

/** Of a run that is not there, or not to be read here, in whole sentences, with what may have happened. @param {{status?: number, field: string | null, message: string, value?: unknown}} problem */
export function plainMessage({ status, field, message, value }) {
  if (status === 501) return `The run has something that this version of Backscope does not know: ${field} is ${typeof value === "string" ? value : JSON.stringify(value)}. Nothing was changed; a server of the version that made it goes on with it.`
  if (status !== 404 || field !== "id") return message
  return `There is no run ${value}: it was deleted, nobody had read it for too long, or a part of its address is missing.`
}

/** Statuses of the client's own fault that another moment may mend: somebody was faster, or it was too much at once. */
const PASSING = [408, 409, 425, 429]

/** Whether the same request may go well later: what was refused for what it asks is refused again. @param {{status?: number}} problem no status where no answer came */
export const mayGoWellLater = ({ status = 0 }) => status < 400 || status >= 500 || PASSING.includes(status)
