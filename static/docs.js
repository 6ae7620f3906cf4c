/** Mounts Swagger UI from our own files; in a file of its own because the page's policy allows no inline script. */
// @ts-expect-error the bundle is a classic script and leaves its one name on the window
window.SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", validatorUrl: null, tryItOutEnabled: true })
