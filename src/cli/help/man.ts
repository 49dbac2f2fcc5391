// --man: the option table as a manual page in troff.
import { EXIT_MEANINGS } from '../errors/exit.js'
import { EXAMPLES, GROUPS, OPTIONS, USAGE } from '../options/table.js'

/** The whole page. `version` stands in its footer. */
export function manPage(version: string): string {
  const out = [
    `.TH KSYS 1 "" "ksys ${version}" "User Commands"`,
    '.SH NAME',
    'ksys \\- capture and analyse system calls',
    '.SH SYNOPSIS',
  ]
  for (const [line] of USAGE) out.push(`.B ${esc(line)}`, '.br')
  out.push(
    '.SH DESCRIPTION',
    'ksys captures system calls of a Linux machine with eBPF, one record for each call with its arguments, result and',
    'latency, and prints them, keeps them in trace files or reads them back. All words that are no options make the filter.',
    'Data go to standard output, everything else to standard error.',
    '.SH OPTIONS',
  )
  for (const group of GROUPS) {
    out.push(`.SS ${esc(group)}`)
    for (const o of OPTIONS.filter((x) => x.group === group)) {
      const names = [...(o.short ? [`-${o.short}`] : []), `--${o.long}`].map((n) => `\\fB${esc(n)}\\fR`).join(', ')
      out.push('.TP', names + (o.value ? ` \\fI${esc(o.value)}\\fR` : ''), esc(o.doc))
    }
  }
  out.push('.SH EXAMPLES')
  for (const [line, meaning] of EXAMPLES) out.push('.TP', `\\fB${esc(line)}\\fR`, esc(meaning))
  out.push('.SH EXIT STATUS')
  for (const [code, meaning] of EXIT_MEANINGS) out.push('.TP', `\\fB${code}\\fR`, esc(meaning))
  out.push('.SH ENVIRONMENT', '.TP', '\\fBNO_COLOR\\fR', 'when set and not empty, no colours', '.TP', '\\fBTZ\\fR')
  out.push('time zone of the times that are printed')
  return `${out.join('\n')}\n`
}

function esc(text: string): string {
  return text.replace(/\\/g, '\\e').replace(/-/g, '\\-').replace(/^[.']/gm, '\\&$&')
}
