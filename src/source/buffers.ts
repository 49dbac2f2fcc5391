// How much memory the kernel's buffers get where --buffer does not say it.
import { cpus, totalmem } from 'node:os'
import { OwnMemory } from './own-memory.js'

const MB = 1 << 20
/** What each processor gets, and all together at least. */
const FOR_EACH = 8 * MB
const FOR_ALL = 128 * MB
/** The part of the machine's memory that they take at most. */
const PART = 16
/** The least where memory is limited. */
const LEAST = 8 * MB
/** Bytes that ksys itself may need: its own, the BPF programs', and what loading them takes. */
const OWN_NEED = 192 * MB

/** Default of the total bytes of all buffers: 8 MB for each processor, at least 128 MB, at most a sixteenth of the memory. */
export function usualBuffer(processors = cpus().length, memory = totalmem()): number {
  return Math.max(LEAST, Math.min(Math.max(FOR_ALL, FOR_EACH * processors), Math.floor(memory / PART)))
}

/** Part of the default that the capture of the terminal UI gets: it records no data, and shows what happens now. */
const UI_PART = 3

/** Default of the total bytes of all buffers of a capture without data that the terminal UI shows. */
export function uiBuffer(usual = usualBuffer()): number {
  return Math.max(LEAST, Math.floor(usual / UI_PART))
}

/** The default, or half of what the limit of ksys's own cgroup leaves, if that is less. */
export function fittingBuffer(
  memory: { readonly limit: number } | undefined = OwnMemory.find(),
  usual = usualBuffer(),
): number {
  if (memory === undefined) return usual
  return Math.max(LEAST, Math.min(usual, (memory.limit - OWN_NEED) / 2))
}
