// What a reader would notice on a page: text too pale, lines too tight, marks that are not there.
() => {
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const parse = (text) => text.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) =>
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const pale = [], tight = [], clipped = [];
  let checked = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    const text = node.textContent.trim();
    if (!text || !element.checkVisibility() || element.closest(".unseen, .skip, option, datalist"))
      continue;
    const style = getComputedStyle(element), size = parseFloat(style.fontSize);
    const colour = element.closest("svg") ? style.fill : style.color;
    const [one, two] = [luminance(parse(colour)), luminance(ground(element))];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (contrast < 4.5) pale.push(`${contrast.toFixed(2)} ${text.slice(0, 40)}`);
    if (!(parseFloat(style.lineHeight) >= 1.5 * size - 0.01))
      tight.push(`${style.lineHeight}/${style.fontSize} ${text.slice(0, 40)}`);
    for (let at = element; at !== document.body; at = at.parentElement) {
      const over = getComputedStyle(at).overflowY;
      if (["hidden", "clip"].includes(over) && at.scrollHeight > at.clientHeight)
        clipped.push(text.slice(0, 40));
    }
    checked += 1;
  }
  const marks = [...document.querySelectorAll("main mark")];
  const hidden = marks.filter((mark) => {
    const box = mark.getBoundingClientRect();
    return box.width < 1 || box.height < 1 || box.left < 0 || box.right > innerWidth;
  });
  return {
    pale, tight, clipped, checked,
    overflow: document.documentElement.scrollWidth - innerWidth,
    marks: marks.length,
    hidden: hidden.map((mark) => mark.textContent),
  };
}
