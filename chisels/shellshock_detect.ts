// Attempts to make bash run commands from an environment variable (CVE-2014-6271 and related).
import { defineChisel, type Event, eventLines } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows attempts to make bash run commands from an environment variable (shellshock).',
  details:
    'If the value of a variable is a function followed by commands, an old bash runs these commands (CVE-2014-6271 and ' +
    'related). PROCNAME and PID are those of the process that started the shell. Functions that bash itself exports are not ' +
    'shown. Only the first 16 KB of an environment are recorded and checked.',
  category: 'Security',
  fields: { time: 'evt.rawtime', at: 'evt.time', parent: 'proc.pname', ppid: 'proc.ppid', pid: 'proc.pid' },
  filter: 'evt.type in (execve, execveat) and evt.failed=false and proc.name in (bash, sh, rbash)',
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    return {
      start: () => out.titles(),
      event(v, e) {
        const attack = attackIn(environment(e))
        if (attack === undefined) return
        const { time, at = '', parent, ppid, pid } = v
        if (c.json) c.emit({ time, parent, ppid, pid, variable: attack.name, function: attack.value })
        else out.row([at, parent ?? '<NA>', `${ppid ?? '<NA>'}`, attack.value])
      },
    }
  },
})

const COLUMNS = [
  ['TIME', 22],
  ['PROCNAME', 22],
  ['PID', 8],
  ['FUNCTION', 0],
] as const

function environment(e: Event): readonly string[] {
  const at = e.paramIndex('env')
  return (at < 0 ? undefined : e.list(at)) ?? []
}

/** The first variable from which an old bash would run commands. */
function attackIn(variables: readonly string[]): { name: string; value: string } | undefined {
  for (const variable of variables) {
    const equals = variable.indexOf('=')
    const name = variable.slice(0, equals)
    const value = variable.slice(equals + 1)
    if (equals > 0 && isAttack(name, value)) return { name, value }
  }
  return undefined
}

/** A function that does not end or is followed by commands. bash names the functions that it exports BASH_FUNC_... */
function isAttack(name: string, value: string): boolean {
  if (!/^\(\)\s*\{/.test(value)) return false
  if (!value.trimEnd().endsWith('}')) return true
  return !name.startsWith('BASH_FUNC_') && /^\(\)\s*\{.+\}.*\S/s.test(value)
}
