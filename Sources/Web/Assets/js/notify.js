// What has just come in: a message on the page one looks at; on the desktop, if allowed, while no page is looked at.
import { all, each, h, on, t, toast } from './dom.js';

const allowed = () => 'Notification' in window && Notification.permission === 'granted';

document.body.addEventListener('notified', ({ detail }) => {
  const [newest] = detail ?? [];
  if (!newest) return;
  if (!document.hidden) toast(newest.text);
  all('#inbox').forEach(() => all('[data-fresh]').length || document.querySelector('#inbox').before(h('a', { class: 'btn', href: location.href, 'data-fresh': true }, t('有新通知，点此刷新', 'New notifications: refresh'))));
});
// Only the tab that holds the connection tells the desktop, so that it is told once.
document.body.addEventListener('notified-here', ({ detail }) => {
  if (!allowed() || !document.hidden) return;
  detail.slice(0, 3).forEach(({ id, text, url }) => {
    const note = new Notification(t('知客', 'Zhike'), { body: text, tag: `zhike-${id}` });
    note.onclick = () => { focus(); location.href = url; };
  });
});

each('[data-notify-me]', button => { button.hidden = !('Notification' in window) || Notification.permission !== 'default'; });
on('click', '[data-notify-me]', async (_, button) => {
  const answer = await Notification.requestPermission();
  button.hidden = answer !== 'default';
  toast(answer === 'granted' ? t('已开启桌面提醒', 'Desktop alerts are on') : t('浏览器没有允许桌面提醒', 'The browser does not allow it'), answer === 'granted' ? 'ok' : 'warn');
});
