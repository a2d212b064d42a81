// Files: drop or paste them anywhere in [data-drop]; they join the file field and can be taken out again.
import { all, each, find, h, icon, on, t } from './dom.js';

const size = bytes => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

function set(field, files) {
  const data = new DataTransfer();
  files.forEach(file => data.items.add(file));
  field.files = data.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
}
function add(area, files) {
  const field = find('input[type=file]', area);
  if (!field || !files.length) return;
  set(field, field.multiple ? [...field.files, ...files] : [files[0]]);
}
function show(area) {
  const field = find('input[type=file]', area), list = find('[data-files]', area);
  if (!list) return;
  list.replaceChildren(...[...field.files].map((file, index) => {
    const drop = h('button', { type: 'button', 'aria-label': t(`移除 ${file.name}`, `Remove ${file.name}`) }, icon('x'));
    drop.addEventListener('click', () => set(field, [...field.files].filter((_, at) => at !== index)));
    return h('li', {}, icon(file.type.startsWith('image/') ? 'image' : 'file-text'), h('span', { class: 't' }, file.name), h('span', { class: 'muted' }, size(file.size)), drop);
  }));
}

on('change', '[data-drop] input[type=file]', (_, field) => show(field.closest('[data-drop]')));
on('dragover', '[data-drop]', (event, area) => { if ([...event.dataTransfer.types].includes('Files')) { event.preventDefault(); area.classList.add('over'); } });
on('dragleave', '[data-drop]', (event, area) => { if (!area.contains(event.relatedTarget)) area.classList.remove('over'); });
on('drop', '[data-drop]', (event, area) => { if (!event.dataTransfer.files.length) return; event.preventDefault(); area.classList.remove('over'); add(area, [...event.dataTransfer.files]); });
on('paste', '[data-drop]', (event, area) => { const files = [...event.clipboardData?.files ?? []]; if (files.length) { event.preventDefault(); add(area, files); } });
on('reset', 'form', (_, form) => setTimeout(() => all('[data-drop]', form.parentNode).forEach(show)));

// A photo tile shows what was taken.
each('.shot-add input[type=file]', field => field.addEventListener('change', () => {
  const tiles = field.closest('.shots');
  all('.shot[data-new]', tiles).forEach(tile => tile.remove());
  [...field.files].forEach(file => {
    const img = h('img', { alt: file.name });
    img.src = URL.createObjectURL(file);
    field.closest('.shot').before(h('span', { class: 'shot', 'data-new': true }, img));
  });
}));
