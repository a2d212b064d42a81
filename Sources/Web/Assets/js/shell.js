// Theme switch, the printer, the thin line while something loads, and the filter box over a list of links.
import { all, find, on, t, toast } from './dom.js';

const root = document.documentElement;
on('click', '[data-theme-toggle]', () => {
  const isDark = root.dataset.theme === 'dark' || (root.dataset.theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = isDark ? 'light' : 'dark';
  try { localStorage.setItem('theme', root.dataset.theme); } catch { /* storage may be off */ }
  dispatchEvent(new Event('themechange'));
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dispatchEvent(new Event('themechange')));
on('change', 'select[name=theme][data-theme-select]', (_, select) => {
  root.dataset.theme = select.value;
  try { localStorage.setItem('theme', select.value); } catch { /* as above */ }
  dispatchEvent(new Event('themechange'));
});

on('click', '[data-print]', () => print());

on('click', '[data-rail-toggle]', () => {
  const app = find('.app'), small = app.dataset.rail !== 'small';
  app.dataset.rail = small ? 'small' : '';
  try { localStorage.setItem('rail', app.dataset.rail); } catch { /* as above */ }
});
if (root.dataset.rail && find('.app')) find('.app').dataset.rail = root.dataset.rail;

let waiting = 0;
document.addEventListener('htmx:beforeRequest', () => root.classList.toggle('busy', ++waiting > 0));
document.addEventListener('htmx:afterRequest', () => root.classList.toggle('busy', (waiting = Math.max(0, waiting - 1)) > 0));
document.addEventListener('htmx:responseError', event => {
  const { status } = event.detail.xhr, id = event.detail.xhr.getResponseHeader('X-Request-Id');
  toast(`${status === 403 ? t('没有权限', 'Not allowed') : status === 404 ? t('记录不存在或已删除', 'Not there any more') : t('没有成功，请重试', 'That failed; please try again')}${id ? t(`（请求号 ${id}）`, ` (request ${id})`) : ''}`, 'bad');
});
document.addEventListener('htmx:sendError', () => toast(t('网络不通，请检查后重试', 'No connection; please try again'), 'bad'));

on('input', '[data-filter]', (_, input) => {
  const words = input.value.trim().toLowerCase();
  all(input.dataset.filter).forEach(item => { item.hidden = words !== '' && !item.textContent.toLowerCase().includes(words); });
});
