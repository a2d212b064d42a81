// Shortcuts: data-key="n", "g c" or "ctrl+s" on a link, button or input. Never while typing or composing. `?` lists them.
import { all, find, h, isTyping, t } from './dom.js';

let first = '', timer;
const nameOf = event => [event.ctrlKey || event.metaKey ? 'ctrl+' : '', event.altKey ? 'alt+' : '', event.key.length === 1 ? event.key.toLowerCase() : event.key].join('');

addEventListener('keydown', event => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const key = nameOf(event), hasModifier = key.includes('+') && key.length > 1;
  // What is being typed has its own undo.
  if (isTyping(event.target) && (!hasModifier || key === 'ctrl+z')) return;
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

// Held for a moment, Alt shows the keys on the buttons themselves.
let held;
const hints = isOn => {
  clearTimeout(held);
  if (!isOn) return all('.key-hint').forEach(hint => hint.remove());
  held = setTimeout(() => all('[data-key]').filter(element => element.offsetParent).forEach(element => {
    const { left, top, width, height } = element.getBoundingClientRect(), hint = h('kbd', { class: 'key-hint', 'aria-hidden': 'true' }, element.dataset.key.split(',')[0]);
    if (width === 0 || top < 0 || top > innerHeight) return;
    document.body.append(hint);
    hint.style.left = `${Math.max(0, left + width - hint.offsetWidth)}px`;
    hint.style.top = `${top + height - hint.offsetHeight / 2}px`;
  }), 400);
};
addEventListener('keydown', event => { if (event.key === 'Alt' && !event.repeat) hints(true); else if (event.key !== 'Alt') hints(false); });
addEventListener('keyup', event => { if (event.key === 'Alt') hints(false); });
addEventListener('blur', () => hints(false));

const fixed = [['Ctrl K', t('搜索与命令', 'Search and commands')], ['j / k', t('下一行 / 上一行', 'Next / previous row')], ['x', t('选择这一行', 'Select the row')], [t('空格', 'Space'), t('预览这一行', 'Preview the row')], ['→ Enter', t('编辑单元格', 'Edit a cell')], ['Enter', t('打开', 'Open')], ['Alt', t('按住：显示按键', 'Hold: show the keys')], ['Ctrl Enter', t('保存表单', 'Save the form')], ['Alt ← / →', t('看板卡片移到前后阶段', 'Move a card')], ['Esc', t('关闭', 'Close')], ['?', t('这张表', 'This list')]];
const caps = text => h('dd', {}, ...text.split(/\s+/).map(cap => (cap === '/' ? cap : h('kbd', {}, cap))));
const label = element => element.dataset.keyLabel || element.getAttribute('aria-label') || element.placeholder || element.textContent.trim().replace(/\s+/g, ' ');

function help() {
  const seen = new Set(), rows = [...fixed.map(([key, text]) => [text, key]), ...all('[data-key]').map(element => [label(element), element.dataset.key.replace('+', ' ')])]
    .filter(([, key]) => !seen.has(key) && seen.add(key));
  const dialog = h('dialog', { class: 'dlg', 'aria-label': t('快捷键', 'Shortcuts') }, h('div', { class: 'dlg-in' },
    h('header', {}, h('h2', {}, t('快捷键', 'Shortcuts')), h('button', { class: 'btn btn-g btn-sm', 'data-close': true }, t('关闭', 'Close'))),
    h('div', { class: 'dlg-b' }, h('dl', { class: 'keys' }, ...rows.flatMap(([text, key]) => [h('dt', {}, text), caps(key)])))));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
