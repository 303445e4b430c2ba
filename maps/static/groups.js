/* Show and hide the features of a map in groups by the boxes beside it, and count points that lie over each other. */
(function () {
  "use strict";

  var CELL = 56; // pixels within which points are counted together
  var NEAR = 13; // from this zoom on every point stands by itself

  var map, described, clustered, bubbles;

  function boxes() { return Array.from(document.querySelectorAll("input[data-group]")); }

  function listShown() {
    var shown = new Set([""]);
    boxes().forEach(function (box) { if (box.checked) shown.add(box.dataset.group); });
    return shown;
  }

  function place(layer, wanted) {
    if (wanted && !map.hasLayer(layer)) map.addLayer(layer);
    if (!wanted && map.hasLayer(layer)) map.removeLayer(layer);
  }

  function toggle(selector, key, shown) {
    document.querySelectorAll(selector).forEach(function (node) { node.hidden = !shown.has(node.dataset[key]); });
  }

  function refresh() {
    var shown = listShown();
    described.forEach(function (one) { place(one.layer, shown.has(one.group)); });
    if (clustered) cluster(shown);
    // What is added last would lie on top of what was drawn after it.
    described.forEach(function (one) { if (map.hasLayer(one.layer) && one.layer.bringToFront) one.layer.bringToFront(); });
    toggle("[data-panel]", "panel", shown);
    toggle("[data-row]", "row", shown);
  }

  function gather(shown) {
    var cells = new Map();
    described.forEach(function (one) {
      if (!one.group || !shown.has(one.group) || !one.layer.getLatLng) return;
      var spot = map.project(one.layer.getLatLng(), map.getZoom()).divideBy(CELL).floor();
      var key = spot.x + "," + spot.y;
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(one.layer);
    });
    return cells;
  }

  function cluster(shown) {
    bubbles.clearLayers();
    if (map.getZoom() >= NEAR) return;
    gather(shown).forEach(function (members) {
      if (members.length < 2) return;
      members.forEach(function (layer) { place(layer, false); });
      bubbles.addLayer(makeBubble(members));
    });
  }

  function makeBubble(members) {
    var bounds = L.latLngBounds(members.map(function (layer) { return layer.getLatLng(); }));
    var count = taqsimat.digits(String(members.length));
    var icon = L.divIcon({ className: "bubble", html: count, iconSize: [40, 40] });
    var bubble = L.marker(bounds.getCenter(), { icon: icon, title: count, alt: count });
    bubble.on("click keypress", function () { map.fitBounds(bounds, { padding: [60, 60], maxZoom: NEAR, animate: false }); });
    return bubble;
  }

  // A row of the list leads to its feature even where its box is not ticked.
  function reveal(layer) {
    var found = described.find(function (one) { return one.layer === layer; });
    var box = found && boxes().find(function (one) { return one.dataset.group === found.group; });
    if (box && !box.checked && !box.disabled) { box.checked = true; refresh(); }
    place(layer, true);
  }

  function arrange(opened, features, options) {
    map = opened;
    described = features;
    clustered = options.grouping === "clustered";
    bubbles = L.layerGroup().addTo(map);
    boxes().forEach(function (box) { box.addEventListener("change", refresh); });
    if (clustered) map.on("zoomend", refresh);
    refresh();
  }

  window.taqsimat.arrange = arrange;
  window.taqsimat.reveal = reveal;
})();
