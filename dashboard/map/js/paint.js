/* What changes from run to run: classes, figures, marks, the choice. It comes as one layer that Python replaces. */
GM.Paint = L.Layer.extend({
  initialize(payload) {
    this.payload = payload;
  },

  onAdd() {
    const before = GM.paint, {payload} = this;
    GM.paint = payload;
    GM.emit("paint", payload);
    if (!before) GM.emit("choice", {...payload.choice, go: payload.choice.go && !GM.remembered});
    else if (before.choice.key !== payload.choice.key) GM.emit("choice", payload.choice);
  },

  onRemove() {
    this.payload = null;
  },
});
