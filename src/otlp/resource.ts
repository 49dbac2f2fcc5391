// The reporting resource and scope of all OTLP requests, and times as OTLP has them.
import type { CaptureInfo } from '../source/source.js'

/** The part of a resource that the OpenTelemetry packages read. */
export interface OtlpResource {
  readonly attributes: Readonly<Record<string, string>>
}

const ARCH: Readonly<Record<CaptureInfo['arch'], string>> = { x64: 'amd64', arm64: 'arm64' }

/** The resource of a capture. */
export function resourceOf({ hostname, kernel, arch }: CaptureInfo, version: string): OtlpResource {
  return {
    attributes: {
      'service.name': 'ksys',
      'service.version': version,
      'host.name': hostname,
      'host.arch': ARCH[arch],
      'os.type': 'linux',
      'os.version': kernel,
    },
  }
}

export function scopeOf(version: string): { readonly name: string; readonly version: string } {
  return { name: 'ksys', version }
}

/** Seconds and nanoseconds since the epoch. */
export type EpochTime = [seconds: number, nanoseconds: number]

/** A batch time (ns) as time since the epoch. */
export function epochTime(
  { startSec, startNsec }: Pick<CaptureInfo, 'startSec' | 'startNsec'>,
  time: number,
): EpochTime {
  const ns = startNsec + (Number.isFinite(time) ? time : 0)
  const seconds = startSec + Math.floor(ns / 1e9)
  // a time before the epoch, or too large for 64 bits of ns, is invalid
  if (!(seconds >= 0 && seconds < 2 ** 34)) return [0, 0]
  return [seconds, Math.floor(ns - Math.floor(ns / 1e9) * 1e9)]
}

/** A time in ms since the epoch. */
export function epochOfMs(ms: number): EpochTime {
  return [Math.floor(ms / 1000), Math.floor((ms % 1000) * 1e6)]
}
