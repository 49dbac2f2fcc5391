// What a chisel's hooks may use: arguments, output and state.
import type { Container } from '../model/container.js'
import type { Fd } from '../model/fd.js'
import type { Thread } from '../model/thread.js'
import type { CaptureInfo } from '../source/source.js'
import type { FieldsDef, Values } from './values.js'

export type Color = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'gray' | 'bold'

/** Text in a colour (from paint()), or on one of 256 background colours (from heat()). */
export interface Painted {
  readonly text: string
  readonly color: Color | { readonly background: number }
}

export interface ChiselContext<A, F extends FieldsDef> {
  readonly args: A
  /** a live capture, not a file */
  readonly live: boolean
  /** output for programs (-j): use emit() */
  readonly json: boolean
  /** show container columns (-pc) */
  readonly containers: boolean
  readonly info: CaptureInfo
  /** the output is a terminal and refresh() redraws in place */
  readonly screen: boolean
  /** width of the terminal in cells; Infinity if there is none */
  readonly columns: number

  /** Prints a line. Control characters are escaped, except tabs. */
  print(...parts: readonly (string | Painted)[]): void
  /** Prints text of several lines as print() does, but retains line ends and does not add one at the end. */
  block(...parts: readonly (string | Painted)[]): void
  /** Prints a value as one line of JSON. Texts need no escaping. */
  emit(value: unknown): void
  /** Text in a colour, if colours are enabled. */
  paint(color: Color, text: string): Painted
  /** A cell of a heat map, from 1 (cold) to HEAT_LEVELS: a colour, or a character if colours are disabled; 0 is empty. */
  heat(level: number): Painted | string
  /** A batch time (ns since the capture's start) as local HH:MM:SS. */
  timeOfDay(time: number): string
  /** The same as YYYY-MM-DD HH:MM:SS with nanoseconds. */
  dateTime(time: number): string
  /** The same as ns since the epoch. */
  epoch(time: number): bigint
  /** Replaces the lines shown before if `screen`; otherwise prints the lines. */
  refresh(lines: readonly string[]): void
  /** Prints a sentence for the user, separate from the output. */
  tell(sentence: string): void

  /** Visits the threads that pass `filter`, by thread id. If it uses fields of descriptors: the threads with one that passes. */
  threads(filter: string | undefined, visit: (v: Values<F>, thread: Thread) => void): void
  /** Visits the descriptors that pass `filter`, by thread and number. Threads that share a table are each visited with them. */
  descriptors(filter: string | undefined, visit: (v: Values<F>, fd: Fd, thread: Thread) => void): void

  /** All known containers, sorted by id. */
  knownContainers(): readonly Container[]

  /** After the input was read, writes its events that pass the filter to the file that `saves` of the declaration names. */
  save(filter: string): void

  /** Ends this chisel. When all chisels have ended, the run ends. */
  stop(): void
}
