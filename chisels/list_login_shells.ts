// Login shells in which commands are run.
import { containerOf, defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Lists the ids of the login shells that commands are run in.',
  details:
    'They are shown at the end (live, press Ctrl-C), each once. An id is that of the oldest shell above a command: ' +
    'ksys -c spy_users proc.loginshellid=ID shows its commands. With -pc, the container follows the id.',
  category: 'Security',
  args: {
    command: {
      type: 'string',
      doc: 'only shells with a command whose name contains this; * is any command',
      optional: true,
      default: '*',
    },
    arguments: { type: 'string', doc: 'only shells with a command whose arguments contain this', optional: true },
  },
  fields: ({ containers }) => (containers ? WITH_CONTAINER : FIELDS),
  filter: 'evt.type in (execve, execveat)',
  hooks(c) {
    const { command, arguments: wanted = '' } = c.args
    const part = command === '*' ? '' : command
    /** name of the container (empty without -pc), by id of the shell */
    const shells = new Map<number, string>()
    return {
      event(v) {
        const { shell, exe = '', args = '' } = v
        if (shell === undefined || shell <= 0 || !exe.includes(part) || !args.includes(wanted)) return
        const container = containerOf(v)
        shells.set(shell, container === undefined ? '' : container)
      },
      end() {
        const sorted = [...shells].sort(([a], [b]) => a - b)
        if (c.json) {
          for (const [shell, container] of sorted) c.emit({ shell, ...(c.containers ? { container } : {}) })
          return
        }
        c.print(part === '' ? 'All shells:' : `Shells containing ${part}:`)
        for (const [shell, container] of sorted) c.print(container === '' ? `${shell}` : `${shell} ${container}`)
      },
    }
  },
})

const FIELDS = {
  shell: 'proc.loginshellid',
  exe: 'evt.arg.exe',
  args: 'evt.arg.args',
} as const
const WITH_CONTAINER = { ...FIELDS, container: 'container.name' } as const
