// Commands that users run in shells.
import { commandText, defineChisel, NO_COLOR, type Thread, userText } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows the commands that users run in shells, and the directories they change to.',
  details:
    'Each line starts with the process id of the oldest shell above the command, the time and the user. Commands of shells ' +
    'and scripts that started during the capture are indented below them.',
  category: 'Security',
  args: {
    max_depth: { type: 'int', doc: 'maximum depth of nested shells to show', optional: true, default: 20 },
    disable_color: NO_COLOR,
  },
  fields: {
    type: 'evt.type',
    time: 'evt.time.s',
    rawtime: 'evt.rawtime',
    user: 'user.name',
    uid: 'user.uid',
    pid: 'proc.pid',
    shell: 'proc.loginshellid',
    line: 'proc.exeline',
    truncated: 'proc.is_args_truncated',
    dir: 'evt.arg.path',
    cwd: 'proc.cwd',
  },
  filter:
    'evt.failed=false and (evt.type in (execve, execveat) or ' +
    '(evt.type in (chdir, fchdir) and proc.name endswith sh and proc.name != sshd))',
  hooks(c) {
    /** process ids of shells that started during the capture */
    const started = new Set<number>()
    /** number of shells that started during the capture from this process upward, without its oldest shell */
    const depthOf = (from: Thread | undefined, oldest: number) => {
      let depth = 0
      for (let at = from; at !== undefined && depth <= c.args.max_depth; at = at.parent)
        if (at.pid !== oldest && started.has(at.pid)) depth++
      return depth
    }
    /** A process has run a program: from now on it is a shell or not. */
    const exec = (pid: number, program: string) => {
      if (isShell(program)) remember(started, pid)
      else started.delete(pid)
    }
    const print = (who: string, command: string) =>
      c.print(c.args.disable_color === undefined ? c.paint('green', who) : who, ` ${command}`)
    return {
      event(v, e) {
        const t = e.thread
        const { shell, pid } = v
        if (t === undefined || shell === undefined || pid === undefined) return
        const runs = isExec(v.type)
        const depth = depthOf(runs ? t.leader.parent : t.leader, shell)
        if (runs) exec(pid, t.comm)
        if ((runs && shell === pid) || depth > c.args.max_depth) return
        const user = userText(v.user, v.uid) ?? ''
        const truncated = (runs && v.truncated) || undefined
        const command = commandOf(v, runs)
        if (c.json) c.emit({ time: v.rawtime, shell, user, depth, pid, command, truncated })
        else print(`${' '.repeat(INDENT * depth)}${shell} ${v.time} ${user})`, commandText(command, truncated))
      },
    }
  },
})

const INDENT = 3

/** The command, or the directory of a chdir. */
function commandOf(
  v: { readonly line?: string; readonly dir?: unknown; readonly cwd?: string },
  runs: boolean,
): string {
  return runs ? (v.line ?? '') : `cd ${v.dir ?? v.cwd ?? ''}`
}

/** Maximum number of shells to remember; process ids repeat long before this many are alive. */
const MAX_SHELLS = 65536

function isExec(type: string | undefined): boolean {
  return type === 'execve' || type === 'execveat'
}

function isShell(name: string): boolean {
  return name.endsWith('sh') && name !== 'sshd'
}

function remember(shells: Set<number>, pid: number): void {
  if (shells.size >= MAX_SHELLS) shells.clear()
  shells.add(pid)
}
