import { html, type TemplateResult } from 'lit-html';

/** A command, and a button that copies it. */
export function copyable(command: string): TemplateResult {
  return html`<p class="command">
    <code>${command}</code>
    <button type="button" class="small" @click=${(event: Event) => void copy(command, event.currentTarget as HTMLElement)}>
      Copy<span class="heard"> the command</span>
    </button>
  </p>`;
}

async function copy(command: string, button: HTMLElement): Promise<void> {
  const said = document.createElement('span');
  said.setAttribute('role', 'status');
  said.className = 'copied';
  button.after(said);
  try {
    await navigator.clipboard.writeText(command);
    said.textContent = 'copied';
  } catch {
    // Not every browser hands out the clipboard over plain HTTP: then the text is marked, to be copied by hand.
    const code = button.parentElement?.querySelector('code');
    if (code != null) getSelection()?.selectAllChildren(code);
    said.textContent = 'marked';
  }
  setTimeout(() => said.remove(), 1_500);
}
