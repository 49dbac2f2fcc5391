// --help of ksys and of its subcommands: usage, options and notes as text.
import { wrap } from '../../format/text/wrap.js'
import { EXIT, EXIT_MEANINGS } from '../errors/exit.js'
import type { Subcommand } from '../options/subcommand.js'
import { SUBCOMMANDS } from '../options/subcommands.js'
import { EXAMPLES, OPTIONS, type OptionDef, USAGE } from '../options/table.js'
import type { Output } from '../output/stdout.js'
import { groupsOf, MAIN_GROUPS, type OptionGroup } from './groups.js'

/** Usage lines of the short help. */
const SHORT_USAGE = [
  ['ksys [OPTIONS] [FILTER]', 'capture this machine; needs root'],
  ['ksys [OPTIONS] [FILTER] -- CMD', 'run a command and trace it'],
  ['ksys [OPTIONS] -r FILE [FILTER]', 'read a capture file'],
] as const
/** Longer examples would leave no space for their meanings. */
const SHORT_EXAMPLES = EXAMPLES.filter(([line]) => line.length <= 30)

/** The short help: the options and commands that most runs use, on one screen of `width` columns. */
export function shortHelp(width: number, topics: readonly string[]): string {
  const options = OPTIONS.flatMap((o) => (o.summary === undefined ? [] : [[label(o), o.summary] as const]))
  const commands = SUBCOMMANDS.map((c) => [c.word, c.summary] as const)
  const lines = [
    'ksys captures and analyses Linux system calls, live or from a file.',
    '',
    ...columns(SHORT_USAGE, width),
    '',
    'Options:',
    ...columns(options, width),
    '',
    'Commands:',
    ...columns(commands, width),
    '',
    'Examples:',
    ...columns(SHORT_EXAMPLES, width),
    '',
    'More: ksys --help all, ksys COMMAND --help, ksys help TOPIC. Topics:',
    ...wrap(topics.join(', '), width - 2).map((line) => `  ${line}`),
  ]
  return `${lines.join('\n')}\n`
}

/** The whole help, wrapped to `width` columns, with a line end after the last line. */
export function fullHelp(width: number, topics: readonly string[]): string {
  const lines = [
    'ksys captures and analyses Linux system calls, live or from a file.',
    '',
    ...usageLines(USAGE, width),
    '',
    'Commands:',
    ...usageLines(
      SUBCOMMANDS.flatMap((c) => c.usage),
      width,
    ),
    ...MAIN_GROUPS.flatMap((group) => groupLines(group, labelWidth(group.options), width)),
    '',
    ...wrap('All other arguments form the filter. Quote characters that your shell interprets: < > ( ) ! *', width),
    '',
    'Examples:',
    ...EXAMPLES.flatMap(([line, meaning]) => [`  ${line}`, `      ${meaning}`]),
    '',
    'Exit codes:',
    ...exitLines(EXIT_MEANINGS, width),
    '',
    'See also: ksys COMMAND --help, ksys help TOPIC. Topics:',
    ...wrap(topics.join(', '), width - 2).map((line) => `  ${line}`),
  ]
  return `${lines.join('\n')}\n`
}

/** Prints the help of a subcommand, with `more` lines after the notes; returns the exit code. */
export async function printHelp(c: Subcommand, out: Output, more: readonly string[] = []): Promise<number> {
  await out.text(commandHelp(c, Math.min(process.stdout.columns ?? 100, 120), more))
  return EXIT.ok
}

/** The help of a subcommand, wrapped to `width` columns. */
export function commandHelp(c: Subcommand, width: number, more: readonly string[] = []): string {
  const left = labelWidth(c.options)
  const lines = [
    ...usageLines(c.usage, width),
    ...groupsOf(c).flatMap((group) => groupLines(group, left, width)),
    ...(c.notes ?? []).flatMap((note) => ['', ...wrap(note, width)]),
    ...more,
    '',
    'Exit codes:',
    ...exitLines(
      EXIT_MEANINGS.filter(([code]) => c.exit.includes(code)),
      width,
    ),
    '',
    seeAlso(c),
  ]
  return `${lines.join('\n')}\n`
}

/** The last line of the help of a subcommand. */
export function seeAlso({ topic }: Subcommand): string {
  return `See also: ksys help ${topic}`
}

/** Usage lines, each above its meaning. */
function usageLines(entries: Subcommand['usage'], width: number): string[] {
  return entries.flatMap(([line, meaning]) => [`  ${line}`, ...wrap(meaning, width - 6).map((text) => `      ${text}`)])
}

/** A heading, and below it options and their meanings in two columns. */
function groupLines({ heading, options }: OptionGroup, left: number, width: number): string[] {
  return ['', `${heading}:`, ...options.flatMap((o) => twoColumns(label(o), o.doc, left, width))]
}

function labelWidth(options: readonly OptionDef[]): number {
  return Math.max(...options.map((o) => label(o).length))
}

/** Terms and their meanings in two columns. */
function columns(entries: Subcommand['usage'], width: number): string[] {
  const left = Math.max(...entries.map(([term]) => term.length))
  return entries.flatMap(([term, meaning]) => twoColumns(term, meaning, left, width))
}

/** Exit codes and their meanings. */
function exitLines(codes: typeof EXIT_MEANINGS, width: number): string[] {
  return codes.flatMap(([code, meaning]) => twoColumns(String(code), meaning, 7, width))
}

/** `-r, --read FILE` */
function label(o: OptionDef): string {
  return `${o.short ? `-${o.short}, ` : '    '}--${o.long}${o.value ? ` ${o.value}` : ''}`
}

function twoColumns(left: string, right: string, leftWidth: number, width: number): string[] {
  const indent = leftWidth + 4
  const lines = wrap(right, Math.max(20, width - indent))
  return lines.map((line, i) => (i === 0 ? `  ${left.padEnd(leftWidth)}  ${line}` : ' '.repeat(indent) + line))
}
