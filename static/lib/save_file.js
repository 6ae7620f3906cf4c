/** Hands a text to the browser as a file. @param {string} name @param {string} text @param {string} type of its content */
export function saveFile(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement("a")
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
