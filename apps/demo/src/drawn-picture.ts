/** A picture that moves, for machines without a camera: a face, a clock, and a hand that goes round. */
const width = 320;
const height = 240;
const framesPerSecond = 15;

export interface DrawnPicture {
  readonly track: MediaStreamTrack;
  stop(): void;
}

export function drawPicture(name: string): DrawnPicture {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const pen = canvas.getContext('2d');
  const [track] = canvas.captureStream(framesPerSecond).getVideoTracks();
  if (pen === null || track === undefined) throw new Error('this browser draws no pictures');
  const hue = (Number.parseInt(name, 10) * 47) % 360 || 170;
  const draw = () => drawFrame(pen, name, hue, performance.now());
  draw();
  const timer = setInterval(draw, 1_000 / framesPerSecond);
  return { track, stop: () => clearInterval(timer) };
}

function drawFrame(pen: CanvasRenderingContext2D, name: string, hue: number, now: number): void {
  pen.fillStyle = `hsl(${hue} 45% 32%)`;
  pen.fillRect(0, 0, width, height);
  const angle = (now / 1_000) * Math.PI;
  pen.strokeStyle = `hsl(${hue} 60% 72%)`;
  pen.lineWidth = 10;
  pen.beginPath();
  pen.arc(width / 2, height / 2, 78, angle, angle + 1.2);
  pen.stroke();
  pen.fillStyle = 'white';
  pen.textAlign = 'center';
  pen.font = '600 52px system-ui, sans-serif';
  pen.fillText(name.slice(0, 5), width / 2, height / 2 + 8);
  pen.font = '20px ui-monospace, monospace';
  pen.fillText(new Date().toTimeString().slice(0, 8), width / 2, height / 2 + 42);
}
