/** The little of `react-native` that is used. It is the app's own: the SDK does not depend on it. */
declare module 'react-native' {
  export const AppState: import('./host.react-native.ts').ReactNative['AppState'];
  export const Platform: import('./host.react-native.ts').ReactNative['Platform'];
}
