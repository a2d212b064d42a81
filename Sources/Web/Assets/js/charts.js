// Charts are drawn by the server. Here: what was chosen is asked for at once, and a drawing is saved as a picture.
import { all, each, find, on, t, toast } from './dom.js';

each('form[data-auto] [data-auto-submit]', button => { button.hidden = true; });
on('change', 'form[data-auto] select', (event, select) => select.form.requestSubmit());
each('[data-png]', button => { button.hidden = false; });

const margin = 16, head = 40;
const drawn = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-dashoffset', 'stroke-linejoin', 'opacity', 'font-size', 'font-weight', 'font-family', 'vector-effect'];

/** A copy that needs no style sheet, on a ground as wide as the card. */
function standalone(plot, ground, title) {
  const copy = plot.cloneNode(true), box = ground.getBoundingClientRect(), place = plot.getBoundingClientRect();
  const from = all('*', plot), to = all('*', copy);
  from.forEach((element, index) => { const style = getComputedStyle(element); for (const name of drawn) to[index].setAttribute(name, style.getPropertyValue(name)); });
  copy.setAttribute('x', place.left - box.left + margin); copy.setAttribute('y', place.top - box.top + head);
  copy.setAttribute('width', place.width); copy.setAttribute('height', place.height); copy.setAttribute('overflow', 'visible');
  const width = box.width + 2 * margin, height = place.bottom - box.top + head + margin, style = getComputedStyle(ground);
  const sheet = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), words = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  sheet.setAttribute('width', width); sheet.setAttribute('height', height);
  words.textContent = title;
  for (const [name, value] of Object.entries({ x: margin, y: 26, fill: style.color, 'font-size': 16, 'font-weight': 600, 'font-family': style.fontFamily })) words.setAttribute(name, value);
  sheet.append(words, copy);
  return { text: new XMLSerializer().serializeToString(sheet), width, height };
}

on('click', '[data-png]', async (event, button) => {
  const card = button.closest('[data-chart-box]'), plot = find('svg.plot', card), title = button.dataset.png;
  if (!plot) return;
  const sheet = standalone(plot, plot.parentElement, title), image = new Image(), canvas = document.createElement('canvas'), scale = 2;
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(sheet.text)}`;
  try { await image.decode(); } catch { return toast(t('浏览器无法生成图片', 'The browser cannot make a picture'), 'bad'); }
  canvas.width = sheet.width * scale; canvas.height = sheet.height * scale;
  const brush = canvas.getContext('2d');
  brush.fillStyle = getComputedStyle(card).backgroundColor; brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob(blob => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob); link.download = `${title}.png`; link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
});
