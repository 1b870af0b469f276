/** Of this package; servers log it with each join. */
export const sdkVersion = '0.0.0';
