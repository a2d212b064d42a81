// Shortcuts: data-key="n", "g c" or "ctrl+s" on a link, button or input. Never while typing or composing. `?` lists them.
import { all, find, h, isTyping } from './dom.js';

let first = '', timer;
const nameOf = event => [event.ctrlKey || event.metaKey ? 'ctrl+' : '', event.altKey ? 'alt+' : '', event.key.length === 1 ? event.key.toLowerCase() : event.key].join('');

addEventListener('keydown', event => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const key = nameOf(event), hasModifier = key.includes('+') && key.length > 1;
  if (isTyping(event.target) && !hasModifier) return;
  const place = find('dialog[open]') ?? document;
  if (key === '?' && place === document) { event.preventDefault(); help(); return; }

  const target = match(place, `${first} ${key}`) ?? match(place, key);
  clearTimeout(timer);
  first = '';
  if (target) {
    event.preventDefault();
    target.matches('input, textarea, select') ? (target.focus(), target.select?.()) : target.click();
  } else if (!hasModifier && key.length === 1) {
    first = key;
    timer = setTimeout(() => { first = ''; }, 900);
  }
});

const match = (place, keys) => all('[data-key]', place).find(element => element.dataset.key.split(',').some(key => key.trim() === keys.trim()) && !element.disabled && (element.offsetParent || element.closest('[popover]')));

const fixed = [['Ctrl K', '搜索与命令'], ['j / k', '下一行 / 上一行'], ['x', '选择这一行'], ['Enter', '打开'], ['Ctrl Enter', '保存表单'], ['Alt ← / →', '看板卡片移到前后阶段'], ['Esc', '关闭'], ['?', '这张表']];
const caps = text => h('dd', {}, ...text.split(/\s+/).map(cap => (cap === '/' ? cap : h('kbd', {}, cap))));
const label = element => element.dataset.keyLabel || element.getAttribute('aria-label') || element.placeholder || element.textContent.trim().replace(/\s+/g, ' ');

function help() {
  const seen = new Set(), rows = [...fixed.map(([key, text]) => [text, key]), ...all('[data-key]').map(element => [label(element), element.dataset.key.replace('+', ' ')])]
    .filter(([, key]) => !seen.has(key) && seen.add(key));
  const dialog = h('dialog', { class: 'dlg', 'aria-label': '快捷键' }, h('div', { class: 'dlg-in' },
    h('header', {}, h('h2', {}, '快捷键'), h('button', { class: 'btn btn-g btn-sm', 'data-close': true }, '关闭')),
    h('div', { class: 'dlg-b' }, h('dl', { class: 'keys' }, ...rows.flatMap(([text, key]) => [h('dt', {}, text), caps(key)])))));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
