/** Which apps are served, and with which certificates their tokens are signed (C-42). */

/** `certificate`, or `app=certificate` where several apps are served. */
export const certificatePattern = /^(?:.{1,64}=)?[0-9a-fA-F]{32}$/;

interface AppSettings {
  readonly appId: readonly string[];
  readonly appCertificate: readonly string[];
}

/** The certificates of each app; null: tokens are not looked at. */
export function certificatesOf({ appId, appCertificate }: AppSettings): ReadonlyMap<string, string[]> | null {
  if (appCertificate.length === 0) return null;
  const apps = new Map<string, string[]>();
  for (const text of appCertificate) {
    const { app = appId[0] ?? '', certificate } = parse(text);
    apps.set(app, [...(apps.get(app) ?? []), certificate]);
  }
  return apps;
}

/** What is wrong with the certificates, in words; null: nothing. */
export function certificateFault(settings: AppSettings): string | null {
  const { appId, appCertificate } = settings;
  const apps = certificatesOf(settings);
  if (apps === null) return null;
  if (appId.length !== 1 && appCertificate.some((text) => parse(text).app === undefined))
    return 'must name the app of each certificate, as in my-app=0123…, where not exactly one appId is served';
  const missing = appId.find((app) => !apps.has(app));
  if (missing !== undefined) return `has none for the app ${missing}: every app needs one, or none has any`;
  const unknown = [...apps.keys()].find((app) => appId.length > 0 && !appId.includes(app));
  if (unknown !== undefined) return `names the app ${unknown}, which is not in appId`;
  const many = [...apps].find(([, certificates]) => certificates.length > 2);
  if (many !== undefined)
    return `has ${many[1].length} for the app ${many[0]}: two at most, while one replaces the other`;
  return null;
}

function parse(text: string): { app?: string; certificate: string } {
  const at = text.lastIndexOf('=');
  const certificate = text.slice(at + 1);
  return at === -1 ? { certificate } : { app: text.slice(0, at), certificate };
}
