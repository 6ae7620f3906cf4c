/** What the service calls a field, in the words that the page has for it. Pure. */

/** "learning_rate" as people write it; a letter alone is one of the mathematics, where b is not B. @param {string} name */
export const titleOf = (name) => (name.length === 1 ? name : name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " "))

/** Where the page says it otherwise than the name does. @type {Record<string, string>} */
const NAMES = {
  hidden_activations: "Activation",
  initializer: "Initialisation",
  layer_sizes: "Layer sizes",
  dtype: "Precision",
  features: "Columns to learn from",
  target: "Target column",
  decimal: "Decimal mark",
  thousands: "Between thousands",
}

/** Names of the API in the middle of what it says, as the page has them. @type {Record<string, string>} */
const IN_BOUNDS = { skip_incomplete: "Skip incomplete", learning_rate: "learning rate", X_test: "X test", Y_test: "Y test" }

/** @param {string} text */
const inPageWords = (text) => text.replace(new RegExp(`\\b(${Object.keys(IN_BOUNDS).join("|")})\\b`, "g"), (name) => IN_BOUNDS[name] ?? name)

/** @param {string} field */
const lastOf = (field) => field.split(".").at(-1) ?? field

/** "optimizer.learning_rate" is "Learning rate", "layer_sizes[1]" is "Hidden layer 1", "dataset.X[0][3]" is "X[0][3]". @param {string} field */
export function fieldWords(field) {
  const name = lastOf(field)
  const layer = /^layer_sizes\[(\d+)\]$/.exec(name)
  if (layer) return layer[1] === "0" ? "The first layer size" : `Hidden layer ${layer[1]}`
  const [, word = name, place = ""] = /^(\w+?)((?:\[\d+\])*)$/.exec(name) ?? []
  return `${NAMES[word] ?? titleOf(word)}${place}`
}

/** A refusal of the service with the page's name of its field in the place of the API's. @param {string | null} field @param {string} message "batch_size is …", "layer_sizes has …" */
export function pageMessage(field, message) {
  const at = message.indexOf(" ")
  // where it stands in a request, as "edits[0].", is no matter of the page
  if (!field || at < 0 || lastOf(message.slice(0, at)) !== lastOf(field)) return message
  const rest = inPageWords(message.slice(at + 1))
  // the form has no field of both ends, and shows the sizes itself
  const bound = field === "layer_sizes" ? rest.split("; it must be ")[1] : undefined
  if (bound) return `Hidden layers: together with input and output ${bound.startsWith("a network of ") ? bound.replace("a network of ", "the network must have ") : `they must be ${bound}`}`
  // the field of a file is its whole text, and a value that is shown of it is in there
  if (/^(dataset\.)?text$/.test(field)) return `The file ${rest.replace(/^is (?!missing|left out)/, "has ")}`
  return `${fieldWords(field)} ${rest}`
}
