/* Start Swagger UI on the description of our own API; it must ask no validator elsewhere. */
(function () {
  "use strict";
  window.SwaggerUIBundle({
    url: document.body.dataset.openapi,
    dom_id: "#docs",
    deepLinking: true,
    validatorUrl: null,
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
  });
})();
