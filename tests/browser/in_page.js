// Runs inside each page, before anything of its own: what axe does not look for.
// A finding is {code, where, message}.
(() => {
  "use strict";
  const SMALLEST = 24; // CSS pixels: WCAG 2.5.8
  const CONTRAST = 3; // of a focus ring: WCAG 1.4.11
  const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex]";
  const LOOKS = ["background-color", "border-bottom-color", "border-bottom-width", "box-shadow",
    "color", "text-decoration-line", "text-decoration-thickness"];
  const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const violations = [];

  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, target }) => {
    const message = `blocked in ${target instanceof Element ? named(target) : "the page"}`;
    violations.push({ code: "csp", where: `${effectiveDirective} ${blockedURI}`, message });
  });

  globalThis.judge = async () => [
    ...violations, ...structure(), ...overflow(), ...controls(), ...(await accessibility()),
  ];

  function structure() {
    const findings = [];
    for (const tag of ["main", "h1"]) {
      const count = document.querySelectorAll(tag).length;
      if (count !== 1) findings.push({ code: `one-${tag}`, where: tag, message: `${count} on the page` });
    }
    if (!document.querySelector("meta[http-equiv='content-security-policy' i]")) {
      findings.push({ code: "no-csp", where: "head", message: "no content security policy" });
    }
    return findings;
  }

  /** What sticks out on the right, innermost elements first in the page's order. */
  function overflow() {
    const { clientWidth: width, scrollWidth } = document.documentElement;
    const wide = [...document.body.querySelectorAll("*")].filter((element) =>
      reach(element) > width + 1 && element.checkVisibility({ visibilityProperty: true }) && !kept(element));
    if (!wide.length && scrollWidth > width) wide.push(document.body);
    return wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)))
      .map((element) => {
        const excess = Math.round(Math.max(reach(element), scrollWidth) - width);
        return { code: "overflow", where: named(element), message: `${excess} px wider than the page` };
      });
  }

  /** How far to the right a box and its own text go. */
  function reach(element) {
    const texts = scrolls(element) ? [] : [...element.childNodes].filter(({ nodeType }) => nodeType === 3);
    const range = document.createRange();
    const edges = texts.map((text) => {
      range.selectNode(text);
      return range.getBoundingClientRect().right;
    });
    return Math.max(element.getBoundingClientRect().right, ...edges);
  }

  /** Whether a box with a scroll bar of its own holds it, or it is for screen readers alone. */
  function kept(element) {
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      if (box !== element && scrolls(box)) return true;
      const { width, height } = box.getBoundingClientRect();
      if (width <= 1 && height <= 1) return true;
    }
    return false;
  }

  function scrolls(box) {
    return /auto|scroll/.test(getComputedStyle(box).overflowX);
  }

  function controls() {
    return [...document.querySelectorAll(CONTROLS)]
      .filter((element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility())
      .flatMap((element) => control(element));
  }

  /** One control, measured while it has the focus: a skip link shows up only then. */
  function control(element) {
    document.activeElement?.blur();
    const before = look(element);
    element.focus();
    element.getAnimations({ subtree: true }).forEach((animation) => animation.finish());
    const shows = look(element) !== before;
    const [width, height] = target(element);
    element.blur();
    const findings = [];
    if (!shows) findings.push({ code: "focus", where: named(element), message: "focus does not show" });
    if (Math.min(width, height) < SMALLEST && !inText(element)) {
      const message = `${Math.round(width)} × ${Math.round(height)} px, less than ${SMALLEST} × ${SMALLEST}`;
      findings.push({ code: "target", where: named(element), message });
    }
    return findings;
  }

  /** What can be seen of a control: itself, its labels and the box around it. */
  function look(element) {
    const parts = [element, element.parentElement, ...(element.labels ?? [])];
    return parts.flatMap((part) => [null, "::before", "::after"].map((pseudo) => {
      const style = getComputedStyle(part, pseudo);
      return LOOKS.map((name) => style.getPropertyValue(name)).join() + ring(style, part);
    })).join();
  }

  /** Whether an outline stands out from what lies behind it. */
  function ring(style, element) {
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1) return false;
    return style.outlineStyle === "auto"
      || contrast(pixel(style.outlineColor), backdrop(element.parentElement)) >= CONTRAST;
  }

  function backdrop(element) {
    for (let box = element; box; box = box.parentElement) {
      const colour = pixel(getComputedStyle(box).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  }

  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

  function pixel(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  }

  function contrast(one, other) {
    if (one[3] < 255) return 1; // what shines through does not count
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  /** Relative luminance as WCAG defines it. */
  function luminance(colour) {
    const [red, green, blue] = colour.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  /** Width and height of what can be clicked: the control or the largest of its labels. */
  function target(element) {
    const boxes = [element, ...(element.labels ?? [])].map((part) => part.getBoundingClientRect());
    const smaller = (box) => Math.min(box.width, box.height);
    const best = boxes.reduce((one, other) => (smaller(other) > smaller(one) ? other : one));
    return [best.width, best.height];
  }

  /** WCAG leaves out a link among other words: its height is that of the line. */
  function inText(element) {
    const block = blockOf(element);
    const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (block !== element && texts.nextNode()) {
      const { textContent, parentElement } = texts.currentNode;
      const other = !parentElement.closest("a, button") && blockOf(parentElement) === block;
      if (other && /[\p{L}\p{N}]/u.test(textContent)) return true;
    }
    return false;
  }

  function blockOf(element) {
    return getComputedStyle(element).display === "inline" ? blockOf(element.parentElement) : element;
  }

  async function accessibility() {
    const { violations: found } = await axe.run(document, {
      runOnly: { type: "tag", values: RULES },
      resultTypes: ["violations"],
      preload: false, // it would fetch the style sheets again, which the page's policy forbids
    });
    return found.flatMap(({ id, help, nodes }) => nodes.map((node) => ({
      code: id, where: node.target.join(" "), message: node.any[0]?.message ?? help,
    })));
  }

  function named(element) {
    const classes = [...element.classList].map((name) => `.${name}`).join("");
    const tag = element.tagName.toLowerCase() + (element.id ? `#${element.id}` : classes);
    const text = element.textContent.trim().replace(/\s+/g, " ");
    return text ? `${tag} “${text.slice(0, 40)}${text.length > 40 ? "…" : ""}”` : tag;
  }
})();
