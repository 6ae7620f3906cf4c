/** @returns {Promise<number>} when the page is drawn next */
export const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))
