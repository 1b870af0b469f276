/** The host of React Native: that of browsers, and what the system says of the app (C-32). */
import type { Hint, Platform } from '@holdfast/core';
import { type AppState, type Cancel, type Host, webHost } from './host.ts';

/** What the host takes of the module `react-native`. */
export interface ReactNative {
  readonly AppState: {
    /** `active`, `background`; `inactive` and others are passing states, in which iOS shows something over the app. */
    readonly currentState: string | null;
    addEventListener(event: 'change', listener: (state: string) => void): { remove(): void };
  };
  readonly Platform: { readonly OS: string };
}

/** @throws Error where `crypto.getRandomValues` is missing: its polyfill comes first */
export function reactNativeHost({ AppState: app, Platform: system }: ReactNative): Host {
  return {
    ...webHost(),
    platform: platformOf(system.OS),
    queuesDials: false,
    appState(listener) {
      const tell = (state: string | null) => isKnown(state) && listener(states[state]);
      tell(app.currentState);
      return listen(app, tell);
    },
    hints: (listener: (hint: Hint) => void) =>
      listen(app, (state) => state === 'active' && listener('focus')),
  };
}

const states = { active: 'foreground', background: 'background' } as const satisfies Record<string, AppState>;

function isKnown(state: string | null): state is keyof typeof states {
  return state !== null && Object.hasOwn(states, state);
}

function listen(app: ReactNative['AppState'], listener: (state: string) => unknown): Cancel {
  const subscription = app.addEventListener('change', listener);
  return () => subscription.remove();
}

function platformOf(system: string): Platform {
  if (system === 'ios' || system === 'macos' || system === 'windows') return system;
  return 'android';
}
