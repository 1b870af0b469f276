/**
 * The web dialect as one script: `<script src="https://server/sdk/web.js">` defines `AgoraRTC`, and `Holdfast`,
 * which is the same and stays ours where a page loads another script of the first name. Its servers are found
 * from where it was loaded, unless `configure` names others.
 */
import { makeAgoraRtc } from './agora.ts';
import { browserWorld, originOf } from './world.ts';

const script = globalThis.document?.currentScript;
const AgoraRTC = makeAgoraRtc(browserWorld(originOf(script instanceof HTMLScriptElement ? script.src : '')));

Object.assign(globalThis, { AgoraRTC, Holdfast: AgoraRTC });
