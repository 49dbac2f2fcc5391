// The present in a live capture's time.
import type { CaptureInfo } from './source.js'

/** ns since the capture's start. The wall clock was looked at when this thread began: who sets it later changes nothing. */
export function captureNow(info: Pick<CaptureInfo, 'startSec' | 'startNsec'>): number {
  return ((performance.timeOrigin + performance.now()) / 1e3 - info.startSec) * 1e9 - info.startNsec
}
