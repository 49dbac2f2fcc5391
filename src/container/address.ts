// Addresses of runtimes as people write them.
import type { Endpoint } from './http.js'

/** A path, unix:///path or tcp://host:port; undefined when it is of a kind that is not spoken (ssh). */
export function addressOf(text: string): Endpoint | undefined {
  const tcp = /^(?:tcp|http):\/\/(\[[^\]]+\]|[^:/]+):(\d{1,5})/.exec(text)
  if (tcp !== null) return { host: (tcp[1] as string).replace(/^\[|\]$/g, ''), port: Number(tcp[2]) }
  const { socketPath = '' } = pathOf(text) ?? {}
  return socketPath.startsWith('/') ? { socketPath } : undefined
}

/** A path or unix:///path; undefined for none. */
export function pathOf(text: string): Endpoint | undefined {
  const socketPath = text.replace(/^unix:\/\//, '')
  return socketPath === '' ? undefined : { socketPath }
}
