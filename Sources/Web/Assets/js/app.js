// Every behaviour attaches by delegated listeners, so fragments that arrive later work too.
import './shell.js';
import './menu.js';
import './dialog.js';
import './palette.js';
import './keys.js';
import './toast.js';
import './select.js';
import './form.js';
import './fields.js';
import './picker.js';
import './region.js';
import './columns.js';
import './timeline.js';
import './attachments.js';
import './progress.js';
import './sse.js';
import './board.js';
