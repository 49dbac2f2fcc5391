// Bytes, times, users and command lines in the style of sysdig's chisels.
import { humanSpan } from '../fields/clock.js'

const UNITS = ['KB', 'M', 'G', 'T', 'P'] as const

/** Bytes with a unit of 1024: `832B`, `5.90KB`, `37.08M`. */
export function bytesText(bytes: number): string {
  if (bytes <= 1024) return `${bytes}B`
  let n = bytes / 1024
  let i = 0
  for (; n > 1024 && i < UNITS.length - 1; i++) n /= 1024
  return `${n.toFixed(2)}${UNITS[i]}`
}

/** A span of ns: `870ns`, `3.17us`, `37ms`, `1.05s`. */
export function spanText(ns: number): string {
  return humanSpan(Math.round(ns))
}

/** A user by name, or by number if the name is unknown (in containers); undefined if neither is known. */
export function userText(name: string | undefined, uid: number | undefined): string | undefined {
  return name ?? (uid === 0 ? 'root' : uid?.toString())
}

/** An end of a connection: `10.0.0.7:53`, `[::1]:53`; only the address if there is no port. */
export function endpointText(ip: string, port: number | undefined): string {
  if (port === undefined) return ip
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}

/** A command line or its arguments; dots mark one that was recorded in part (proc.is_args_truncated). */
export function commandText(text: string, truncated: boolean | undefined): string {
  return truncated === true ? `${text}...` : text
}
