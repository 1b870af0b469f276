/** Shortcuts: a letter presses the button that shows it. */
export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    const buttons = [...document.querySelectorAll<HTMLButtonElement>('button[aria-keyshortcuts]')];
    const pressed = buttons.find(
      (button) => button.ariaKeyShortcuts?.toLowerCase() === key && button.offsetParent !== null,
    );
    if (pressed === undefined || pressed.disabled) return;
    event.preventDefault();
    pressed.focus();
    pressed.click();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}
