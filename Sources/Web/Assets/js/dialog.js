// Dialogs: data-dialog="id" opens one on the page, data-dialog="/url" fetches one; data-confirm asks before a form is sent.
import { find, fragment, h, on, t, toast } from './dom.js';

export function openDialog(dialog) {
  dialog.showModal();
  find('[aria-invalid=true], [autofocus], .dlg-b :is(input:not([type=hidden]), select, textarea)', dialog)?.focus();
}

on('click', '[data-dialog]', async (event, button) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const where = button.dataset.dialog || button.href;
  if (!where.includes('/')) return openDialog(document.getElementById(where));
  try {
    find('#dialog')?.remove();
    document.body.append(h('dialog', { id: 'dialog', class: 'dlg' }));
    const dialog = find('#dialog');
    dialog.innerHTML = await fragment(where);
    dialog.className = `dlg ${find('[data-dialog-class]', dialog)?.dataset.dialogClass ?? ''}`;
    window.htmx?.process(dialog);
    openDialog(dialog);
  } catch { toast(t('没有打开，请重试', 'Could not open; please try again'), 'bad'); }
});

on('click', '[data-close]', (_, button) => button.closest('dialog')?.close());
on('click', 'dialog', (event, dialog) => { if (event.target === dialog && !dialog.matches('[data-keep]')) dialog.close(); });
document.body.addEventListener('close-dialog', () => find('dialog[open]')?.close());

// A form that destroys something: one sentence, and if asked for, the name typed out.
const confirmed = new WeakSet();
on('submit', 'form[data-confirm]', (event, form) => {
  if (confirmed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const asked = form.dataset.confirmText, sender = event.submitter;
  const input = asked && h('input', { class: 'in', 'aria-label': t(`输入「${asked}」以确认`, `Type “${asked}” to confirm`), placeholder: asked, autofocus: true });
  const yes = h('button', { type: 'button', class: 'btn btn-danger', disabled: Boolean(asked) }, form.dataset.confirmYes || t('确定', 'OK'));
  const dialog = h('dialog', { class: 'dlg', 'aria-label': t('请确认', 'Please confirm') },
    h('div', { class: 'dlg-in' }, h('header', {}, h('h2', {}, form.dataset.confirmTitle || t('请确认', 'Please confirm'))),
      h('div', { class: 'dlg-b col' }, h('p', {}, form.dataset.confirm), asked && h('p', { class: 'muted' }, t(`输入「${asked}」以确认：`, `Type “${asked}” to confirm:`)), input || null),
      h('footer', {}, h('button', { type: 'button', class: 'btn', 'data-close': true }, t('取消', 'Cancel')), yes)));
  input?.addEventListener('input', () => { yes.disabled = input.value.trim() !== asked; });
  yes.addEventListener('click', () => { confirmed.add(form); dialog.close(); form.requestSubmit(sender); });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  openDialog(dialog);
}, true);
