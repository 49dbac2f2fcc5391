// --man: the option table as a manual page in troff.
import { EXIT_MEANINGS } from '../errors/exit.js'
import { SUBCOMMANDS } from '../options/subcommands.js'
import { EXAMPLES, type OptionDef, USAGE } from '../options/table.js'
import { groupsOf, MAIN_GROUPS } from './groups.js'
import { seeAlso } from './help.js'

/** The whole page. `version` is shown in its footer, `topics` are those of `ksys help`. */
export function manPage(version: string, topics: readonly string[]): string {
  const out = [
    `.TH KSYS 1 "" "ksys ${version}" "User Commands"`,
    '.SH NAME',
    'ksys \\- capture and analyse system calls',
    '.SH SYNOPSIS',
  ]
  for (const [line] of [...USAGE, ...SUBCOMMANDS.flatMap((c) => c.usage)]) out.push(`.B ${esc(line)}`, '.br')
  out.push(
    '.SH DESCRIPTION',
    'ksys captures the system calls of a Linux machine with eBPF, as one event for each call with its arguments, result and',
    'latency. It prints events, writes them to trace files and reads such files. All arguments that are not options form the',
    'filter. Data goes to standard output, everything else to standard error.',
    '.SH OPTIONS',
  )
  for (const { heading, options } of MAIN_GROUPS) out.push(`.SS ${esc(heading)}`, ...optionEntries(options))
  out.push('.SH COMMANDS')
  for (const c of SUBCOMMANDS) {
    for (const [line, meaning] of c.usage) out.push(`.SS ${esc(line)}`, esc(sentence(meaning)))
    out.push(...(c.notes ?? []).flatMap((note) => ['.PP', esc(note)]))
    for (const { heading, options } of groupsOf(c)) out.push('.PP', `${esc(heading)}:`, ...optionEntries(options))
    out.push('.PP', esc(`Exit codes: ${c.exit.join(', ')}.`), '.PP', esc(`${seeAlso(c)}.`))
  }
  out.push('.SH EXAMPLES')
  for (const [line, meaning] of EXAMPLES) out.push('.TP', `\\fB${esc(line)}\\fR`, esc(meaning))
  out.push('.SH EXIT STATUS')
  for (const [code, meaning] of EXIT_MEANINGS) out.push('.TP', `\\fB${code}\\fR`, esc(meaning))
  out.push('.SH ENVIRONMENT', '.TP', '\\fBNO_COLOR\\fR', 'when set and not empty, no colours', '.TP', '\\fBTZ\\fR')
  out.push('time zone of printed times', '.SH SEE ALSO')
  for (const topic of topics) out.push(`.B ${esc(`ksys help ${topic}`)}`, '.br')
  return `${out.join('\n')}\n`
}

function optionEntries(options: readonly OptionDef[]): string[] {
  return options.flatMap((o) => {
    const names = [...(o.short ? [`-${o.short}`] : []), `--${o.long}`].map((n) => `\\fB${esc(n)}\\fR`).join(', ')
    return ['.TP', names + (o.value ? ` \\fI${esc(o.value)}\\fR` : ''), esc(o.doc)]
  })
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function esc(text: string): string {
  return text.replace(/\\/g, '\\e').replace(/-/g, '\\-').replace(/^[.']/gm, '\\&$&')
}
