// What the definitions of several subcommands have in common: exit codes, reasons for refusals.
import { type Refusals, refusing } from './refusals.js'
import { shared } from './subcommand.js'

/** Exit codes of the subcommands that read files. */
export const READ = [0, 1, 2, 4, 5, 6]
export const READING = [...READ, '128 + N']
export const READING_LIVE = [0, 1, 2, 3, 4, 5, 6]

export const ONLY_HELP = shared('help')

/** Refusals of the subcommands that only read files. */
export const READS_FILES: Refusals = {
  ...refusing('ceilings', 'it captures nothing'),
  ...refusing('live', 'it captures nothing: what a file contains was decided when it was written'),
}
export const CUT_FIRST = 'ksys cut FILE --since WHEN --until WHEN -w PART writes a time range to a file of its own'
export const NO_RULES = 'ksys rules -f RULES -r FILE shows which rules fire for a capture'
