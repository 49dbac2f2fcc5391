// Actions on containers, by what runs them.
import type { Action } from '../define.js'

const ID = '{container.id}'
const CHANGES = { changes: true } as const
const TELLS = { changes: true, quiet: true } as const

type More = Partial<Pick<Action, 'changes' | 'quiet'>>

/** An action of the program that speaks to the runtimes of these types (container.type). */
function of(
  program: string,
  types: readonly string[],
  words: readonly string[],
  title: string,
  doc: string,
  more: More = {},
): Action {
  return {
    id: `${program}-${title.replaceAll(' ', '-')}`,
    title,
    doc,
    argv: [program, ...words],
    only: { field: 'container.type', is: types },
    ...more,
  }
}

/** What docker has, and podman by the same words. */
function likeDocker(program: string): Action[] {
  const command = (words: readonly string[], title: string, doc: string, more?: More) =>
    of(program, [program], words, title, doc, more)
  return [
    command(['exec', '-i', '-t', ID, '/bin/sh'], 'shell', 'A shell inside of the container.', CHANGES),
    command(['logs', '--tail', '1000', ID], 'logs', 'The last 1000 lines that it wrote.'),
    command(['logs', '-f', '--tail', '100', ID], 'logs -f', 'What it writes, until Ctrl-C.'),
    command(['inspect', ID], 'inspect', 'All about it.'),
    command(['attach', '--sig-proxy=false', ID], 'attach', 'Its own terminal, until Ctrl-C.', CHANGES),
    command(['history', '{container.image}'], 'image history', 'How its image was made.'),
    command(['stop', ID], 'stop', 'Asks it to end, and ends it 10 s later.', TELLS),
    command(['kill', ID], 'kill', 'Ends it at once.', TELLS),
    command(['pause', ID], 'pause', 'Freezes all of its processes.', TELLS),
    command(['unpause', ID], 'unpause', 'Has them go on.', TELLS),
    command(['wait', ID], 'wait', 'Waits for its end, or Ctrl-C, and tells its exit code.'),
  ]
}

/** What crictl has, for runtimes that Kubernetes drives. */
function likeCrictl(): Action[] {
  const command = (words: readonly string[], title: string, doc: string, more?: More) =>
    of('crictl', ['containerd', 'cri-o', 'cri'], words, title, doc, more)
  return [
    command(['exec', '-i', '-t', ID, '/bin/sh'], 'shell', 'A shell inside of the container.', CHANGES),
    command(['logs', '--tail', '1000', ID], 'logs', 'The last 1000 lines that it wrote.'),
    command(['logs', '-f', '--tail', '100', ID], 'logs -f', 'What it writes, until Ctrl-C.'),
    command(['inspect', ID], 'inspect', 'All about it.'),
    command(['stop', ID], 'stop', 'Asks it to end; its pod may begin another one.', TELLS),
  ]
}

export const CONTAINER_ACTIONS: readonly Action[] = [...likeDocker('docker'), ...likeDocker('podman'), ...likeCrictl()]
