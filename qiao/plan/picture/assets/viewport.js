"use strict";

// Zoom and pan of the sheet: wheel, drag, pinch, buttons and keys all end in `set`.
class Viewport {
  constructor(svg, sheet) {
    Object.assign(this, { svg, sheet, x: 0, y: 0, k: 1, fingers: new Map(), moved: 0 });
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    svg.addEventListener("pointerdown", (event) => this.down(event));
    svg.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      svg.addEventListener(end, (event) => this.up(event));
    }
  }

  set(x, y, k) {
    Object.assign(this, { x, y, k });
    this.sheet.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${k.toFixed(4)})`);
    // From far away the names of boxes grow, as on a map: what lies in them can be read on coming nearer.
    this.sheet.style.setProperty("--title", `${(13 * Math.min(2.3, Math.max(1, 0.8 / k))).toFixed(1)}px`);
  }

  get room() {
    return { width: this.svg.clientWidth, height: this.svg.clientHeight };
  }

  // Zoom about a point of the screen, which stays where it is.
  zoom(factor, px = this.room.width / 2, py = this.room.height / 2) {
    const k = Math.min(Viewport.NEAREST, Math.max(Viewport.FARTHEST, this.k * factor));
    this.set(px - ((px - this.x) * k) / this.k, py - ((py - this.y) * k) / this.k, k);
  }

  // All of the sheet; with a `least` scale only as much as can be read, from its top left.
  fit(area, least = Viewport.FARTHEST) {
    const { width, height } = this.room;
    const margin = Viewport.MARGIN;
    const scale = Math.max(this.scale(area), least);
    const begin = (room, size) => (size * scale > room - 2 * margin ? margin : (room - size * scale) / 2);
    this.set(begin(width, area.width), begin(height, area.height), scale);
  }

  // The scale at which all of an area is seen.
  scale(area) {
    const { width, height } = this.room;
    const rim = 2 * Viewport.MARGIN;
    return Math.min((width - rim) / Math.max(1, area.width), (height - rim) / Math.max(1, area.height), 1.15);
  }

  // Bring a box into view without more movement than needed; with `near`, at a scale and distance to read it well.
  show(box, near = false) {
    if (near && this.k < Viewport.READABLE) this.zoom(Viewport.READABLE / this.k);
    const inside = (at, size, room) => {
      const margin = near ? Math.min(60, room / 6) : 4;
      if (at >= margin && at + size <= room - margin) return 0;
      return size > room - 2 * margin ? margin - at : (room - size) / 2 - at;
    };
    const dx = inside(this.x + box.x * this.k, box.width * this.k, this.room.width);
    const dy = inside(this.y + box.y * this.k, box.height * this.k, this.room.height);
    this.set(this.x + dx, this.y + dy, this.k);
  }

  // Bring several boxes into view at once, as near as that allows; nothing moves where all are seen already.
  showAll(boxes) {
    const x = Math.min(...boxes.map((box) => box.x));
    const y = Math.min(...boxes.map((box) => box.y));
    const width = Math.max(...boxes.map((box) => box.x + box.width)) - x;
    const height = Math.max(...boxes.map((box) => box.y + box.height)) - y;
    const scale = this.scale({ width, height });
    if (this.k > scale) this.zoom(scale / this.k);
    this.show({ x, y, width, height });
  }

  // After a new layout: the box that was unfolded stays under the pointer.
  hold(before, after) {
    this.set(this.x + (before.x - after.x) * this.k, this.y + (before.y - after.y) * this.k, this.k);
  }

  wheel(event) {
    event.preventDefault();
    const frame = this.svg.getBoundingClientRect();
    const step = event.deltaMode === 1 ? event.deltaY * 18 : event.deltaY;
    this.zoom(Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0015)), event.clientX - frame.left, event.clientY - frame.top);
  }

  down(event) {
    if (event.button) return;
    this.moved = 0;
    this.fingers.set(event.pointerId, event);
  }

  move(event) {
    const last = this.fingers.get(event.pointerId);
    if (!last) return;
    const [dx, dy] = [event.clientX - last.clientX, event.clientY - last.clientY];
    this.moved += Math.abs(dx) + Math.abs(dy);
    // Captured only once it is a drag: a captured pointer would send the click to the sheet, not to the box.
    if (this.moved > Viewport.SLIP && !this.svg.hasPointerCapture(event.pointerId)) {
      this.svg.setPointerCapture(event.pointerId);
    }
    if (this.fingers.size === 1) this.set(this.x + dx, this.y + dy, this.k);
    if (this.fingers.size === 2) this.pinch(last, event);
    this.fingers.set(event.pointerId, event);
  }

  pinch(last, event) {
    const other = [...this.fingers.values()].find((finger) => finger.pointerId !== event.pointerId);
    const apart = (finger) => Math.hypot(finger.clientX - other.clientX, finger.clientY - other.clientY);
    const frame = this.svg.getBoundingClientRect();
    this.zoom(apart(event) / Math.max(1, apart(last)), other.clientX - frame.left, other.clientY - frame.top);
  }

  up(event) {
    this.fingers.delete(event.pointerId);
  }

  // Whether the click that now arrives is the end of a drag.
  get dragged() {
    return this.moved > Viewport.SLIP;
  }
}
Object.assign(Viewport, { NEAREST: 3, FARTHEST: 0.04, READABLE: 0.6, SLIP: 5, MARGIN: 24 });
