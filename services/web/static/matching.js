/* Sends decisions on the rows of a worksheet to the API, from buttons and from the keyboard. */
(function () {
  "use strict";

  var form = document.getElementById("decide");
  var list = document.getElementById("rows");
  if (!form) return;
  var status = document.getElementById("decided");
  var tag = form.dataset.tag;
  var version = Number(form.dataset.version);
  var sending = false;

  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  document.querySelectorAll(".decide").forEach(function (one) { one.hidden = false; });
  try { form.elements.key.value = sessionStorage.getItem("taqsimat-key") || ""; } catch (error) { /* kept nowhere */ }

  function tell(text, bad) {
    status.textContent = text;
    status.className = bad ? "message" : "note";
  }

  function send(wanted) {
    var key = form.elements.key.value.trim();
    if (!key) { form.elements.key.focus(); return Promise.resolve(null); }
    try { sessionStorage.setItem("taqsimat-key", key); } catch (error) { /* kept nowhere */ }
    sending = true;
    return fetch(form.dataset.address, {
      method: "POST",
      headers: {
        "Authorization": "Bearer " + key,
        "Content-Type": "application/json",
        "Accept-Language": document.documentElement.lang,
        "If-Match": tag
      },
      body: JSON.stringify(Object.assign({ version: version }, wanted))
    }).then(function (answer) {
      return answer.json().then(function (body) {
        if (!answer.ok) throw new Error(body.detail || String(answer.status));
        version = body.version;
        tell(form.dataset.done, false);
        return body;
      });
    }).catch(function (error) {
      tell(form.dataset.failed + " " + error.message, true);
      return null;
    }).finally(function () { sending = false; });
  }

  function decide(row, state) {
    if (sending || row.dataset.state === "applied") return;
    var chosen = row.querySelector("input:checked");
    var wanted = { state: state, rows: [Number(row.dataset.row)] };
    if (state === "confirmed" && chosen) wanted.codes = [chosen.value];
    send(wanted).then(function (sheet) {
      if (!sheet) return;
      row.dataset.state = state;
      row.querySelector(".tag").textContent = form.dataset[state];
      move(row, 1);
    });
  }

  function move(row, step) {
    var next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    if (next) next.focus();
  }

  form.querySelector("[data-decide]").addEventListener("click", function () {
    if (!sending) send({ state: "confirmed" }).then(function (sheet) { if (sheet) location.reload(); });
  });
  if (!list) return;

  list.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-decide]");
    if (button) decide(button.closest("li[data-row]"), button.dataset.decide);
  });

  list.addEventListener("keydown", function (event) {
    var row = event.target.closest("li[data-row]");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    // inside a row, buttons and links keep their own keys
    if (event.target !== row && event.target.type !== "radio") return;
    var states = { Enter: "confirmed", Delete: "refused", Backspace: "proposed" };
    var digit = "123456".indexOf(event.key) >= 0 ? "123456".indexOf(event.key) : "۱۲۳۴۵۶".indexOf(event.key);
    if (states[event.key]) decide(row, states[event.key]);
    else if (event.key === "ArrowDown" && event.target === row) move(row, 1);
    else if (event.key === "ArrowUp" && event.target === row) move(row, -1);
    else if (event.key.length === 1 && digit >= 0) {
      var options = row.querySelectorAll('input[type="radio"]');
      if (options[digit]) options[digit].checked = true;
    } else return;
    event.preventDefault();
  });
})();
