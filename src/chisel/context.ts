// What a chisel's hooks may use: arguments, output, and the state.
import type { Container } from '../model/container.js'
import type { Fd } from '../model/fd.js'
import type { Thread } from '../model/thread.js'
import type { CaptureInfo } from '../source/source.js'
import type { FieldsDef, Values } from './fields.js'

export type Color = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'gray' | 'bold'

/** Text in a colour, made by paint(), or on a background (one of 256), made by heat(). */
export interface Painted {
  readonly text: string
  readonly color: Color | { readonly background: number }
}

export interface ChiselContext<A, F extends FieldsDef> {
  readonly args: A
  /** the kernel is captured, no file is read */
  readonly live: boolean
  /** programs read the output (-j): use emit() */
  readonly json: boolean
  /** container columns are wanted (-pc) */
  readonly containers: boolean
  readonly info: CaptureInfo
  /** refresh() draws in place, on a terminal */
  readonly screen: boolean
  /** cells of the terminal's width; Infinity when there is none */
  readonly columns: number

  /** Prints a line. Control characters in it are shown, not obeyed; tabs stay. */
  print(...parts: readonly (string | Painted)[]): void
  /** Prints text of several lines: the same, but line ends and tabs stay, and the last line end is only there if given. */
  block(...parts: readonly (string | Painted)[]): void
  /** Prints a value, as one line of JSON. Texts need no escaping. */
  emit(value: unknown): void
  /** Text in a colour, where colours are wanted. */
  paint(color: Color, text: string): Painted
  /** A cell of a heat map, from 1 (cold) to HEAT_LEVELS: a colour, or a character where colours are not wanted; 0 is empty. */
  heat(level: number): Painted | string
  /** A batch time (ns since the capture's start) as local HH:MM:SS. */
  timeOfDay(time: number): string
  /** The same as YYYY-MM-DD HH:MM:SS with nanoseconds. */
  dateTime(time: number): string
  /** The same as ns since the epoch. */
  epoch(time: number): bigint
  /** Shows lines in place of the ones before where the screen is refreshed; elsewhere prints them. */
  refresh(lines: readonly string[]): void
  /** Tells the person something beside the output. */
  tell(sentence: string): void

  /** Visits the threads that pass `filter`, by number. With fields of descriptors in it: those with one that passes. */
  threads(filter: string | undefined, visit: (v: Values<F>, thread: Thread) => void): void
  /** Visits the descriptors that pass `filter`, by thread and number; threads that share a table each have them. */
  descriptors(filter: string | undefined, visit: (v: Values<F>, fd: Fd, thread: Thread) => void): void

  /** The containers that are known, by id. */
  knownContainers(): readonly Container[]

  /** Once what is read was read: writes its events that pass the filter to the file that the declaration's `saves` names. */
  save(filter: string): void

  /** This chisel has all it wanted; when all chisels have, the run ends. */
  stop(): void
}
