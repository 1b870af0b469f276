import { expect, test, vi } from 'vitest';

const phone = vi.hoisted(() => {
  const listeners = new Set<(state: string) => void>();
  const addEventListener = (_: string, listener: (state: string) => void) => {
    listeners.add(listener);
    return { remove: () => listeners.delete(listener) };
  };
  return {
    listeners,
    module: { AppState: { currentState: 'active', addEventListener }, Platform: { OS: 'ios' } },
  };
});
vi.mock('react-native', () => phone.module);

test('C-32 on React Native engines listen to the app by themselves, and stop with their release', async () => {
  const { createRtcEngine } = await import('./index.react-native.ts');
  const { RtcEngineKit } = await import('../apple/index.react-native.ts');
  const servers = ['ws://127.0.0.1:9'];
  const native = createRtcEngine();
  expect(native.initialize({ appId: 'demo', servers })).toBe(0);
  expect(phone.listeners.size).toBe(1);
  const apple = RtcEngineKit.sharedEngine({ appId: 'demo', servers });
  expect(phone.listeners.size).toBe(2);
  native.release();
  apple.destroy();
  expect(phone.listeners.size).toBe(0);
});
