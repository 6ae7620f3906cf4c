/** The bytes of a text file as text. Pure. */

const UTF_8 = "utf-8"

/** By its byte order mark, such as spreadsheets put before "Unicode text"; else UTF-8, else what western Windows has written. @param {ArrayBuffer} bytes @returns {{text: string, isGuess: boolean}} */
export function decodeText(bytes) {
  const [first, second] = new Uint8Array(bytes)
  const encoding = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : UTF_8
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), isGuess: false }
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), isGuess: true }
  }
}
