// Short messages at the bottom left: six seconds, with 撤销 where it can be undone. Failures stay until closed.
import { each, find, h, icon, post, t, toast } from './dom.js';

document.body.addEventListener('toast', event => {
  const { text, kind = 'ok', undo } = typeof event.detail === 'string' ? { text: event.detail } : event.detail ?? {};
  const message = text ?? event.detail?.value;
  if (!message) return;
  find('#toasts')?.append(h('div', { class: 'toast', 'data-toast': true, 'data-kind': kind, 'data-undo': undo }, message));
});

each('[data-toast]', box => {
  if (box.firstElementChild === null) box.replaceChildren(h('span', {}, box.textContent));
  if (box.dataset.kind === 'bad') box.setAttribute('role', 'alert');
  const leave = () => box.remove();
  // A message of a whole page brings its undo as a form.
  if (box.dataset.undo && !find('form', box)) {
    const undo = h('button', { type: 'button', 'data-key': 'ctrl+z' }, t('撤销', 'Undo'));
    undo.addEventListener('click', async () => {
      undo.disabled = true;
      const answer = await post(box.dataset.undo).catch(() => null);
      leave();
      if (!answer?.ok) return toast(t('没能撤销', 'Could not undo'), 'bad');
      if (!answer.headers.get('HX-Redirect')) location.reload();
    });
    box.append(undo);
  }
  const close = h('button', { type: 'button', class: 'x', 'aria-label': t('关闭', 'Close') }, icon('x'));
  close.addEventListener('click', leave);
  box.append(close);
  if (box.dataset.kind === 'bad') return;
  let timer = setTimeout(leave, 6000);
  box.addEventListener('pointerenter', () => clearTimeout(timer));
  box.addEventListener('pointerleave', () => { timer = setTimeout(leave, 2000); });
});
