import { expect, test, vi } from 'vitest';
import { reactNativeHost } from './host.react-native.ts';

/** The module `react-native` on a device that a test plays: nothing else of it can be had without one. */
function device(system = 'android', currentState: string | null = 'active') {
  const listeners = new Set<(state: string) => void>();
  const addEventListener = vi.fn((_: 'change', listener: (state: string) => void) => {
    listeners.add(listener);
    return { remove: () => void listeners.delete(listener) };
  });
  const say = (state: string) => {
    for (const listener of [...listeners]) listener(state);
  };
  return { AppState: { currentState, addEventListener }, Platform: { OS: system }, listeners, say };
}

test('C-32 the app is where the system says, at first and from then on; passing states are no place', () => {
  const phone = device();
  const told = vi.fn();
  const cancel = reactNativeHost(phone).appState(told);
  for (const state of ['inactive', 'background', 'unknown', 'inactive', 'active', 'constructor'])
    phone.say(state);
  expect(told.mock.calls.flat()).toEqual(['foreground', 'background', 'foreground']);
  cancel();
  phone.say('background');
  expect(told).toHaveBeenCalledTimes(3);
  expect(phone.listeners.size).toBe(0);
});

test('C-32 an app that is started in the background is there', () => {
  const told = vi.fn();
  reactNativeHost(device('ios', 'background')).appState(told);
  reactNativeHost(device('ios', null)).appState(told);
  expect(told.mock.calls).toEqual([['background']]);
});

test('C-15 coming to the front is a reason to look at the connection', () => {
  const phone = device();
  const hinted = vi.fn();
  const cancel = reactNativeHost(phone).hints(hinted);
  phone.say('background');
  expect(hinted).not.toHaveBeenCalled();
  phone.say('active');
  expect(hinted.mock.calls).toEqual([['focus']]);
  cancel();
  expect(phone.listeners.size).toBe(0);
});

test.each([
  ['ios', 'ios'],
  ['macos', 'macos'],
  ['windows', 'windows'],
  ['android', 'android'],
  ['harmony', 'android'],
])('React Native on %s is the platform %s', (system, platform) => {
  expect(reactNativeHost(device(system)).platform).toBe(platform);
});
