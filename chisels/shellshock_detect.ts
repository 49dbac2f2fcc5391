// Attempts to have bash run commands by way of a variable (CVE-2014-6271 and its kin).
import { defineChisel, type Event, eventLines } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows attempts to have bash run commands by way of an environment variable (shellshock).',
  details:
    'A variable whose value is a function with something behind it makes an old bash run it (CVE-2014-6271 and those that ' +
    'followed). PROCNAME and PID are those of the process that started the shell. Functions that bash itself exports are not ' +
    'shown. Of a long environment the beginning is recorded, 16 KB: a variable behind it is not seen.',
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

/** The first variable that an old bash would run something of. */
function attackIn(variables: readonly string[]): { name: string; value: string } | undefined {
  for (const variable of variables) {
    const equals = variable.indexOf('=')
    const name = variable.slice(0, equals)
    const value = variable.slice(equals + 1)
    if (equals > 0 && isAttack(name, value)) return { name, value }
  }
  return undefined
}

/** A function that does not end, or that something stands behind; bash names those that it exports BASH_FUNC_... */
function isAttack(name: string, value: string): boolean {
  if (!/^\(\)\s*\{/.test(value)) return false
  if (!value.trimEnd().endsWith('}')) return true
  return !name.startsWith('BASH_FUNC_') && /^\(\)\s*\{.+\}.*\S/s.test(value)
}
