// proc.a*: properties of ancestors. With a level, of one of them (0 is the process itself); without, of all.
import type { Thread } from '../model/thread.js'
import { ancestor, eachAncestor, ifDescribed } from './ancestors.js'
import { args, cmdline, env, exe, exepath, variable } from './command.js'
import { type FieldType, field, type Getter } from './field.js'

const LEVEL = { need: 'optional', kind: 'index', doc: 'how many steps up: 0 itself, 1 the parent ...' } as const

/** Values of all ancestors in one array, which is reused between events. */
function all<T extends string | number>(get: (t: Thread) => T | undefined): Getter<readonly T[]> {
  const values: T[] = []
  const add = (t: Thread): boolean => {
    const v = get(t)
    if (v !== undefined) values.push(v)
    return true
  }
  return (e) => {
    if (e.thread === undefined) return undefined
    values.length = 0
    eachAncestor(e.thread, add)
    return values.length === 0 ? undefined : values
  }
}

const environment = ifDescribed((t) => env(t).join(' '))

const ancestorField = <T extends string | number>(type: FieldType, doc: string, get: (t: Thread) => T | undefined) =>
  field<T | readonly T[]>({
    type,
    doc: `${doc}, all of them; [n] picks the one n steps up.`,
    arg: LEVEL,
    multi: 'each',
    cost: 64,
    ofProcess: 'ancestors',
    make: (_, level) => {
      if (level === undefined) return all(get)
      const n = Number(level)
      return (e) => {
        const t = ancestor(e.thread, n)
        return t === undefined ? undefined : get(t)
      }
    },
  })

export const fields = {
  'proc.aname': ancestorField(
    'string',
    'Names of the ancestors',
    ifDescribed((t) => t.comm),
  ),
  'proc.apid': ancestorField('int64', 'Process numbers of the ancestors', (t) => t.pid),
  'proc.aexe': ancestorField('string', "The ancestors' programs as they were called", ifDescribed(exe)),
  'proc.aexepath': ancestorField('string', "Paths of the ancestors' program files", ifDescribed(exepath)),
  'proc.acmdline': ancestorField('string', 'Names and arguments of the ancestors', ifDescribed(cmdline)),
  'proc.aargs': ancestorField(
    'string',
    'Arguments of the ancestors',
    ifDescribed((t) => args(t).join(' ')),
  ),
  'proc.aenv': field<string | readonly string[]>({
    type: 'string',
    doc: 'Environments of the ancestors; [n] is the one n steps up, [NAME] the nearest value of a variable, empty when not set.',
    arg: { need: 'optional', kind: 'any', doc: 'how many steps up, or the name of a variable' },
    multi: 'each',
    cost: 64,
    ofProcess: 'ancestors',
    make: (_, arg) => {
      if (arg === undefined) return all(environment)
      if (/^\d+$/.test(arg)) {
        const n = Number(arg)
        return (e) => {
          const t = ancestor(e.thread, n)
          return t === undefined ? undefined : environment(t)
        }
      }
      return (e) => {
        if (e.thread === undefined) return undefined
        let found: string | undefined
        eachAncestor(e.thread, (t) => {
          found = variable(t, arg)
          return found === undefined
        })
        return found ?? ''
      }
    },
  }),
}
