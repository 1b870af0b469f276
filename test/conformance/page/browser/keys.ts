/** `/` goes to the controls, `j` and `k` from row to row. Letters typed into a control stay there. */
export function listenToKeys(form: HTMLFormElement, rows: readonly HTMLElement[]): void {
  addEventListener('keydown', (event) => {
    const { target } = event;
    const isTyping = target instanceof HTMLSelectElement || target instanceof HTMLInputElement;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
    if (event.key === '/') {
      event.preventDefault();
      form.querySelector('select')?.focus();
    } else if (event.key === 'j' || event.key === 'k') {
      go(event.key === 'j' ? 1 : -1, rows);
    }
  });
}

function go(step: 1 | -1, rows: readonly HTMLElement[]): void {
  const shown = rows.filter((row) => !row.hidden);
  const at = shown.findIndex((row) => row.contains(document.activeElement));
  const next = shown[at < 0 ? 0 : at + step];
  const summary = next?.querySelector('summary');
  summary?.focus({ preventScroll: true });
  summary?.scrollIntoView({ block: 'nearest' });
}
