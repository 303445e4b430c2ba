/* Describe the features of a map, join the map to the list beside it, and say everything in the page's language. */
(function () {
  "use strict";

  var layers = new Map();
  var described = [];
  var session = null;

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // Names come from strangers: everything is set as text, nothing as HTML.
  function card(properties) {
    var box = element("div", "card");
    box.dir = session.direction;
    box.appendChild(element("h3", "", properties.title));
    var list = element("dl", "");
    properties.details.forEach(function (pair) {
      list.appendChild(element("dt", "", pair[0]));
      var text = element("dd", "");
      text.appendChild(element("bdi", "", pair[1]));
      list.appendChild(text);
    });
    if (properties.details.length) box.appendChild(list);
    return box;
  }

  function hint(properties) {
    var box = element("span", "", properties.title);
    box.dir = session.direction;
    return box;
  }

  function describe(feature, layer) {
    // The ground and the dots of one finding share a name; the first drawn is the one to show.
    if (!layers.has(feature.properties.id)) layers.set(feature.properties.id, layer);
    described.push({ group: feature.properties.group || "", layer: layer });
    if (!feature.properties.title) return;
    layer.bindPopup(function () { return card(feature.properties); }, { maxWidth: 300, minWidth: 220, autoPanPaddingTopLeft: [50, 8] });
    layer.bindTooltip(function () { return hint(feature.properties); }, { sticky: true, opacity: 1 });
    layer.on("add", function () { leaveTabOrder(layer); });
    layer.on("mouseover", function () { emphasise(layer, true); });
    layer.on("mouseout", function () { emphasise(layer, false); });
    layer.on("popupopen", function () { layer.closeTooltip(); });
  }

  // A thousand divisions are no thousand stops of the Tab key: the list beside the map is the way through them.
  function leaveTabOrder(layer) {
    var shape = layer.getElement && layer.getElement();
    if (shape) shape.setAttribute("tabindex", "-1");
  }

  function emphasise(layer, on) {
    if (layer.kept === undefined) layer.kept = { weight: layer.options.weight, color: layer.options.color };
    layer.setStyle(on ? { weight: Math.max(layer.kept.weight + 1, 2.5), color: "#17302f" } : layer.kept);
  }

  // Without animation, or the map would still move under the card when it makes room for it.
  function show(map, id) {
    var layer = layers.get(id);
    if (taqsimat.reveal) taqsimat.reveal(layer);
    var box = map.getContainer();
    var point = layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
    if (layer.getBounds) map.fitBounds(layer.getBounds(), { maxZoom: 14, padding: [50, 90], animate: false });
    else map.setView(point, Math.max(map.getZoom(), 11), { animate: false });
    layer.openPopup(point);
    if (box.getBoundingClientRect().top < 0) box.scrollIntoView({ block: "start" });
  }

  function follow(map) {
    var id = decodeURIComponent(window.location.hash.slice(1));
    if (layers.has(id)) show(map, id);
  }

  function writeDigits(text) {
    if (session.language !== "fa") return text;
    return text.replace(/[0-9]/g, function (digit) { return String.fromCharCode(0x06f0 + Number(digit)); });
  }

  function localise(text) {
    if (session.language !== "fa") return text;
    var parts = text.split(" ");
    return writeDigits(parts[0]) + " " + (parts[1] === "km" ? session.words.kilometre : session.words.metre);
  }

  var Scale = L.Control.Scale.extend({
    _updateScale: function (scale, text, ratio) {
      L.Control.Scale.prototype._updateScale.call(this, scale, localise(text), ratio);
      scale.dir = session.direction;
    },
  });

  function homeButton(map) {
    var control = L.control({ position: "topleft" });
    control.onAdd = function () {
      var bar = element("div", "leaflet-bar");
      var button = element("button", "home", "\u2302");
      button.type = "button";
      button.title = session.words.home;
      button.setAttribute("aria-label", session.words.home);
      L.DomEvent.disableClickPropagation(bar);
      button.addEventListener("click", function () { map.closePopup(); fit(map); });
      bar.appendChild(button);
      return bar;
    };
    return control;
  }

  // What the page itself does to the view is no wish of the reader.
  function quietly(change) {
    session.quiet = true;
    change();
    session.quiet = false;
  }

  function fit(map) {
    if (!session.view) return;
    quietly(function () { map.fitBounds(session.view, { padding: [14, 14], maxZoom: 15, animate: false }); });
    session.moved = false;
  }

  // Paper, a turned phone and a frame change the size: the whole map stays in view until the reader has moved it.
  function keepFitted(map) {
    map.on("moveend", function () { session.moved = session.moved || !session.quiet; });
    new ResizeObserver(function () {
      quietly(function () { map.invalidateSize({ animate: false }); });
      if (!session.moved) fit(map);
    }).observe(map.getContainer());
  }

  function open(map, options) {
    session = options;
    // Beside a page's own heading and list, the map alone is wanted.
    if (window.self !== window.top) document.documentElement.classList.add("embedded");
    var words = options.words;
    map.getContainer().setAttribute("aria-label", words.map);
    map.getContainer().setAttribute("role", "application");
    L.control.zoom({ position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
    homeButton(map).addTo(map);
    new Scale({ position: "bottomleft", imperial: false, maxWidth: 140 }).addTo(map);
    map.on("popupopen", function (event) {
      var close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
      if (close) close.setAttribute("aria-label", words.close);
    });
    fit(map);
    keepFitted(map);
    if (taqsimat.arrange) taqsimat.arrange(map, described, options);
    window.addEventListener("hashchange", function () { follow(map); });
    document.addEventListener("click", function (event) {
      var link = event.target.closest && event.target.closest('#list a[href^="#"]');
      if (link && link.hash === window.location.hash) follow(map);
    });
    follow(map);
    document.documentElement.dataset.ready = "true";
  }

  window.taqsimat = { describe: describe, digits: writeDigits, open: open };
})();
