/* The pages work without this script; it only spares the voter some typing. */
(function () {
  "use strict";

  var button = document.getElementById("my-position");
  if (!button || !("geolocation" in navigator) || !window.isSecureContext) return;

  var fields = button.form.elements;
  var status = document.getElementById("position-status");

  function accept(position) {
    fields.latitude.value = position.coords.latitude.toFixed(6);
    fields.longitude.value = position.coords.longitude.toFixed(6);
    status.textContent = button.dataset.done;
    button.form.querySelector('[type="submit"]').focus();
  }

  button.hidden = false;
  button.addEventListener("click", function () {
    status.textContent = button.dataset.waiting;
    navigator.geolocation.getCurrentPosition(
      accept,
      function () { status.textContent = button.dataset.refused; },
      { enableHighAccuracy: true, timeout: 15000 }
    );
  });
})();
