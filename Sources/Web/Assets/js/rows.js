// Numbered lines of a form: data-more adds one like the last; without script the button asks the server for more.
import { all, find, on } from './dom.js';

on('click', '[data-more]', (event, button) => {
  event.preventDefault();
  const last = all(button.dataset.more, button.form).at(-1), row = last.cloneNode(true);
  const count = all(button.dataset.more, button.form).length + 1;
  for (const element of [row, ...all('*', row)]) {
    for (const name of ['id', 'name', 'for']) if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replace(/_\d+$/, `_${count}`));
    for (const name of ['aria-invalid', 'aria-describedby', 'autofocus']) element.removeAttribute(name);
  }
  row.setAttribute('aria-label', row.getAttribute('aria-label').replace(/\d+/, count));
  all('.err', row).forEach(fault => fault.remove());
  all('input', row).forEach(field => { field.value = ''; });
  all('select', row).forEach(field => { field.value = find(`[name="${field.name.replace(/_\d+$/, '_' + (count - 1))}"]`, last).value; });
  last.after(row);
  find('input, select', row).focus();
});

// What is ticked inside an option chooses it.
on('change', '[data-option] [type=checkbox]', (_, box) => { find('[type=radio]', box.closest('[data-option]')).checked = true; });
