/**
 * Media of this page go through its tab's own network too, so that a cut is one. No SDK knows of that: as a router
 * does with ports, answers to offers are given the addresses that lead there.
 */
export function leadMediaThrough(
  ports: () => readonly { readonly of: number; readonly through: number }[],
): void {
  if (typeof RTCPeerConnection !== 'function') return;
  const set: (description: RTCSessionDescriptionInit) => Promise<void> =
    RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (description: RTCSessionDescriptionInit) {
    const sdp = (description.sdp ?? '').replaceAll(candidate, (line, start: string, port: string) => {
      const way = ports().find(({ of }) => `${of}` === port);
      return way === undefined ? line : `${start}${way.through}`;
    });
    return set.call(this, { type: description.type, sdp });
  };
}

/** RFC 8839: foundation, component, protocol, priority, address, port. */
const candidate = /^(a=candidate:\S+ \d+ udp \d+ \S+ )(\d+)/gim;
