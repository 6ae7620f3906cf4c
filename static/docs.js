/** Mounts Swagger UI from our own files, in the scheme of the other pages; in a file of its own because the page's policy allows no inline script. */
const system = matchMedia("(prefers-color-scheme: dark)")

function followScheme() {
  let chosen = null
  try {
    chosen = localStorage.getItem("backscope-scheme")
  } catch {
    // a browser that keeps nothing has no choice to follow
  }
  const isDark = chosen === "dark" || (chosen !== "light" && system.matches)
  document.documentElement.dataset.scheme = isDark ? "dark" : "light"
  document.documentElement.classList.toggle("dark-mode", isDark) // what Swagger UI's own sheet asks for
}

followScheme()
system.addEventListener("change", followScheme)
// @ts-expect-error the bundle is a classic script and leaves its one name on the window
window.SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", validatorUrl: null, tryItOutEnabled: true })
